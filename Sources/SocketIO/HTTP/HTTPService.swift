import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server: keep-alive, limits and timeouts as configured; every request goes to one handler (HEAD too).
package final class HTTPService: Sendable {
  private let loop: any EventLoop
  private let core: NIOLoopBoundBox<HTTPServiceCore>

  /// A service that answers every request with `handler`. Without a group the process-wide one is used.
  package convenience init(
    configuration: HTTPServiceConfiguration = .init(), group: (any EventLoopGroup)? = nil, handler: @escaping HTTPHandler
  ) {
    let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
    self.init(
      loop: loop,
      core: HTTPServiceCore(
        loop: loop, configuration: configuration,
        router: HandlerRouter(loop: loop, configuration: configuration, handler: handler)))
  }

  init(loop: any EventLoop, core: sending HTTPServiceCore) {
    self.loop = loop
    self.core = NIOLoopBoundBox.makeBoxSendingValue(core, eventLoop: loop)
  }

  /// Listens. Port 0 picks a free one.
  /// - Returns: the bound port.
  /// - Throws: `SocketIOError.badAddress`, when the port is taken for example.
  @discardableResult package func start(host: String, port: Int) async throws -> Int {
    try await loop.flatSubmit { [core] in core.value.start(host: host, port: port) }.get()
  }

  /// Closes the listening socket: new connections are refused; open ones stay.
  package func stopListening() async {
    try? await loop.flatSubmit { [core] in core.value.stopListening() }.get()
  }

  /// Listens again on the same host and port; does nothing while it listens.
  /// - Throws: `SocketIOError.badAddress` when somebody else took the port.
  package func resumeListening() async throws {
    try await loop.flatSubmit { [core] in core.value.resumeListening() }.get()
  }

  /// Closes every open connection at once; handlers that run are cancelled.
  package func dropAllConnections() async {
    try? await loop.submit { [core] in core.value.dropAllConnections() }.get()
  }

  /// Stops listening and closes every connection. The service cannot be started again.
  package func shutdown() async {
    try? await loop.flatSubmit { [core] in
      core.value.dropAllConnections()
      return core.value.shutdown()
    }.get()
  }
}

/// Sends every request to a handler and refuses WebSockets.
final class HandlerRouter: HTTPRouter {
  private let loop: any EventLoop
  private let configuration: HTTPServiceConfiguration
  private let handler: HTTPHandler

  init(loop: any EventLoop, configuration: HTTPServiceConfiguration, handler: @escaping HTTPHandler) {
    self.loop = loop
    self.configuration = configuration
    self.handler = handler
  }

  func bodyLimit(path: String) -> Int { configuration.maxRequestBody }

  func respond(to request: RawRequest, exchange: HTTPExchange) {
    HTTPServiceCore.answer(request, exchange: exchange, timeout: configuration.handlerTimeout, loop: loop, handler: handler)
  }

  func upgrade(_ request: RawRequest) -> WebSocketUpgrade {
    .refuse(RawResponse(text: "There is no WebSocket here.", status: .badRequest))
  }
}
