import WireFormats

/// How the packets of a connection travel.
package enum SocketIOTransport: String, Sendable, Hashable, CaseIterable {
  /// HTTP long polling.
  case polling
  /// WebSocket.
  case websocket
}

/// What happens on a connection, in order. `disconnected` comes once and last.
package enum SocketIOEvent: Sendable {
  /// The namespace is open. On a server: the client's auth payload. On a client: the server's answer (`{"sid": ...}`).
  case connected(auth: JSONValue?)
  /// The peer emitted an event; `ack` is there when it waits for an acknowledgement.
  case event(name: String, args: [JSONValue], ack: SocketIOAck?)
  /// The connection is over. The reason is one of `SocketIODisconnectReason`'s words, or a server's own.
  case disconnected(reason: String)
}

/// Answers one event. Only the first answer is sent.
package struct SocketIOAck: Sendable {
  let respond: @Sendable ([JSONValue]) async throws -> Void

  /// Sends the acknowledgement.
  /// - Throws: `SocketIOError.notConnected` when the connection is gone.
  package func send(_ args: [JSONValue]) async throws { try await respond(args) }
}

/// The words that Socket.IO implementations use for the end of a connection.
package enum SocketIODisconnectReason {
  /// The low-level connection was closed.
  package static let transportClose = "transport close"
  /// The low-level connection failed.
  package static let transportError = "transport error"
  /// No ping (client side) or no pong (server side) came in time.
  package static let pingTimeout = "ping timeout"
  /// The peer broke the protocol.
  package static let parseError = "parse error"
  /// Client side: the server ended the connection.
  package static let serverDisconnect = "io server disconnect"
  /// Client side: `disconnect()` was called.
  package static let clientDisconnect = "io client disconnect"
  /// Server side: the client left.
  package static let clientNamespaceDisconnect = "client namespace disconnect"
  /// Server side: `disconnect()` was called.
  package static let serverNamespaceDisconnect = "server namespace disconnect"
  /// Server side: the server is being shut down.
  package static let serverShuttingDown = "server shutting down"
  /// Server side: no namespace was opened in time, or `dropAllConnections()` ended a session that had no connection at the time.
  package static let forcedClose = "forced close"
  /// The peer reads too slowly: more bytes wait for it than the limit allows.
  package static let slowReader = "slow reader"
  /// Our own side consumes events too slowly: more wait than the limit allows.
  package static let slowConsumer = "slow consumer"
}

/// Why an operation of the client or the server failed.
package enum SocketIOError: Error, Hashable, CustomStringConvertible {
  /// There is no open connection (any more); carries the reason.
  case notConnected(reason: String)
  /// The server answered the handshake with something else than success.
  case handshakeFailed(String)
  /// The server refused the namespace; carries its message.
  case refused(message: String)
  /// Something did not happen in time; names it.
  case timedOut(String)
  /// The peer broke the protocol.
  case protocolViolation(String)
  /// The message cannot be sent: reserved event name or larger than the limit.
  case invalidMessage(String)
  /// The address cannot be used: wrong scheme, no host.
  case badAddress(String)
  /// Nobody can listen at an address of this machine; why, as the end of a sentence.
  case cannotListen(String)

  /// One sentence.
  package var description: String {
    switch self {
    case .notConnected(let reason): "not connected: \(reason)"
    case .handshakeFailed(let detail): "the Socket.IO handshake failed: \(detail)"
    case .refused(let message): "the server refused the connection: \(message)"
    case .timedOut(let what): "timed out: \(what)"
    case .protocolViolation(let detail): "the peer broke the protocol: \(detail)"
    case .invalidMessage(let detail): "the message cannot be sent: \(detail)"
    case .badAddress(let detail): "the address cannot be used: \(detail)"
    case .cannotListen(let reason): reason
    }
  }
}
