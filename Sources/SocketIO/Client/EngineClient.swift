import NIOCore

/// Engine.IO from the client's side: handshake, upgrade, heartbeat, both transports. Confined to one event loop.
final class EngineClient {
  let loop: any EventLoop
  let configuration: SocketIOClientConfiguration
  let http: ClientHTTP
  var handshake: EngineHandshake?
  var transport: SocketIOTransport?
  var closedReason: String?
  var link: WebSocketLink?
  var queue = CircularBuffer<EnginePacket>()
  var queuedBytes = 0
  var inFlightBytes = 0
  var isPosting = false
  private var isFinishing: String?
  private var heartbeat: Scheduled<Void>?
  var lastPacket = NIODeadline.now()
  private var channels: [ObjectIdentifier: any Channel] = [:]
  private var drainWaiters: [EventLoopPromise<Void>] = []

  var onMessage: ((EngineMessage) -> Void)?
  var onClosed: ((String) -> Void)?

  init(loop: any EventLoop, address: ClientAddress, configuration: SocketIOClientConfiguration) {
    self.loop = loop
    self.configuration = configuration
    http = ClientHTTP(
      loop: loop, address: address, headers: address.headers(configuration.headers),
      // A polling answer may hold several messages, binary ones as base64.
      maxBody: configuration.maxPayload / 3 * 4 + (1 << 16))
  }

  var bufferedBytes: Int { queuedBytes + inFlightBytes }

  // MARK: - Packets

  func receive(_ packet: EnginePacket) {
    guard closedReason == nil else { return }
    lastPacket = .now()
    switch packet {
    case .ping(let data): enqueue([.pong(data)])
    case .message(let message): onMessage?(message)
    case .close: close(SocketIODisconnectReason.transportClose)
    case .noop, .pong, .upgrade, .open: break
    }
  }

  /// Any packet proves that the server is there; looked at when the time is up, so that a packet costs no timer.
  func armHeartbeat() {
    lastPacket = .now()
    guard heartbeat == nil, let handshake else { return }
    watch(until: .now() + TimeAmount(handshake.pingInterval + handshake.pingTimeout), limit: handshake.pingInterval + handshake.pingTimeout)
  }

  private func watch(until deadline: NIODeadline, limit: Duration) {
    heartbeat = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
      guard let self, self.closedReason == nil else { return }
      let now = NIODeadline.now()
      let due = self.lastPacket + TimeAmount(limit)
      let lateness = now - deadline
      if due > now {
        self.watch(until: due, limit: limit)
      } else if lateness > TimeAmount(limit / 4) {
        // This loop itself was held up: what the server sent may wait in the socket, unread.
        self.watch(until: now + TimeAmount(limit / 4), limit: limit)
      } else {
        self.close(SocketIODisconnectReason.pingTimeout)
      }
    }
  }

  /// The largest message that the server takes and we send.
  var maxMessage: Int { min(handshake?.maxPayload ?? configuration.maxPayload, configuration.maxPayload) }

  func send(_ messages: [EngineMessage]) {
    guard isFinishing == nil else { return }
    enqueue(messages.map { .message($0) })
    if bufferedBytes > configuration.maxBufferedBytes { close(SocketIODisconnectReason.slowReader) }
  }

  private func enqueue(_ packets: [EnginePacket]) {
    guard closedReason == nil else { return }
    for packet in packets {
      queue.append(packet)
      queuedBytes += packet.payloadSize
    }
    flush()
  }

  func flush() {
    guard closedReason == nil else { return }
    guard transport == .websocket else { return transport == nil ? () : post() }
    guard let link, !queue.isEmpty else { return settleFinish() }
    let frames = queue.map { $0.frame() }
    let bytes = frames.reduce(0) { $0 + $1.byteCount }
    queue.removeAll()
    queuedBytes = 0
    inFlightBytes += bytes
    let promise = loop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      guard let self else { return }
      self.inFlightBytes -= bytes
      self.settleDrain()
      self.settleFinish()
    }
    link.send(frames, promise: promise)
  }

  /// Succeeds once no more than the high-water mark waits.
  func drained() -> EventLoopFuture<Void> {
    if let closedReason { return loop.makeFailedFuture(SocketIOError.notConnected(reason: closedReason)) }
    guard bufferedBytes > configuration.sendHighWater else { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    drainWaiters.append(promise)
    return promise.futureResult
  }

  func settleDrain() {
    guard bufferedBytes <= configuration.sendHighWater || closedReason != nil else { return }
    let waiters = drainWaiters
    drainWaiters = []
    for waiter in waiters {
      if let closedReason { waiter.fail(SocketIOError.notConnected(reason: closedReason)) } else { waiter.succeed(()) }
    }
  }

  /// Holds or resumes reading; polling is not held.
  func setReading(_ isOn: Bool) { link?.setReading(isOn) }

  // MARK: - The end

  /// Says goodbye once everything sent is out, at the latest after one second.
  func finish(_ reason: String) {
    guard closedReason == nil, isFinishing == nil else { return }
    guard handshake != nil else { return close(reason) }
    if transport == .polling { enqueue([.close]) }
    isFinishing = reason
    loop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in self?.close(reason) }
    settleFinish()
  }

  func settleFinish() {
    if let isFinishing, queue.isEmpty, !isPosting, inFlightBytes == 0 { close(isFinishing) }
  }

  func close(_ reason: String) {
    guard closedReason == nil else { return }
    let reason = isFinishing ?? reason
    closedReason = reason
    heartbeat?.cancel()
    queue.removeAll()
    queuedBytes = 0
    link?.onClosed = nil
    link?.onMessage = nil
    link?.close()
    link = nil
    let open = Array(channels.values)
    for channel in open { channel.close(promise: nil) }
    settleDrain()
    let onClosed = onClosed
    self.onClosed = nil
    onMessage = nil
    onClosed?(reason)
  }

  func track(_ channel: any Channel) {
    guard closedReason == nil else { return channel.close(promise: nil) }
    let id = ObjectIdentifier(channel)
    channels[id] = channel
    channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in self?.channels[id] = nil }
  }
}
