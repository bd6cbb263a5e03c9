import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// A small HTTP/1.1 server.
public final class HTTPService: Sendable {
  /// A service that answers every request with `handler`.
  public init(configuration: HTTPServiceConfiguration = .init(), group: (any EventLoopGroup)? = nil, handler: @escaping HTTPHandler) {}
  /// Listens. Port 0 picks a free one.
  /// - Returns: the bound port.
  @discardableResult public func start(host: String, port: Int) async throws -> Int { throw SocketIOError.notConnected(reason: "x") }
  /// Closes the listening socket: new connections are refused; open ones stay.
  public func stopListening() async {}
  /// Listens again on the same host and port.
  public func resumeListening() async throws {}
  /// Closes every open connection at once.
  public func dropAllConnections() async {}
  /// Stops listening, closes everything, ends handlers. Bounded (5 s).
  public func shutdown() async {}
}

/// A Socket.IO server.
public final class SocketIOServer: Sendable {
  /// A server. `onConnection` runs once for each namespace a client opens, in a task of its own; the connection is ended when it returns.
  public init(
    configuration: SocketIOServerConfiguration = .init(), group: (any EventLoopGroup)? = nil,
    authorize: (@Sendable (_ namespace: String, _ auth: JSONValue?) -> String?)? = nil, httpHandler: HTTPHandler? = nil,
    onConnection: @escaping @Sendable (SocketIOConnection) async -> Void
  ) {}
  /// Listens. Port 0 picks a free one.
  /// - Returns: the bound port.
  @discardableResult public func start(host: String, port: Int) async throws -> Int { throw SocketIOError.notConnected(reason: "x") }
  /// Closes the listening socket: new connections are refused; open ones stay.
  public func stopListening() async {}
  /// Listens again on the same host and port.
  public func resumeListening() async throws {}
  /// Closes every open connection and session at once, without a word on the wire.
  public func dropAllConnections() async {}
  /// Stops listening, disconnects everything, ends handlers. Bounded (5 s).
  public func shutdown() async {}
}

/// One client's open namespace, seen by the server.
public final class SocketIOConnection: Sendable {
  /// The id that the client knows as its `sid`.
  public let id: String = ""
  /// The namespace, `/`.
  public let namespace: String = ""
  /// The transport in use now.
  public var transport: SocketIOTransport { .polling }
  /// What happens, in order; one reader only. Begins with `connected`, ends after `disconnected`.
  public var events: AsyncStream<SocketIOEvent> { AsyncStream { _ in } }
  /// Sends an event.
  public func emit(_ event: String, _ args: [JSONValue] = []) async throws {}
  /// Sends an event and waits for the acknowledgement.
  public func emitWithAck(_ event: String, _ args: [JSONValue] = [], timeout: Duration = .seconds(10)) async throws -> [JSONValue] { [] }
  /// Disconnects the client ("io server disconnect" there).
  public func disconnect() async {}
}

/// A Socket.IO client for one connection (`http` and `ws` addresses only; no TLS). It never reconnects: make a new one.
public actor SocketIOClient {
  /// What happens, in order; one reader only. Ends after `disconnected`.
  public nonisolated var events: AsyncStream<SocketIOEvent> { AsyncStream { _ in } }
  /// A client for a server's address, `http://127.0.0.1:8080`.
  public init(url: String, configuration: SocketIOClientConfiguration = .init(), group: (any EventLoopGroup)? = nil) {}
  /// Connects and opens the namespace.
  public func connect() async throws {}
  /// The server's id for this connection, once connected.
  public var id: String? { nil }
  /// The transport in use now.
  public var transport: SocketIOTransport? { nil }
  /// Sends an event.
  public func emit(_ event: String, _ args: [JSONValue] = []) async throws {}
  /// Sends an event and waits for the acknowledgement.
  public func emitWithAck(_ event: String, _ args: [JSONValue] = [], timeout: Duration = .seconds(10)) async throws -> [JSONValue] { [] }
  /// Disconnects ("io client disconnect").
  public func disconnect() async {}
}
