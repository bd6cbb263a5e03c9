import NIOCore
import NIOPosix
import WireFormats

/// A Socket.IO server (Engine.IO 4, Socket.IO 5) inside a small HTTP service: other paths go to a handler of the caller's.
///
/// Everything runs on one event loop of the group; handlers run in tasks.
package final class SocketIOServer: Sendable {
  private let loop: any EventLoop
  private let core: NIOLoopBoundBox<Parts>

  private struct Parts {
    let service: HTTPServiceCore
    let sockets: SocketServerCore
  }

  /// A server.
  /// - Parameters:
  ///   - group: where it runs; the process-wide group by default.
  ///   - authorize: returns why a client may not open a namespace, `nil` when it may. Without it every client may.
  ///   - httpHandler: answers all other paths; without it they are answered 404.
  ///   - onConnection: runs once for each namespace that a client opens, in a task of its own, cancelled at `shutdown()`. When it returns, the
  ///     client is disconnected.
  package init(
    configuration: SocketIOServerConfiguration = .init(), group: (any EventLoopGroup)? = nil,
    authorize: (@Sendable (_ namespace: String, _ auth: JSONValue?) -> String?)? = nil, httpHandler: HTTPHandler? = nil,
    onConnection: @escaping @Sendable (SocketIOConnection) async -> Void
  ) {
    let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
    self.loop = loop
    let engine = EngineServer(loop: loop, configuration: configuration, httpHandler: httpHandler)
    let parts = Parts(
      service: HTTPServiceCore(loop: loop, configuration: configuration.http, router: engine),
      sockets: SocketServerCore(
        loop: loop, configuration: configuration, engine: engine, authorize: authorize, onConnection: onConnection))
    core = NIOLoopBoundBox.makeBoxSendingValue(parts, eventLoop: loop)
  }

  /// Listens. Port 0 picks a free one.
  /// - Returns: the bound port.
  /// - Throws: `SocketIOError.badAddress`, when the port is taken for example.
  @discardableResult package func start(host: String, port: Int) async throws -> Int {
    try await loop.flatSubmit { [core] in core.value.service.start(host: host, port: port) }.get()
  }

  /// Closes the listening socket: new connections are refused; open ones stay.
  package func stopListening() async {
    try? await loop.flatSubmit { [core] in core.value.service.stopListening() }.get()
  }

  /// Listens again on the same host and port; does nothing while it listens.
  /// - Throws: `SocketIOError.badAddress` when somebody else took the port.
  package func resumeListening() async throws {
    try await loop.flatSubmit { [core] in core.value.service.resumeListening() }.get()
  }

  /// Closes every open connection and ends every session at once, as a crash would: clients get no word of it.
  package func dropAllConnections() async {
    try? await loop.submit { [core] in
      core.value.service.dropAllConnections()
      core.value.sockets.engine.closeAll(reason: SocketIODisconnectReason.forcedClose, forGood: false)
    }.get()
  }

  /// Stops listening, ends every session and connection, cancels the handlers and waits for them, at most 5 s.
  package func shutdown() async {
    let tasks = try? await loop.flatSubmit { [core] in
      let parts = core.value
      parts.sockets.engine.closeAll(reason: SocketIODisconnectReason.serverShuttingDown, forGood: true)
      parts.service.dropAllConnections()
      let tasks = parts.sockets.cancelHandlers()
      return parts.service.shutdown().map { tasks }
    }.get()
    await Self.wait(for: tasks ?? [], atMost: .seconds(5))
  }

  /// A task group would wait for its slowest child; this one gives up.
  private static func wait(for tasks: [Task<Void, Never>], atMost limit: Duration) async {
    let (done, signal) = AsyncStream.makeStream(of: Void.self)
    let timer = Task {
      try? await Task.sleep(for: limit)
      signal.finish()
    }
    Task {
      for task in tasks { await task.value }
      signal.finish()
    }
    for await _ in done {}
    timer.cancel()
  }
}
