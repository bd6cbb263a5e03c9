import WireFormats

/// Limits of an HTTP service.
package struct HTTPServiceConfiguration: Sendable, Hashable {
  /// Connections open at once; one more is closed at once. Default 1024.
  package var maxConnections = 1024
  /// Bytes of a request's body; more is answered 413. Default 1 MB.
  package var maxRequestBody = 1 << 20
  /// Header fields of a request; more are answered 431. Default 100.
  package var maxHeaderFields = 100
  /// Bytes of the request target; more are answered 414. Default 8192.
  package var maxTargetLength = 8192
  /// How long a connection may stay silent between two requests. Default 75 s.
  package var idleTimeout: Duration = .seconds(75)
  /// How long a request may take to arrive. Default 60 s.
  package var requestTimeout: Duration = .seconds(60)
  /// How long a handler may take to answer; then 503 is sent. Default 60 s.
  package var handlerTimeout: Duration = .seconds(60)
  /// Which requests are taken; others are answered 403. Default all, which is for tests and clients of one's own.
  package var access: HTTPAccess?

  /// The defaults.
  package init() {}
}

/// Settings of a Socket.IO server.
package struct SocketIOServerConfiguration: Sendable, Hashable {
  /// The paths that speak Socket.IO, with or without the last slash. Default `/socket.io/` and `/ws/sts`.
  package var paths: [String] = ["/socket.io/", "/ws/sts"]
  /// The namespaces that clients may open. Default `/` only.
  package var namespaces: Set<String> = ["/"]
  /// The transports that are offered. Default both.
  package var transports: Set<SocketIOTransport> = [.polling, .websocket]
  /// Time between a pong and the next ping. Default 25 s.
  package var pingInterval: Duration = .seconds(25)
  /// Time the client has to answer a ping. Default 10 s.
  package var pingTimeout: Duration = .seconds(10)
  /// Time a client has to open a namespace. Default 10 s.
  package var connectTimeout: Duration = .seconds(10)
  /// Time a client has to finish an upgrade to WebSocket. Default 10 s.
  package var upgradeTimeout: Duration = .seconds(10)
  /// Bytes of one message or one polling request, in and out. Default 50 MB (52,428,800).
  package var maxPayload = 50 << 20
  /// Bytes that may wait for a slow client before it is disconnected ("slow reader"). Default four messages.
  package var maxBufferedBytes = 4 * (50 << 20)
  /// Above this many waiting bytes `emit` waits. Default 16 MB.
  package var sendHighWater = 16 << 20
  /// Events that may wait for the server's own handler before the client is disconnected ("slow consumer"). Default 1024.
  package var maxPendingEvents = 1024
  /// Sessions open at once; one more is answered 503. Default 512.
  package var maxSessions = 512
  /// `Access-Control-Allow-Origin` of polling answers, for web pages of other origins; `nil`, the default, sends none.
  package var allowOrigin: String?
  /// Limits of the HTTP service beneath.
  package var http = HTTPServiceConfiguration()

  /// The defaults.
  package init() {}
}

/// Settings of a Socket.IO client.
package struct SocketIOClientConfiguration: Sendable {
  /// The path of the server. Default `/socket.io/`.
  package var path = "/socket.io/"
  /// Transports in order: polling first means a polling handshake, then an upgrade when WebSocket is listed too. Default both.
  package var transports: [SocketIOTransport] = [.polling, .websocket]
  /// The namespace. Default `/`.
  package var namespace = "/"
  /// The payload of the connect packet.
  package var auth: JSONValue?
  /// More header fields for every request.
  package var headers: [HTTPField] = []
  /// Time for the whole `connect()`. Default 10 s.
  package var connectTimeout: Duration = .seconds(10)
  /// Time for one polling POST. Default 30 s.
  package var requestTimeout: Duration = .seconds(30)
  /// Bytes of one message, in and out. Default 50 MB. A smaller `maxPayload` of the server applies to what is sent.
  package var maxPayload = 50 << 20
  /// Bytes that may wait to be sent before `emit` waits. Default 16 MB.
  package var sendHighWater = 16 << 20
  /// Bytes that may wait to be sent before the connection is given up ("slow reader"). Default four messages.
  package var maxBufferedBytes = 4 * (50 << 20)
  /// Events that may wait for the reader of `events` before the connection is given up ("slow consumer"). Default 1024.
  package var maxPendingEvents = 1024

  /// The defaults.
  package init() {}
}
