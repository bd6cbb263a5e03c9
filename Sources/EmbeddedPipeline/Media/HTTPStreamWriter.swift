import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// Publishes MPEG-TS in the body of a POST, in chunks, as long as it lasts.
struct HTTPStreamWriter: Sendable {
  let host: String
  let port: Int
  let target: String
  /// Real time that connecting may take.
  let timeout: Duration

  /// Connects, then sends what `chunks` gives until it ends or the connection does. `opened` is called once the connection stands.
  /// - Throws: a `MediaLinkError` when the connection cannot be had or is lost.
  func write(_ chunks: AsyncStream<[UInt8]>, opened: @escaping @Sendable () async -> Void) async throws {
    do {
      let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connectTimeout(TimeAmount(timeout))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: host, port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
          }
        }
      let head = HTTPRequestHead(
        version: .http1_1, method: .POST, uri: target,
        headers: [
          "Host": "\(host.contains(":") ? "[\(host)]" : host):\(port)", "User-Agent": "dubwatch", "Content-Type": "video/mp2t",
          "Transfer-Encoding": "chunked",
        ])
      try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(.head(head))
        await opened()
        try await withThrowingTaskGroup(of: Bool.self) { group in
          group.addTask {
            for await chunk in chunks { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: chunk)))) }
            try Task.checkCancellation()
            try await outbound.write(.end(nil))
            return true
          }
          group.addTask {
            // A server that answers before the end does not want more.
            for try await part in inbound {
              if case .head(let answer) = part, answer.status.code >= 300 {
                throw MediaLinkError("the server answered \(answer.status.code) \(LogText.oneLine(answer.status.reasonPhrase))")
              }
              if case .end = part { return false }
            }
            return false
          }
          defer { group.cancelAll() }
          guard let isDone = try await group.next() else { return }
          if !isDone { throw MediaLinkError("the server closed the connection") }
        }
      }
    } catch { throw MediaLinkError(error) }
  }
}
