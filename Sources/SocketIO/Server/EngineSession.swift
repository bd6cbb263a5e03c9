import NIOCore

/// The rules of one Engine.IO session on the server, without clock and sockets: every input gives effects that the caller carries out in order.
struct EngineSession {
  struct Settings: Sendable, Hashable {
    /// All times in nanoseconds.
    var pingInterval: Int64
    var pingTimeout: Int64
    var upgradeTimeout: Int64
    var maxPayload: Int
  }

  enum Effect: Hashable {
    /// Answers the waiting poll.
    case answerPoll([EnginePacket])
    /// Sends on the WebSocket that carries the session.
    case send([EnginePacket])
    /// Sends on the WebSocket that wants to take over.
    case sendProbe(EnginePacket)
    /// The probing WebSocket carries the session from now on.
    case promoteProbe
    case closeProbe
    case deliver(EngineMessage)
    /// The session is over; its WebSocket, if any, is to be closed.
    case closed(reason: String)
  }

  enum Upgrade: Hashable { case none, attached, probed, done }
  enum State: Hashable { case open, closing(reason: String), closed }

  let settings: Settings
  private(set) var state = State.open
  private(set) var transport: SocketIOTransport
  private(set) var upgrade = Upgrade.none
  private(set) var isPollWaiting = false
  /// Bytes that wait for a poll.
  private(set) var queuedBytes = 0
  private var queue = CircularBuffer<EnginePacket>()
  private var nextPing: Int64?
  private var pongDeadline: Int64?
  private var upgradeDeadline: Int64?
  private var closeDeadline: Int64?
  private var lastPacket: Int64

  init(settings: Settings, transport: SocketIOTransport, now: Int64) {
    self.settings = settings
    self.transport = transport
    lastPacket = now
    nextPing = now + settings.pingInterval
  }

  /// When `tick` should be called next; `nil` when the session is closed.
  var deadline: Int64? { [nextPing, pongDeadline, upgradeDeadline, closeDeadline].compactMap { $0 }.min() }

  // MARK: - Requests

  /// A poll came in. False: refuse it with 400 (the effects are still to be carried out).
  mutating func poll() -> (isAccepted: Bool, effects: [Effect]) {
    guard state != .closed, transport == .polling else { return (false, []) }
    if isPollWaiting {
      isPollWaiting = false
      return (false, [.answerPoll([.close])] + close(reason: SocketIODisconnectReason.transportError))
    }
    isPollWaiting = true
    return (true, flush())
  }

  /// The client left a poll that was waiting.
  mutating func pollAborted() -> [Effect] {
    isPollWaiting = false
    return close(reason: SocketIODisconnectReason.transportError)
  }

  /// The WebSocket that carries the session is gone.
  mutating func linkClosed(isError: Bool) -> [Effect] {
    if case .closing(let reason) = state { return close(reason: reason) }
    return close(reason: isError ? SocketIODisconnectReason.transportError : SocketIODisconnectReason.transportClose)
  }

  /// A WebSocket asks to take over. False: close it.
  mutating func attachProbe(now: Int64) -> Bool {
    guard state == .open, transport == .polling, upgrade == .none else { return false }
    upgrade = .attached
    upgradeDeadline = now + settings.upgradeTimeout
    return true
  }

  /// The probing WebSocket is gone before it took over.
  mutating func probeClosed() -> [Effect] {
    guard upgrade == .attached || upgrade == .probed else { return [] }
    upgrade = .none
    upgradeDeadline = nil
    return flush()
  }

  /// A packet on the probing WebSocket.
  mutating func receiveProbe(_ packet: EnginePacket, now: Int64) -> [Effect] {
    guard state != .closed else { return [.closeProbe] }
    lastPacket = now
    switch packet {
    case .ping(EnginePacket.probe) where upgrade == .attached || upgrade == .probed:
      upgrade = .probed
      return [.sendProbe(.pong(EnginePacket.probe))] + flush()
    case .upgrade where upgrade == .probed:
      upgrade = .done
      upgradeDeadline = nil
      var effects: [Effect] = []
      if isPollWaiting {
        isPollWaiting = false
        effects.append(.answerPoll([.noop]))
      }
      transport = .websocket
      effects.append(.promoteProbe)
      return effects + flush()
    default:
      return [.closeProbe] + probeClosed()
    }
  }

  /// A part of a message has come.
  mutating func touch(now: Int64) { lastPacket = now }

