import NIOCore
import WireFormats

/// Socket.IO from the client's side: one namespace. Confined to one event loop.
final class SocketClientCore {
  let engine: EngineClient
  let queue: EventQueue
  private let loop: any EventLoop
  private let configuration: SocketIOClientConfiguration
  private var assembler: SocketPacketAssembler
  private var acks: [Int64: EventLoopPromise<[JSONValue]>] = [:]
  private var connecting: EventLoopPromise<Void>?
  private var wasStarted = false
  private var isConnected = false
  /// Events that came before the answer to our connect packet: a server may emit while it is still deciding.
  private var early: [(packet: SocketPacket, bytes: Int)] = []
  private(set) var id: String?
  /// Set before the engine closes, when a packet gave a better reason than the transport's.
  private var reason: String?

  init(loop: any EventLoop, address: ClientAddress, configuration: SocketIOClientConfiguration, queue: EventQueue) {
    self.loop = loop
    self.configuration = configuration
    self.queue = queue
    engine = EngineClient(loop: loop, address: address, configuration: configuration)
    assembler = SocketPacketAssembler(limit: configuration.maxPayload)
  }

  func connect() -> EventLoopFuture<Void> {
    guard !wasStarted else {
      return loop.makeFailedFuture(SocketIOError.notConnected(reason: "a client connects once; make a new one"))
    }
    wasStarted = true
    let promise = loop.makePromise(of: Void.self)
    connecting = promise
    engine.onMessage = { [weak self] in self?.receive($0) }
    engine.onClosed = { [weak self] in self?.closed($0) }
    let timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.connectTimeout)) { [weak self] in
      self?.giveUp(SocketIOError.timedOut("the connection was not open after \(self?.configuration.connectTimeout ?? .zero)"))
    }
    engine.open().assumeIsolated().whenComplete { [weak self] result in
      guard let self else { return }
      switch result {
      case .success: self.send(SocketPacket(kind: .connect, namespace: self.configuration.namespace, data: self.configuration.auth))
      case .failure(let error): self.giveUp(error)
      }
    }
    promise.futureResult.whenComplete { _ in timer.cancel() }
    return promise.futureResult
  }

  private func giveUp(_ error: any Error) {
    guard let connecting else { return }
    self.connecting = nil
    let known = error as? SocketIOError ?? .notConnected(reason: "\(error)")
    engine.close(SocketIODisconnectReason.transportError)
    connecting.fail(known)
  }

  private func send(_ packet: SocketPacket) { engine.send(packet.encode()) }

  private func receive(_ message: EngineMessage) {
    let bytes = message.byteCount
    do {
      if let packet = try assembler.receive(message), packet.namespace == configuration.namespace { receive(packet, bytes: bytes) }
    } catch {
      engine.close(SocketIODisconnectReason.parseError)
    }
  }

  private func receive(_ packet: SocketPacket, bytes: Int) {
    switch packet.kind {
    case .connect:
      guard let connecting else { return }
      self.connecting = nil
      isConnected = true
      id = packet.data?["sid"]?.stringValue
      _ = queue.push(.connected(auth: packet.data))
      let early = early
      self.early = []
      for (packet, bytes) in early { receiveEvent(packet, bytes: bytes) }
      connecting.succeed(())
    case .connectError: giveUp(SocketIOError.refused(message: Self.message(packet.data)))
    case .disconnect:
      reason = SocketIODisconnectReason.serverDisconnect
      engine.finish(SocketIODisconnectReason.serverDisconnect)
    case .event, .binaryEvent: receiveEvent(packet, bytes: bytes)
    case .ack, .binaryAck:
      if let id = packet.id, let promise = acks.removeValue(forKey: id) { promise.succeed(packet.data?.arrayValue ?? []) }
    }
  }

  private static func message(_ data: JSONValue?) -> String {
    data?["message"]?.stringValue ?? data?.stringValue ?? data?.jsonText ?? "no reason given"
  }

  private func receiveEvent(_ packet: SocketPacket, bytes: Int) {
    guard case .array(let parts) = packet.data, let first = parts.first else { return }
    guard isConnected else {
      guard early.count < 64, early.reduce(bytes, { $0 + $1.bytes }) <= configuration.maxPayload else {
        return engine.close(SocketIODisconnectReason.slowConsumer)
      }
      return early.append((packet, bytes))
    }
    var ack: SocketIOAck?
    if let id = packet.id {
      let box = NIOLoopBound(self, eventLoop: loop)
      let (loop, namespace) = (loop, configuration.namespace)
      let once = SharedFlag()
      ack = SocketIOAck { args in
        guard once.set() else { return }
        let messages = SocketPacket.ack(args, namespace: namespace, id: id).encode()
        try await loop.flatSubmit { box.value.send(messages) }.get()
      }
    }
    let event = SocketIOEvent.event(name: first.stringValue ?? first.jsonText, args: Array(parts.dropFirst()), ack: ack)
    if queue.push(event, bytes: bytes) == .overflow { engine.close(SocketIODisconnectReason.slowConsumer) }
  }

  func send(_ messages: [EngineMessage]) -> EventLoopFuture<Void> {
    guard isConnected, engine.closedReason == nil else {
      return loop.makeFailedFuture(SocketIOError.notConnected(reason: engine.closedReason ?? "not connected yet"))
    }
    let limit = engine.maxMessage
    if messages.contains(where: { $0.byteCount >= limit }) {
      return loop.makeFailedFuture(SocketIOError.invalidMessage("it is larger than \(limit) bytes"))
    }
    engine.send(messages)
    return engine.drained()
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

  /// Succeeds when the connection is down.
  func disconnect() -> EventLoopFuture<Void> {
    wasStarted = true
    guard engine.closedReason == nil else { return loop.makeSucceededVoidFuture() }
    if isConnected { send(SocketPacket(kind: .disconnect, namespace: configuration.namespace)) }
    let promise = loop.makePromise(of: Void.self)
    closing.append(promise)
    if engine.onClosed == nil { engine.onClosed = { [weak self] in self?.closed($0) } }
    engine.finish(SocketIODisconnectReason.clientDisconnect)
    return promise.futureResult
  }

  private var closing: [EventLoopPromise<Void>] = []

  private func closed(_ transportReason: String) {
    let reason = reason ?? transportReason
    let promises = acks.values
    acks = [:]
    for promise in promises { promise.fail(SocketIOError.notConnected(reason: reason)) }
    let failed = connecting
    connecting = nil
    queue.finish(isConnected ? .disconnected(reason: reason) : nil)
    failed?.fail(SocketIOError.notConnected(reason: reason))
    let waiting = closing
    closing = []
    for promise in waiting { promise.succeed(()) }
  }
}
