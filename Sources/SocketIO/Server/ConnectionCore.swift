import NIOCore
import WireFormats

/// One open namespace of one session. Confined to the server's event loop, but for its queue.
final class ConnectionCore {
  let id = SessionID.make()
  let namespace: String
  let queue: EventQueue
  private let session: EngineServerSession
  private weak var sockets: SocketSession?
  private let loop: any EventLoop
  private let configuration: SocketIOServerConfiguration
  private var acks: [Int64: EventLoopPromise<[JSONValue]>] = [:]
  private var endReason: String?

  init(namespace: String, session: SocketSession) {
    self.namespace = namespace
    self.session = session.session
    sockets = session
    loop = session.server.loop
    configuration = session.server.configuration
    let engine = NIOLoopBound(session.session, eventLoop: loop)
    let loop = loop
    queue = EventQueue(
      maxEvents: configuration.maxPendingEvents, maxBytes: configuration.maxBufferedBytes, holdBytes: configuration.sendHighWater
    ) { isHeld in
      loop.execute { engine.value.setReading(!isHeld) }
    }
  }

  func receiveEvent(_ packet: SocketPacket, bytes: Int) {
    guard case .array(let parts) = packet.data, let first = parts.first else { return }
    let name = first.stringValue ?? first.jsonText
    var ack: SocketIOAck?
    if let id = packet.id {
      let box = NIOLoopBound(self, eventLoop: loop)
      let (loop, namespace) = (loop, namespace)
      let once = SharedFlag()
      ack = SocketIOAck { args in
        guard once.set() else { return }
        let messages = SocketPacket.ack(args, namespace: namespace, id: id).encode()
        try await loop.flatSubmit { box.value.send(messages) }.get()
      }
    }
    if queue.push(.event(name: name, args: Array(parts.dropFirst()), ack: ack), bytes: bytes) == .overflow {
      session.close(reason: SocketIODisconnectReason.slowConsumer)
    }
  }

  func receiveAck(_ packet: SocketPacket) {
    guard let id = packet.id, let promise = acks.removeValue(forKey: id) else { return }
    promise.succeed(packet.data?.arrayValue ?? [])
  }

  func send(_ messages: [EngineMessage]) -> EventLoopFuture<Void> {
    if let endReason { return loop.makeFailedFuture(SocketIOError.notConnected(reason: endReason)) }
    if messages.contains(where: { $0.byteCount >= configuration.maxPayload }) {
      return loop.makeFailedFuture(SocketIOError.invalidMessage("it is larger than \(configuration.maxPayload) bytes"))
    }
    session.send(messages)
    return session.drained(to: configuration.sendHighWater)
  }

  func sendWithAck(_ messages: [EngineMessage], id: Int64, timeout: Duration) -> EventLoopFuture<[JSONValue]> {
    let promise = loop.makePromise(of: [JSONValue].self)
    acks[id] = promise
    let timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [weak self] in
      self?.acks.removeValue(forKey: id)?.fail(SocketIOError.timedOut("no acknowledgement came"))
    }
    send(messages).assumeIsolated().whenFailure { [weak self] error in self?.acks.removeValue(forKey: id)?.fail(error) }
    promise.futureResult.whenComplete { _ in timer.cancel() }
    return promise.futureResult
  }

  func disconnect() { sockets?.disconnect(self) }

  /// The handler has returned: nobody reads any more.
  func handlerEnded() {
    disconnect()
    queue.finish(nil)
  }

  func end(reason: String) {
    guard endReason == nil else { return }
    endReason = reason
    let promises = acks.values
    acks = [:]
    for promise in promises { promise.fail(SocketIOError.notConnected(reason: reason)) }
    queue.finish(.disconnected(reason: reason))
  }
}

/// A flag that is set once.
final class SharedFlag: Sendable {
  private let isSet = Locked(false)
  /// True for the first caller only.
  func set() -> Bool {
    isSet.withLock { isSet in
      defer { isSet = true }
      return !isSet
    }
  }
}