  /// A packet on the session's own transport.
  mutating func receive(_ packet: EnginePacket, now: Int64) -> [Effect] {
    guard state != .closed else { return [] }
    lastPacket = now
    switch packet {
    case .message(let message): return state == .open ? [.deliver(message)] : []
    case .pong:
      if pongDeadline != nil {
        pongDeadline = nil
        nextPing = now + settings.pingInterval
      }
      return []
    case .close:
      var effects: [Effect] = []
      if isPollWaiting {
        isPollWaiting = false
        effects.append(.answerPoll([.noop]))
      }
      return effects + close(reason: SocketIODisconnectReason.transportClose)
    case .noop: return []
    case .open, .ping, .upgrade: return close(reason: SocketIODisconnectReason.parseError)
    }
  }

  // MARK: - Sending and ending

  mutating func send(_ packets: [EnginePacket]) -> [Effect] {
    guard state == .open else { return [] }
    enqueue(packets)
    return flush()
  }

  /// Ends the session after what is queued has gone out.
  mutating func finish(reason: String, now: Int64) -> [Effect] {
    guard state == .open else { return [] }
    if transport == .websocket { return close(reason: reason) }
    enqueue([.close])
    state = .closing(reason: reason)
    closeDeadline = now + settings.pingTimeout
    nextPing = nil
    pongDeadline = nil
    return flush()
  }

  /// Ends the session now.
  mutating func close(reason: String) -> [Effect] {
    guard state != .closed else { return [] }
    state = .closed
    nextPing = nil
    pongDeadline = nil
    upgradeDeadline = nil
    closeDeadline = nil
    queue.removeAll()
    queuedBytes = 0
    var effects: [Effect] = []
    if isPollWaiting {
      isPollWaiting = false
      effects.append(.answerPoll([.close]))
    }
    if upgrade == .attached || upgrade == .probed { effects.append(.closeProbe) }
    return effects + [.closed(reason: reason)]
  }

  mutating func tick(now: Int64) -> [Effect] {
    var effects: [Effect] = []
    if let closeDeadline, now >= closeDeadline, case .closing(let reason) = state { return close(reason: reason) }
    if let upgradeDeadline, now >= upgradeDeadline { effects += [.closeProbe] + probeClosed() }
    if let pongDeadline, now >= pongDeadline {
      // A client that is still sending is alive: its pong may be stuck behind a large message.
      if now - lastPacket < settings.pingTimeout {
        self.pongDeadline = lastPacket + settings.pingTimeout
      } else if now - pongDeadline > settings.pingTimeout / 4 {
        // We ourselves were held up: the pong may wait in the socket, unread.
        self.pongDeadline = now + settings.pingTimeout / 4
      } else {
        return effects + close(reason: SocketIODisconnectReason.pingTimeout)
      }
    }
    if let due = nextPing, now >= due {
      nextPing = nil
      pongDeadline = due + settings.pingTimeout
      if now - due >= settings.pingTimeout { pongDeadline = now + settings.pingTimeout }
      effects += send([.plainPing])
    }
    return effects
  }

  private mutating func enqueue(_ packets: [EnginePacket]) {
    for packet in packets {
      queue.append(packet)
      queuedBytes += packet.payloadSize
    }
  }

  private mutating func flush() -> [Effect] {
    if transport == .websocket {
      guard !queue.isEmpty else { return [] }
      let packets = Array(queue)
      queue.removeAll()
      queuedBytes = 0
      return [.send(packets)]
    }
    guard isPollWaiting else { return [] }
    if upgrade == .probed {
      // Nothing more goes through polling: the client must be free to switch, and order must hold.
      isPollWaiting = false
      return [.answerPoll([.noop])]
    }
    guard !queue.isEmpty else { return [] }
    isPollWaiting = false
    let batch = nextBatch()
    if batch.last == .close, case .closing(let reason) = state { return [.answerPoll(batch)] + close(reason: reason) }
    return [.answerPoll(batch)]
  }

  private mutating func nextBatch() -> [EnginePacket] {
    var batch: [EnginePacket] = []
    var size = 0
    while let packet = queue.first, batch.count < EnginePayload.maxPacketsWritten {
      let packetSize = packet.payloadSize
      if !batch.isEmpty, size + packetSize + 1 > settings.maxPayload { break }
      size += packetSize + 1
      queuedBytes -= packetSize
      batch.append(queue.removeFirst())
    }
    return batch
  }
}
