import NIOCore
import NIOHTTP1

/// Engine.IO from the client's side: handshake, upgrade, heartbeat, both transports. Confined to one event loop.
final class EngineClient {
  let loop: any EventLoop
  let configuration: SocketIOClientConfiguration
  let http: ClientHTTP
  private(set) var handshake: EngineHandshake?
  private(set) var transport: SocketIOTransport?
  private(set) var closedReason: String?
  private var link: WebSocketLink?
  private var queue = CircularBuffer<EnginePacket>()
  private var queuedBytes = 0
  private var inFlightBytes = 0
  private var isPosting = false
  private var isFinishing: String?
  private var heartbeat: Scheduled<Void>?
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

  // MARK: - Opening

  func open() -> EventLoopFuture<Void> {
    let transports = configuration.transports
    guard let first = transports.first else {
      return loop.makeFailedFuture(SocketIOError.badAddress("no transport is allowed"))
    }
    if first == .websocket { return openWebSocket() }
    return http.request(.GET, http.address.target(.polling, sid: nil), timeout: configuration.connectTimeout) { [weak self] in
      self?.track($0)
    }
    .assumeIsolated()
    .flatMapThrowing { status, body in
      guard status == 200 else {
        throw SocketIOError.handshakeFailed("the server answered \(status): \(String(buffer: body).prefix(200))")
      }
      return try self.begin(body)
    }
    .flatMap { rest -> EventLoopFuture<Void> in
      guard transports.contains(.websocket), self.handshake?.canUpgrade == true else {
        self.beginPolling(rest)
        return self.loop.makeSucceededVoidFuture()
      }
      return self.upgrade(rest)
    }
    .nonisolated()
  }

  private func begin(_ body: ByteBuffer) throws -> [EnginePacket] {
    guard var packets = try? EnginePayload.decode(body), case .open(let data) = packets.first else {
      throw SocketIOError.handshakeFailed("the server's first packet is not an open packet")
    }
    try opened(data, .polling)
    packets.removeFirst()
    return packets
  }

  private func opened(_ data: ByteBuffer, _ transport: SocketIOTransport) throws {
    handshake = try EngineHandshake(data)
    self.transport = transport
    armHeartbeat()
  }

