import NIOCore

/// Carries out what `EngineSession` decides: polls, WebSockets, timers. Confined to the server's event loop.
final class EngineServerSession {
  let id: String
  private var machine: EngineSession
  private let loop: any EventLoop
  private let maxBufferedBytes: Int
  private var pollExchange: HTTPExchange?
  private var link: WebSocketLink?
  private var probe: WebSocketLink?
  private var timer: (deadline: Int64, task: Scheduled<Void>)?
  private var inFlightBytes = 0
  private var drainWaiters: [EventLoopPromise<Void>] = []
  private var drainMark = 0
  private(set) var closedReason: String?

  var onMessage: ((EngineMessage) -> Void)?
  var onClosed: ((String) -> Void)?

  init(id: String, settings: EngineSession.Settings, transport: SocketIOTransport, maxBufferedBytes: Int, loop: any EventLoop) {
    self.id = id
    self.loop = loop
    self.maxBufferedBytes = maxBufferedBytes
    machine = EngineSession(settings: settings, transport: transport, now: Self.now)
    schedule()
  }

  private static var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

  var transport: SocketIOTransport { machine.transport }

  /// Bytes that the client has not taken yet.
  var bufferedBytes: Int { machine.queuedBytes + inFlightBytes }

  // MARK: - From the wire

  func poll(_ exchange: HTTPExchange) {
    if machine.isPollWaiting || machine.transport == .websocket {
      let (_, effects) = machine.poll()
      perform(effects)
      return exchange.complete(EngineRefusal.badRequest.response)
    }
    pollExchange = exchange
    exchange.onEnd = { [weak self, weak exchange] isAborted in
      guard let self, isAborted, self.pollExchange === exchange else { return }
      self.pollExchange = nil
      self.perform(self.machine.pollAborted())
    }
    let (isAccepted, effects) = machine.poll()
    if !isAccepted {
      pollExchange = nil
      exchange.complete(EngineRefusal.badRequest.response)
    }
    perform(effects)
  }

  /// - Returns: whether the body was a payload that this session could take.
  func post(_ body: ByteBuffer) -> Bool {
    guard machine.transport == .polling else { return false }
    do {
      for packet in try EnginePayload.decode(body) { perform(machine.receive(packet, now: Self.now)) }
      return true
    } catch {
      close(reason: SocketIODisconnectReason.parseError)
      return false
    }
  }

  /// The WebSocket of a session that began with it.
  func attach(_ link: WebSocketLink) {
    self.link = link
    link.onBytes = { [weak self] in self?.touch() }
    link.onMessage = { [weak self] in self?.receive(frame: $0) }
    link.onClosed = { [weak self] isError in
      guard let self else { return }
      self.link = nil
      self.perform(self.machine.linkClosed(isError: isError))
    }
  }

  /// A WebSocket that wants to take over from polling.
  func attachProbe(_ link: WebSocketLink) {
    guard machine.attachProbe(now: Self.now) else { return link.close() }
    probe = link
    link.onMessage = { [weak self] message in
      guard let self else { return }
      guard let packet = try? EnginePacket.decode(frame: message) else {
        self.probe?.close()
        return
      }
      self.perform(self.machine.receiveProbe(packet, now: Self.now))
    }
    link.onClosed = { [weak self] _ in
      guard let self else { return }
      self.probe = nil
      self.perform(self.machine.probeClosed())
    }
    schedule()
  }

  /// A part of a message has come.
  func touch() { machine.touch(now: Self.now) }

  private func receive(frame: EngineMessage) {
    guard let packet = try? EnginePacket.decode(frame: frame) else { return close(reason: SocketIODisconnectReason.parseError) }
    perform(machine.receive(packet, now: Self.now))
  }

  // MARK: - From above

  func send(_ messages: [EngineMessage]) { sendPackets(messages.map { .message($0) }) }

  func sendPackets(_ packets: [EnginePacket]) {
    perform(machine.send(packets))
    if bufferedBytes > maxBufferedBytes { close(reason: SocketIODisconnectReason.slowReader) }
  }

  /// Succeeds once at most `mark` bytes wait; fails when the session ends first.
  func drained(to mark: Int) -> EventLoopFuture<Void> {
    if let closedReason { return loop.makeFailedFuture(SocketIOError.notConnected(reason: closedReason)) }
    guard bufferedBytes > mark else { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    drainWaiters.append(promise)
    drainMark = mark
    return promise.futureResult
  }

  /// Ends the session once everything sent so far is out.
  func finish(reason: String) { perform(machine.finish(reason: reason, now: Self.now)) }

  /// Ends the session now.
  func close(reason: String) { perform(machine.close(reason: reason)) }

  /// Holds or resumes reading; polling clients are not held.
  func setReading(_ isOn: Bool) { link?.setReading(isOn) }

  // MARK: - Effects

  private func perform(_ effects: [EngineSession.Effect]) {
    for effect in effects { perform(effect) }
    schedule()
    settleDrain()
  }

  private func perform(_ effect: EngineSession.Effect) {
    switch effect {
    case .answerPoll(let packets):
      let exchange = pollExchange
      pollExchange = nil
      exchange?.complete(EngineServer.payload(packets))
    case .send(let packets): write(packets)
    case .sendProbe(let packet): probe?.send([packet.frame()], promise: nil)
    case .promoteProbe:
      guard let probe else { return }
      self.probe = nil
      attach(probe)
    case .closeProbe:
      let link = probe
      probe = nil
      link?.onClosed = nil
      link?.close()
    case .deliver(let message): onMessage?(message)
    case .closed(let reason): end(reason)
    }
  }

  private func write(_ packets: [EnginePacket]) {
    guard let link else { return }
    let frames = packets.map { $0.frame() }
    let bytes = frames.reduce(0) { $0 + $1.byteCount }
    inFlightBytes += bytes
    let promise = loop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      guard let self else { return }
      self.inFlightBytes -= bytes
      self.settleDrain()
    }
    link.send(frames, promise: promise)
  }

  private func end(_ reason: String) {
    closedReason = reason
    timer?.task.cancel()
    timer = nil
    link?.onClosed = nil
    link?.onMessage = nil
    link?.onBytes = nil
    link?.close()
    link = nil
    let onClosed = onClosed
    self.onClosed = nil
    onMessage = nil
    onClosed?(reason)
  }

  private func settleDrain() {
    guard !drainWaiters.isEmpty else { return }
    if let closedReason {
      let waiters = drainWaiters
      drainWaiters = []
      for waiter in waiters { waiter.fail(SocketIOError.notConnected(reason: closedReason)) }
    } else if bufferedBytes <= drainMark {
      let waiters = drainWaiters
      drainWaiters = []
      for waiter in waiters { waiter.succeed(()) }
    }
  }

  private func schedule() {
    guard let deadline = machine.deadline else {
      timer?.task.cancel()
      timer = nil
      return
    }
    if timer?.deadline == deadline { return }
    timer?.task.cancel()
    let instant = NIODeadline.uptimeNanoseconds(UInt64(max(0, deadline)))
    let task = loop.assumeIsolated().scheduleTask(deadline: instant) { [weak self] in
      guard let self else { return }
      self.timer = nil
      self.perform(self.machine.tick(now: Self.now))
    }
    timer = (deadline, task)
  }
}
