import NIOCore

/// Events between an event loop and one reader, bounded in number and bytes.
final class EventQueue: Sendable {
  enum Outcome { case accepted, overflow }

  private struct State {
    var events = CircularBuffer<(event: SocketIOEvent, bytes: Int)>()
    var bytes = 0
    var waiter: CheckedContinuation<SocketIOEvent?, Never>?
    var isFinished = false
    var isHeld = false
  }

  private let state = Locked(State())
  private let maxEvents: Int
  private let maxBytes: Int
  private let holdBytes: Int
  /// Tells the sender to hold (true) when much waits, and to go on when the reader has caught up.
  private let onHold: @Sendable (Bool) -> Void

  init(maxEvents: Int, maxBytes: Int, holdBytes: Int, onHold: @escaping @Sendable (Bool) -> Void) {
    self.maxEvents = maxEvents
    self.maxBytes = maxBytes
    self.holdBytes = holdBytes
    self.onHold = onHold
  }

  func push(_ event: SocketIOEvent, bytes: Int = 0) -> Outcome {
    let (outcome, waiter, hold) = state.withLock { state -> (Outcome, CheckedContinuation<SocketIOEvent?, Never>?, Bool) in
      guard !state.isFinished else { return (.accepted, nil, false) }
      if let waiter = state.waiter {
        state.waiter = nil
        return (.accepted, waiter, false)
      }
      guard state.events.count < maxEvents, state.bytes + bytes <= maxBytes || state.events.isEmpty else { return (.overflow, nil, false) }
      state.events.append((event, bytes))
      state.bytes += bytes
      let hold = !state.isHeld && (state.bytes > holdBytes || state.events.count > maxEvents / 2)
      if hold { state.isHeld = true }
      return (.accepted, nil, hold)
    }
    waiter?.resume(returning: event)
    if hold { onHold(true) }
    return outcome
  }

  /// Appends the last event, whatever waits, and ends the stream after it.
  func finish(_ last: SocketIOEvent?) {
    let waiter = state.withLock { state -> CheckedContinuation<SocketIOEvent?, Never>? in
      guard !state.isFinished else { return nil }
      state.isFinished = true
      let waiter = state.waiter
      state.waiter = nil
      if waiter == nil, let last { state.events.append((last, 0)) }
      return waiter
    }
    waiter?.resume(returning: last)
  }

  /// The next event; `nil` at the end, after cancellation, and for a second reader.
  func next() async -> SocketIOEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (event, resume, release) = state.withLock { state -> (SocketIOEvent?, Bool, Bool) in
          if !state.events.isEmpty {
            let (event, bytes) = state.events.removeFirst()
            state.bytes -= bytes
            let release = state.isHeld && state.bytes <= holdBytes / 2 && state.events.count <= maxEvents / 4
            if release { state.isHeld = false }
            return (event, true, release)
          }
          if state.isFinished || state.waiter != nil || Task.isCancelled { return (nil, true, false) }
          state.waiter = continuation
          return (nil, false, false)
        }
        if resume { continuation.resume(returning: event) }
        if release { onHold(false) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<SocketIOEvent?, Never>? in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(returning: nil)
    }
  }

  var stream: AsyncStream<SocketIOEvent> { AsyncStream(unfolding: { await self.next() }) }
}
