/// An answer whose head has come and whose body is still to be read. Whoever lets go of it ends it.
final class HTTPExchange: Sendable {
  /// The head of the answer.
  let head: HTTPHead
  private let transfer: CurlTransfer

  /// An exchange whose request has been started; returns with the head.
  init(_ transfer: CurlTransfer) async throws(FetchFailure) {
    self.transfer = transfer
    do throws(FetchFailure) { head = try await transfer.head() } catch {
      transfer.cancel()
      throw error
    }
  }

  deinit { transfer.cancel() }

  /// The next piece of the body as it came, not taken out of its compression; nil at its end.
  func next() async throws(FetchFailure) -> [UInt8]? { try await transfer.next() }
}
