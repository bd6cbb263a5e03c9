import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A connection whose bytes a test sees as they are.
final class RawClient: Sendable {
  private struct Received {
    var bytes: [UInt8] = []
    var isClosed = false
  }

  private final class Collector: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let received = Mutex(Received())
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      // In one piece: byte by byte this would hold the event loop up, which the server may share.
      received.withLock { received in bytes.withUnsafeReadableBytes { received.bytes.append(contentsOf: $0) } }
    }
    func channelInactive(context: ChannelHandlerContext) { received.withLock { $0.isClosed = true } }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }

  private let channel: any Channel
  private let collector = Collector()

  /// - Parameter reads: false for a client that takes nothing.
  init(port: Int, reads: Bool = true) async throws {
    let collector = collector
    channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.autoRead, value: reads)
      .channelOption(.socketOption(.so_rcvbuf), value: reads ? 1 << 20 : 4096)
      .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(collector) } }
      .connect(host: "127.0.0.1", port: port).get()
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  /// A piece of a chunked body.
  func sendChunk(_ bytes: [UInt8]) async throws { try await send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10]) }

  func close() { channel.close(promise: nil) }

  var isClosed: Bool { collector.received.withLock { $0.isClosed } }
  var receivedCount: Int { collector.received.withLock { $0.bytes.count } }
  var received: [UInt8] { collector.received.withLock { $0.bytes } }
  var text: String { String(decoding: received, as: UTF8.self) }
  var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

  /// A chunked answer's body, as far as it came, and whether its end came.
  var body: (bytes: [UInt8], isWhole: Bool) {
    let all = received
    guard var at = (3..<max(3, all.count)).first(where: { all[$0 - 3...$0].elementsEqual([13, 10, 13, 10]) }).map({ $0 + 1 }) else {
      return ([], false)
    }
    var bytes: [UInt8] = []
    while let end = all[at...].firstIndex(of: 13), let size = Int(String(decoding: all[at..<end], as: UTF8.self), radix: 16) {
      if size == 0 { return (bytes, true) }
      guard end + 2 + size + 2 <= all.count else { break }
      bytes += all[(end + 2)..<(end + 2 + size)]
      at = end + 2 + size + 2
    }
    return (bytes, false)
  }
}