  private func openWebSocket() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    let target = http.address.target(.websocket, sid: nil)
    http.webSocket(target, maxMessage: configuration.maxPayload, timeout: configuration.connectTimeout).assumeIsolated().whenComplete {
      result in
      switch result {
      case .failure(let error): promise.fail(error)
      case .success(let bound):
        let link = bound.value
        self.link = link
        guard self.closedReason == nil else {
          link.close()
          return promise.fail(SocketIOError.notConnected(reason: self.closedReason ?? ""))
        }
        link.onClosed = { _ in promise.fail(SocketIOError.handshakeFailed("the server closed the WebSocket before its open packet")) }
        link.onMessage = { message in
          do {
            guard case .open(let data) = try EnginePacket.decode(frame: message) else {
              throw SocketIOError.handshakeFailed("the server's first packet is not an open packet")
            }
            try self.opened(data, .websocket)
            self.attach(link)
            promise.succeed(())
          } catch {
            link.onClosed = nil
            link.close()
            promise.fail(error)
          }
        }
      }
    }
    return promise.futureResult
  }

  /// Probes a WebSocket; where that fails, polling goes on.
  private func upgrade(_ rest: [EnginePacket]) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    let target = http.address.target(.websocket, sid: handshake?.sid)
    http.webSocket(target, maxMessage: configuration.maxPayload, timeout: configuration.connectTimeout).assumeIsolated().whenComplete {
      result in
      var isSettled = false
      let fallBack = {
        guard !isSettled else { return }
        isSettled = true
        self.beginPolling(rest)
        promise.succeed(())
      }
      guard case .success(let bound) = result else { return fallBack() }
      let link = bound.value
      guard self.closedReason == nil else {
        link.close()
        return fallBack()
      }
      link.onClosed = { _ in fallBack() }
      link.onMessage = { message in
        guard !isSettled else { return }
        guard case .pong(EnginePacket.probe)? = try? EnginePacket.decode(frame: message) else {
          link.close()
          return fallBack()
        }
        isSettled = true
        link.send([EnginePacket.upgrade.frame()], promise: nil)
        self.transport = .websocket
        self.attach(link)
        for packet in rest { self.receive(packet) }
        self.flush()
        promise.succeed(())
      }
      link.send([EnginePacket.ping(EnginePacket.probe).frame()], promise: nil)
    }
    return promise.futureResult
  }

  private func attach(_ link: WebSocketLink) {
    self.link = link
    link.onMessage = { [weak self] message in
      guard let self else { return }
      guard let packet = try? EnginePacket.decode(frame: message) else { return self.close(SocketIODisconnectReason.parseError) }
      self.receive(packet)
    }
    link.onClosed = { [weak self] isError in
      self?.link = nil
      self?.close(isError ? SocketIODisconnectReason.transportError : SocketIODisconnectReason.transportClose)
    }
  }

  // MARK: - Polling

  private func beginPolling(_ packets: [EnginePacket]) {
    for packet in packets { receive(packet) }
    poll()
    flush()
  }

  private func poll() {
    guard closedReason == nil, transport == .polling, let handshake else { return }
    let timeout = handshake.pingInterval + handshake.pingTimeout + .seconds(5)
    http.request(.GET, http.address.target(.polling, sid: handshake.sid), timeout: timeout) { [weak self] in self?.track($0) }
      .assumeIsolated()
      .whenComplete { [weak self] result in
        guard let self, self.closedReason == nil else { return }
        guard case .success((200, let body)) = result else { return self.close(SocketIODisconnectReason.transportError) }
        guard let packets = try? EnginePayload.decode(body) else { return self.close(SocketIODisconnectReason.parseError) }
        for packet in packets { self.receive(packet) }
        self.poll()
      }
  }

  private func post() {
    guard !isPosting, !queue.isEmpty, let handshake else { return settleFinish() }
    let limit = min(handshake.maxPayload ?? configuration.maxPayload, configuration.maxPayload)
    var batch: [EnginePacket] = []
    var size = 0
    while let packet = queue.first, batch.count < EnginePayload.maxPacketsWritten {
      let packetSize = packet.payloadSize
      if !batch.isEmpty, size + packetSize + 1 > limit { break }
      size += packetSize + 1
      batch.append(queue.removeFirst())
      queuedBytes -= packetSize
    }
    isPosting = true
    inFlightBytes += size
    http.request(
      .POST, http.address.target(.polling, sid: handshake.sid), body: EnginePayload.encode(batch), timeout: configuration.requestTimeout
    ) { [weak self] in self?.track($0) }
    .assumeIsolated()
    .whenComplete { [weak self] result in
      guard let self else { return }
      self.isPosting = false
      self.inFlightBytes -= size
      guard self.closedReason == nil else { return }
      guard case .success((200, _)) = result else { return self.close(SocketIODisconnectReason.transportError) }
      self.settleDrain()
      self.flush()
    }
  }

  // MARK: - Packets

  private func receive(_ packet: EnginePacket) {
    guard closedReason == nil else { return }
    switch packet {
    case .ping(let data):
      armHeartbeat()
      enqueue([.pong(data)])
    case .message(let message): onMessage?(message)
    case .close: close(SocketIODisconnectReason.transportClose)
    case .noop, .pong, .upgrade, .open: break
    }
  }

  private func armHeartbeat() {
    heartbeat?.cancel()
    guard let handshake else { return }
    heartbeat = loop.assumeIsolated().scheduleTask(in: TimeAmount(handshake.pingInterval + handshake.pingTimeout)) { [weak self] in
      self?.close(SocketIODisconnectReason.pingTimeout)
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

  private func flush() {
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

  private func settleDrain() {
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

  private func settleFinish() {
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

  private func track(_ channel: any Channel) {
    guard closedReason == nil else { return channel.close(promise: nil) }
    let id = ObjectIdentifier(channel)
    channels[id] = channel
    channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in self?.channels[id] = nil }
  }
}
