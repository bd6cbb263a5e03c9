import NIOCore
import NIOPosix
import Synchronization

/// What a scripted server does with one request.
struct Reply: Sendable {
  enum Afterwards: Sendable {
    case keep, close
    /// Sends these bytes again and again, this many milliseconds apart; 0 means as fast as they are taken.
    case forever([UInt8], milliseconds: Int64)
  }

  var bytes: [UInt8]
  var afterwards: Afterwards

  static func raw(_ text: String, _ afterwards: Afterwards = .close) -> Reply { Reply(bytes: Array(text.utf8), afterwards: afterwards) }

  static func http(_ body: String, status: String = "200 OK", type: String = "text/plain", headers: String = "") -> Reply {
    raw(
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)", .keep)
  }
}

/// A server on loopback that answers raw bytes: right ones, wrong ones, none, or too many.
final class ScriptedServer: Sendable {
  let port: Int
  private let channel: any Channel
  private let log: RequestLog

  /// Requests and connections seen.
  final class RequestLog: Sendable {
    let requests = Mutex<[String]>([])
    let connections = Mutex(0)
    let open = Mutex<[any Channel]>([])
  }

  init(port: Int = 0, _ answer: @escaping @Sendable (String) -> Reply) async throws {
    let log = RequestLog()
    self.log = log
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ScriptHandler(log: log, answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    self.port = channel.localAddress?.port ?? 0
  }

  var requests: [String] { log.requests.withLock { $0 } }
  var connections: Int { log.connections.withLock { $0 } }
  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
  /// Closes the port and every connection.
  func stop() async {
    try? await channel.close()
    for connection in log.open.withLock({ $0 }) { try? await connection.close() }
  }
}

private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let log: ScriptedServer.RequestLog
  private let answer: @Sendable (String) -> Reply
  private var received = ""

  init(log: ScriptedServer.RequestLog, answer: @escaping @Sendable (String) -> Reply) {
    self.log = log
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    log.connections.withLock { $0 += 1 }
    let channel = context.channel
    log.open.withLock { $0.append(channel) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    received += String(decoding: buffer.readableBytesView, as: UTF8.self)
    while let end = received.firstRange(of: "\r\n\r\n") {
      let request = String(received[..<end.lowerBound])
      received = String(received[end.upperBound...])
      log.requests.withLock { $0.append(request) }
      let reply = answer(request)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: reply.bytes)), promise: nil)
      switch reply.afterwards {
      case .keep: break
      case .close: context.close(promise: nil)
      case .forever(let bytes, let milliseconds): Self.pour(bytes, milliseconds, context.channel)
      }
    }
  }

  private static func pour(_ bytes: [UInt8], _ milliseconds: Int64, _ channel: any Channel) {
    guard channel.isActive else { return }
    channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
      channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { pour(bytes, milliseconds, channel) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension String {
  /// The first place of a text; plain search, no Foundation.
  fileprivate func firstRange(of text: String) -> Range<String.Index>? {
    let needle = Array(text.utf8)
    var start = utf8.startIndex
    while start < utf8.endIndex {
      if utf8[start...].starts(with: needle) { return start..<utf8.index(start, offsetBy: needle.count) }
      start = utf8.index(after: start)
    }
    return nil
  }
}
