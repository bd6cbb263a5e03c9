/// A GET whose answer goes on and on.
struct HTTPStream: Sendable {
  /// How it ended.
  enum End: Sendable {
    /// All that was promised came.
    case whole
    /// The connection was closed, and nothing had said where the end would be.
    case open
    /// An answer that is no stream, by its status.
    case refused(Int)
    case failed(FetchFailure)
  }

  let fetcher: HTTPFetcher
  let target: TargetURL

  /// Hands everything over that comes, until the end, until nobody takes it, or the task is cancelled.
  func feed(_ handOff: ByteHandOff) async -> End {
    do throws(FetchFailure) {
      let exchange = try await fetcher.open(FetchRequest(target))
      let head = exchange.head
      guard (200..<300).contains(head.status) else { return .refused(head.status) }
      while let bytes = try await exchange.next() {
        guard await handOff.give(bytes) else { return .whole }
      }
      let isMeasured = head.first("content-length") != nil || head.first("transfer-encoding") != nil
      return isMeasured ? .whole : .open
    } catch {
      return .failed(error)
    }
  }
}
