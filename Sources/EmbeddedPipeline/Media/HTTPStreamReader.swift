import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// Reads MPEG-TS from the answer to a GET, as long as it lasts.
struct HTTPStreamReader: Sendable {
  let host: String
  let port: Int
  let target: String
  /// Real time that connecting and the answer's head may take.
  let timeout: Duration

  /// Reads until the stream ends. `deliver` gets the bytes in order; the sender waits while it works.
  /// - Throws: a `MediaLinkError` when there is no stream (before the first bytes).
  func read(deliver: @escaping @Sendable ([UInt8]) async -> Void) async throws -> MediaEnd {
    let channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    do {
      channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connectTimeout(TimeAmount(timeout))
        .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16384, maximum: 1 << 18))
        .connect(host: host, port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
          }
        }
    } catch { throw MediaLinkError(error) }
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: target,
      headers: ["Host": "\(host.contains(":") ? "[\(host)]" : host):\(port)", "User-Agent": "dubwatch", "Accept": "*/*"])
    let deadline = TimeAmount(timeout)
    let underlying = channel.channel
    // Who accepts a connection and says nothing is not waited for without end.
    let timer = underlying.eventLoop.scheduleTask(in: deadline) { underlying.close(promise: nil) }
    defer { timer.cancel() }
    var hasBegun = false
    do {
      return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(.head(head))
        try await outbound.write(.end(nil))
        for try await part in inbound {
          switch part {
          case .head(let answer):
            timer.cancel()
            guard answer.status.code == 200 else {
              throw MediaLinkError("the server answered \(answer.status.code) \(LogText.oneLine(answer.status.reasonPhrase))")
            }
          case .body(let bytes):
            hasBegun = true
            await deliver(Array(bytes.readableBytesView))
          case .end:
            guard hasBegun else { throw MediaLinkError("the server sent an empty stream") }
            return .finished
          }
        }
        guard hasBegun else { throw MediaLinkError("the server closed the connection") }
        return .lost(Task.isCancelled ? "stopped" : "the server closed the connection")
      }
    } catch {
      guard hasBegun else { throw MediaLinkError(error) }
      return .lost(MediaLinkError(error).description)
    }
  }
}
