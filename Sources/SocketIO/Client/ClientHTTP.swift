import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// The client's connections: one per polling request, one per WebSocket. Confined to one event loop.
struct ClientHTTP {
  let loop: any EventLoop
  let address: ClientAddress
  let headers: HTTPHeaders
  let maxBody: Int

  private func bootstrap(timeout: TimeAmount) -> ClientBootstrap {
    ClientBootstrap(group: loop)
      .connectTimeout(timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 1 << 18))
  }

  /// Sends one request on a connection of its own.
  /// - Returns: the status and the body.
  func request(
    _ method: HTTPMethod, _ target: String, body: ByteBuffer? = nil, timeout: Duration, onBytes: @escaping () -> Void = {},
    onChannel: @escaping (any Channel) -> Void
  ) -> EventLoopFuture<(status: Int, body: ByteBuffer)> {
    var headers = headers
    headers.replaceOrAdd(name: "Connection", value: "close")
    if let body {
      headers.replaceOrAdd(name: "Content-Type", value: "text/plain;charset=UTF-8")
      headers.replaceOrAdd(name: "Content-Length", value: String(body.readableBytes))
    }
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
    let promise = loop.makePromise(of: (status: Int, body: ByteBuffer).self)
    let (maxBody, timeout) = (maxBody, TimeAmount(timeout))
    let bound = NIOLoopBound((onChannel, onBytes), eventLoop: loop)
    bootstrap(timeout: timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let (onChannel, onBytes) = bound.value
          onChannel(channel)
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          let exchange = ClientExchange(head: head, body: body, maxBody: maxBody, timeout: timeout, promise: promise)
          exchange.onBytes = onBytes
          try channel.pipeline.syncOperations.addHandler(exchange)
        }
      }
      .connect(host: address.host, port: address.port)
      .whenFailure { promise.fail($0) }
    return promise.futureResult
  }

  /// Opens a WebSocket.
  func webSocket(_ target: String, maxMessage: Int, timeout: Duration) -> EventLoopFuture<NIOLoopBound<WebSocketLink>> {
    let promise = loop.makePromise(of: NIOLoopBound<WebSocketLink>.self)
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: headers)
    let limit = TimeAmount(timeout)
    let loop = loop
    bootstrap(timeout: limit)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let exchange = ClientExchange(head: head, body: nil, maxBody: 1 << 16, timeout: limit, promise: nil)
          exchange.onRefused = { promise.fail($0) }
          let upgrader = NIOWebSocketClientUpgrader(maxFrameSize: maxMessage, automaticErrorHandling: false) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
              let link = WebSocketLink(isClient: true, maxMessage: maxMessage)
              try channel.pipeline.syncOperations.addHandler(ByteWatch(link: link), position: .first)
              try channel.pipeline.syncOperations.addHandler(link)
              promise.succeed(NIOLoopBound(link, eventLoop: loop))
            }
          }
          let bound = NIOLoopBound(exchange, eventLoop: loop)
          try channel.pipeline.syncOperations.addHTTPClientHandlers(
            leftOverBytesStrategy: .forwardBytes,
            withClientUpgrade: (
              upgraders: [upgrader],
              completionHandler: { context in context.pipeline.syncOperations.removeHandler(bound.value, promise: nil) }
            ))
          try channel.pipeline.syncOperations.addHandler(exchange)
        }
      }
      .connect(host: address.host, port: address.port)
      .whenFailure { promise.fail($0) }
    return promise.futureResult
  }
}

/// Sends a request when the connection opens and gathers the answer.
final class ClientExchange: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let head: HTTPRequestHead
  private let body: ByteBuffer?
  private let maxBody: Int
  private let timeout: TimeAmount
  private var promise: EventLoopPromise<(status: Int, body: ByteBuffer)>?
  private var status: Int?
  private var answer = ByteBuffer()
  private var timer: Scheduled<Void>?
  /// Called for every part of the answer's body.
  var onBytes: (() -> Void)?
  /// For a WebSocket request: it was answered otherwise, or not at all.
  var onRefused: ((SocketIOError) -> Void)?

  init(
    head: HTTPRequestHead, body: ByteBuffer?, maxBody: Int, timeout: TimeAmount,
    promise: EventLoopPromise<(status: Int, body: ByteBuffer)>?
  ) {
    self.head = head
    self.body = body
    self.maxBody = maxBody
    self.timeout = timeout
    self.promise = promise
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self] in
      self?.fail(.timedOut("the server did not answer"))
      channel.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(var bytes):
      onBytes?()
      guard answer.readableBytes + bytes.readableBytes <= maxBody else {
        fail(.protocolViolation("the answer is larger than \(maxBody) bytes"))
        return context.close(promise: nil)
      }
      answer.writeBuffer(&bytes)
    case .end:
      if let status {
        if let promise {
          self.promise = nil
          promise.succeed((status, answer))
        } else {
          fail(.handshakeFailed("the server answered the WebSocket request with status \(status)"))
        }
      }
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.notConnected(reason: "the server closed the connection"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(.notConnected(reason: "\(error)"))
    context.close(promise: nil)
  }

  private func fail(_ error: SocketIOError) {
    timer?.cancel()
    let (promise, onRefused) = (promise, onRefused)
    self.promise = nil
    self.onRefused = nil
    promise?.fail(error)
    onRefused?(error)
  }
}
