import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket and the open connections of a service. Confined to one event loop, on which all its connections run too.
final class HTTPServiceCore {
  let loop: any EventLoop
  let configuration: HTTPServiceConfiguration
  let router: any HTTPRouter
  private var listener: (any Channel)?
  private var children: [ObjectIdentifier: any Channel] = [:]
  private var address: (host: String, port: Int)?
  private var isShutDown = false

  init(loop: any EventLoop, configuration: HTTPServiceConfiguration, router: any HTTPRouter) {
    self.loop = loop
    self.configuration = configuration
    self.router = router
  }

  func start(host: String, port: Int) -> EventLoopFuture<Int> {
    guard !isShutDown else { return loop.makeFailedFuture(SocketIOError.badAddress("the service was shut down")) }
    guard listener == nil else { return loop.makeFailedFuture(SocketIOError.badAddress("the service is listening already")) }
    let box = NIOLoopBound(self, eventLoop: loop)
    let configuration = configuration
    return ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      // Long messages come in large pieces; small requests keep the small buffer.
      .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 1 << 18))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let core = box.value
          guard core.admit(channel) else { throw SocketIOError.notConnected(reason: "too many connections") }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(HTTPResponseEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
          try pipeline.addHandler(HTTPConnection(configuration: configuration, router: core.router, listener: host))
        }
      }
      .bind(host: host, port: port)
      .hop(to: loop)
      .flatMapErrorThrowing { error in throw SocketIOError.cannotListen(ListenFailure.words(error)) }
      .assumeIsolated()
      .flatMapThrowing { channel in
        self.listener = channel
        guard let bound = channel.localAddress?.port else { throw SocketIOError.badAddress("no port is bound") }
        self.address = (host, bound)
        return bound
      }
      .nonisolated()
  }

  private func admit(_ channel: any Channel) -> Bool {
    guard children.count < configuration.maxConnections, listener != nil || address == nil else { return false }
    let id = ObjectIdentifier(channel)
    children[id] = channel
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.children[id] = nil }
    return true
  }

  func stopListening() -> EventLoopFuture<Void> {
    guard let listener else { return loop.makeSucceededVoidFuture() }
    self.listener = nil
    return listener.close().recover { _ in }
  }

  func resumeListening() -> EventLoopFuture<Void> {
    guard listener == nil else { return loop.makeSucceededVoidFuture() }
    guard let address else { return loop.makeFailedFuture(SocketIOError.badAddress("the service was never started")) }
    return start(host: address.host, port: address.port).map { _ in }
  }

  func dropAllConnections() {
    for channel in children.values { channel.close(promise: nil) }
  }

  func shutdown() -> EventLoopFuture<Void> {
    isShutDown = true
    return stopListening()
  }
}

extension HTTPServiceCore {
  /// Runs a handler in a task of its own and answers with what it returns.
  static func answer(_ request: RawRequest, exchange: HTTPExchange, timeout: Duration, loop: any EventLoop, handler: @escaping HTTPHandler)
  {
    let box = NIOLoopBound(exchange, eventLoop: loop)
    let request = request.publicRequest
    let task = Task {
      let response = await handler(request)
      loop.execute { box.value.complete(RawResponse(response)) }
    }
    let timer = loop.scheduleTask(in: TimeAmount(timeout)) {
      task.cancel()
      box.value.complete(RawResponse(text: "The handler did not answer in time.", status: .serviceUnavailable))
    }
    exchange.onEnd = { isAborted in
      timer.cancel()
      if isAborted { task.cancel() }
    }
  }
}
