import NIOCore
import WireFormats

/// Socket.IO on top of Engine.IO: namespaces, events, acknowledgements. Confined to the server's event loop.
final class SocketServerCore {
  let loop: any EventLoop
  let configuration: SocketIOServerConfiguration
  let engine: EngineServer
  private let authorize: (@Sendable (String, JSONValue?) -> String?)?
  private let onConnection: @Sendable (SocketIOConnection) async -> Void
  private var tasks: [ObjectIdentifier: Task<Void, Never>] = [:]

  init(
    loop: any EventLoop, configuration: SocketIOServerConfiguration, engine: EngineServer,
    authorize: (@Sendable (String, JSONValue?) -> String?)?, onConnection: @escaping @Sendable (SocketIOConnection) async -> Void
  ) {
    self.loop = loop
    self.configuration = configuration
    self.engine = engine
    self.authorize = authorize
    self.onConnection = onConnection
    engine.onSession = { [weak self] session in
      guard let self else { return }
      let sockets = SocketSession(session: session, server: self)
      session.onMessage = { sockets.receive($0) }
      engine.whenClosed(session) { sockets.closed(reason: $0) }
    }
  }

  /// Why a client may not open the namespace; `nil` when it may.
  func refusal(_ namespace: String, _ auth: JSONValue?) -> String? {
    guard configuration.namespaces.contains(namespace) else { return "Invalid namespace" }
    return authorize?(namespace, auth)
  }

  func start(_ core: ConnectionCore, _ connection: SocketIOConnection) {
    let id = ObjectIdentifier(core)
    let box = NIOLoopBound(self, eventLoop: loop)
    let bound = NIOLoopBound(core, eventLoop: loop)
    let loop = loop
    tasks[id] = Task { [onConnection] in
      await onConnection(connection)
      loop.execute {
        bound.value.handlerEnded()
        box.value.tasks[id] = nil
      }
    }
  }

  /// Cancels the handlers that run.
  func cancelHandlers() -> [Task<Void, Never>] {
    for task in tasks.values { task.cancel() }
    return Array(tasks.values)
  }
}

/// The namespaces of one session. Confined to the server's event loop.
final class SocketSession {
  let session: EngineServerSession
  let server: SocketServerCore
  private var assembler: SocketPacketAssembler
  private var connections: [String: ConnectionCore] = [:]
  private var connectTimer: Scheduled<Void>?

  init(session: EngineServerSession, server: SocketServerCore) {
    self.session = session
    self.server = server
    assembler = SocketPacketAssembler(limit: server.configuration.maxPayload)
    armConnectTimer()
  }

  private func armConnectTimer() {
    connectTimer?.cancel()
    connectTimer = server.loop.assumeIsolated().scheduleTask(in: TimeAmount(server.configuration.connectTimeout)) { [weak self] in
      guard let self, self.connections.isEmpty else { return }
      self.session.finish(reason: SocketIODisconnectReason.forcedClose)
    }
  }

  func receive(_ message: EngineMessage) {
    let bytes = message.byteCount
    do {
      if let packet = try assembler.receive(message) { try receive(packet, bytes: bytes) }
    } catch {
      session.close(reason: SocketIODisconnectReason.parseError)
    }
  }

  private func receive(_ packet: SocketPacket, bytes: Int) throws(SocketCodecError) {
    if packet.kind == .connect { return connect(packet) }
    guard let core = connections[packet.namespace] else { throw SocketCodecError(reason: "the namespace is not open") }
    switch packet.kind {
    case .disconnect:
      remove(core, reason: SocketIODisconnectReason.clientNamespaceDisconnect)
      armConnectTimer()
    case .event, .binaryEvent: core.receiveEvent(packet, bytes: bytes)
    case .ack, .binaryAck: core.receiveAck(packet)
    case .connect, .connectError: throw SocketCodecError(reason: "a client does not send this")
    }
  }

  private func connect(_ packet: SocketPacket) {
    guard connections[packet.namespace] == nil else { return }
    if let refusal = server.refusal(packet.namespace, packet.data) {
      return send(SocketPacket(kind: .connectError, namespace: packet.namespace, data: ["message": .string(refusal)]))
    }
    connectTimer?.cancel()
    let core = ConnectionCore(namespace: packet.namespace, session: self)
    connections[packet.namespace] = core
    send(SocketPacket(kind: .connect, namespace: packet.namespace, data: ["sid": .string(core.id)]))
    _ = core.queue.push(.connected(auth: packet.data))
    server.start(core, SocketIOConnection(core: core, loop: server.loop))
  }

  func send(_ packet: SocketPacket) { session.send(packet.encode()) }

  /// Ends one namespace from our side, and the session when it was the last.
  func disconnect(_ core: ConnectionCore) {
    guard connections[core.namespace] === core else { return }
    send(SocketPacket(kind: .disconnect, namespace: core.namespace))
    remove(core, reason: SocketIODisconnectReason.serverNamespaceDisconnect)
    guard connections.isEmpty else { return }
    // The client closes by itself on the packet; who does not is closed.
    let session = session
    server.loop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
      if self?.connections.isEmpty ?? true { session.finish(reason: SocketIODisconnectReason.serverNamespaceDisconnect) }
    }
  }

  private func remove(_ core: ConnectionCore, reason: String) {
    connections[core.namespace] = nil
    core.end(reason: reason)
  }

  func closed(reason: String) {
    connectTimer?.cancel()
    let cores = Array(connections.values)
    connections = [:]
    for core in cores { core.end(reason: reason) }
  }
}
