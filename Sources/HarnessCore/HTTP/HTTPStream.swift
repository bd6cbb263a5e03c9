import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import WireFormats

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
      let response = try await fetcher.open(FetchRequest(target))
      let status = Int(response.status.code)
      guard (200..<300).contains(status) else { return .refused(status) }
      let isMeasured = response.headers.contains(name: "content-length") || response.headers.contains(name: "transfer-encoding")
      return try await pass(response, handOff) && !isMeasured ? .open : .whole
    } catch {
      return .failed(error)
    }
  }

  /// Whether the body was passed on to its end.
  private func pass(_ response: HTTPClientResponse, _ handOff: ByteHandOff) async throws(FetchFailure) -> Bool {
    do {
      for try await chunk in response.body {
        guard await handOff.give(Array(chunk.readableBytesView)) else { return false }
      }
      return true
    } catch {
      throw FetchFailure(error, target: target)
    }
  }
}
