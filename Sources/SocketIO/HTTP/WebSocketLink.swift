import NIOCore
import NIOWebSocket

/// One end of a WebSocket: whole messages in and out. Confined to its channel's event loop.
final class WebSocketLink: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let isClient: Bool
  private let maxMessage: Int
  private var context: ChannelHandlerContext?
  private var partial: (isText: Bool, data: ByteBuffer)?
  private var isClosing = false
  private var isOver = false
  private var sawError = false

  var onMessage: ((EngineMessage) -> Void)?
  /// Called for every piece of data that arrives, a part of a message for example.
  var onBytes: (() -> Void)?
  /// Called once, when the connection is gone; true after a transport or protocol error.
  var onClosed: ((Bool) -> Void)?

  init(isClient: Bool, maxMessage: Int) {
    self.isClient = isClient
    self.maxMessage = maxMessage
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { over() }

  func channelInactive(context: ChannelHandlerContext) {
    over()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let code: WebSocketErrorCode
    switch error {
    case NIOWebSocketError.invalidFrameLength: code = .messageTooLarge
    case is NIOWebSocketError: code = .protocolError
    default:
      // A reset connection: other implementations call this a close as well.
      context.close(promise: nil)
      return
    }
    fail(code)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard !isOver else { return }
    // A client masks every frame and a server none (RFC 6455, 5.1); extensions were not agreed on.
    guard (frame.maskKey == nil) == isClient, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return fail(.protocolError) }
    switch frame.opcode {
    case .text, .binary:
      guard partial == nil else { return fail(.protocolError) }
      receive(isText: frame.opcode == .text, data: frame.unmaskedData, isLast: frame.fin)
    case .continuation:
      guard let (isText, head) = partial else { return fail(.protocolError) }
      partial = nil  // So that the buffer is not copied when it grows.
      var data = head
      var more = frame.unmaskedData
      guard data.readableBytes + more.readableBytes <= maxMessage else { return fail(.messageTooLarge) }
      data.writeBuffer(&more)
      receive(isText: isText, data: data, isLast: frame.fin)
    case .ping: write([(.pong, frame.unmaskedData)], promise: nil)
    case .pong: break
    case .connectionClose:
      if !isClosing {
        isClosing = true
        var reply = frame.unmaskedData
        write([(.connectionClose, reply.readSlice(length: min(2, reply.readableBytes)) ?? ByteBuffer())], promise: nil)
      }
      over()
      context.close(promise: nil)
    default: fail(.protocolError)
    }
  }

  private func receive(isText: Bool, data: ByteBuffer, isLast: Bool) {
    guard isLast else {
      partial = (isText, data)
      return
    }
    guard !isClosing else { return }
    onMessage?(isText ? .text(data) : .binary(data))
  }

  /// Sends messages; the promise tells when the last is written to the socket.
  func send(_ messages: [EngineMessage], promise: EventLoopPromise<Void>?) {
    guard !isClosing, !isOver else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    write(
      messages.map {
        switch $0 {
        case .text(let buffer): (.text, buffer)
        case .binary(let buffer): (.binary, buffer)
        }
      }, promise: promise)
  }

  private func write(_ frames: [(WebSocketOpcode, ByteBuffer)], promise: EventLoopPromise<Void>?) {
    guard let context, !frames.isEmpty else {
      promise?.succeed(())
      return
    }
    for (index, (opcode, data)) in frames.enumerated() {
      let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: isClient ? .random() : nil, data: data)
      context.write(wrapOutboundOut(frame), promise: index == frames.count - 1 ? promise : nil)
    }
    context.flush()
  }

  /// Says goodbye and closes, at the latest two seconds later.
  func close(code: WebSocketErrorCode = .normalClosure) {
    guard !isClosing, !isOver, let context else { return }
    isClosing = true
    var data = context.channel.allocator.buffer(capacity: 2)
    data.write(webSocketErrorCode: code)
    write([(.connectionClose, data)], promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
  }

  private func fail(_ code: WebSocketErrorCode) {
    sawError = true
    close(code: code)
    over()
  }

  /// Writes bytes below the frame encoder; for tests of broken and slow peers.
  func sendRaw(_ bytes: [UInt8]) {
    guard let context, let encoder = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self) else { return }
    encoder.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
  }

  /// Holds or resumes reading from the peer.
  func setReading(_ isOn: Bool) {
    guard let context else { return }
    try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
  }

  private func over() {
    guard !isOver else { return }
    isOver = true
    let onClosed = onClosed
    self.onClosed = nil
    onMessage = nil
    onBytes = nil
    onClosed?(sawError)
  }
}
