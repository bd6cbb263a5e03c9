import HarnessModel

/// Sees every event as it arrives, before anything is coalesced or dropped: the recorder's place.
public protocol EventTap: Sendable {
  /// Takes one event; called in order, and must return at once.
  ///
  /// Sequence numbers here count what arrived; those of ``Inbox/nextBatch()`` count what was delivered. Both begin at 0 and have no
  /// holes; they differ once samples were coalesced.
  func record(_ envelope: EventEnvelope)
}

/// The bounded mailbox between sources and the reader of a run.
///
/// Of samples, ticks and source standings only the latest of a source waits for the reader. Happenings and log lines wait in order, up to limits;
/// beyond, the oldest log lines go first, then the oldest happenings, and both are counted where people see it.
public actor Inbox: EventSink, EventFeed {
  /// How much waits for a slow reader.
  public struct Limits: Sendable, Hashable {
    /// Happenings and descriptions.
    public var happenings: Int
    /// Log lines of all services.
    public var logLines: Int
    /// Bytes of log lines of all services.
    public var logBytes: Int

    /// Limits of what waits.
    public init(happenings: Int = 10_000, logLines: Int = 20_000, logBytes: Int = 16 * 1024 * 1024) {
      self.happenings = max(1, happenings)
      self.logLines = max(1, logLines)
      self.logBytes = max(1, logBytes)
    }
  }

  private struct Pending {
    var order: UInt64
    var instant: RunInstant
    var wall: WallTime
    var source: SourceID
    var event: RunEvent
    var bytes = 0
  }

  /// What of a source is replaced by its successor.
  private struct Slot: Hashable {
    enum Kind: Hashable { case health, metrics, mediaPaths, stream, publisher, ownCost, status, tick }
    var source: SourceID
    var kind: Kind
  }

  private let clock: any RunClock
  private let limits: Limits
  private let taps: [any EventTap]
  private var latest: [Slot: Pending] = [:]
  private var happenings = Queue<Pending>()
  private var logs = Queue<Pending>()
  private var waitingLines = 0
  private var waitingBytes = 0
  private var arrived: UInt64 = 0
  private var delivered: UInt64 = 0
  private var isFinished = false
  private var reader: CheckedContinuation<Void, Never>?

  /// How many happenings were lost since the run began because the reader was too slow.
  public private(set) var droppedHappenings = 0
  /// How many log lines were lost since the run began because the reader was too slow.
  public private(set) var droppedLines = 0

  /// An empty mailbox.
  public init(clock: any RunClock, limits: Limits = Limits(), taps: [any EventTap] = []) {
    self.clock = clock
    self.limits = limits
    self.taps = taps
  }

  /// Stamps an event and keeps it for the reader; never waits.
  public func emit(_ event: RunEvent, from source: SourceID) {
    guard !isFinished else { return }
    var pending = Pending(order: arrived, instant: clock.now(), wall: clock.wallNow(), source: source, event: event)
    arrived += 1
    if !taps.isEmpty {
      let envelope = EventEnvelope(
        sequence: pending.order, instant: pending.instant, wall: pending.wall, source: source, event: event)
      for tap in taps { tap.record(envelope) }
    }
    switch event {
    case .sample, .sourceStatus, .tick: replace(pending)
    case .logLines(let lines):
      guard !lines.isEmpty else { break }
      pending.bytes = lines.reduce(0) { $0 + $1.text.utf8.count + 64 }
      waitingLines += lines.count
      waitingBytes += pending.bytes
      logs.append(pending)
      dropOldLogs()
    case .happening, .description:
      happenings.append(pending)
      dropOldHappenings()
    }
    wake()
  }

  /// Ends the run: the reader gets what is left, then nil. Later events are ignored.
  public func finish() {
    isFinished = true
    wake()
  }

  /// Waits for new events; nil when the run is over and everything was handed out, or the waiting task was cancelled.
  public func nextBatch() async -> EventBatch? {
    while isEmpty, !isFinished, !Task.isCancelled {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          // A second reader displaces the first, which then looks again.
          reader?.resume()
          reader = nil
          if isEmpty, !isFinished, !Task.isCancelled { reader = continuation } else { continuation.resume() }
        }
      } onCancel: {
        Task { await self.wake() }
      }
    }
    guard !isEmpty else { return nil }
    return takeAll()
  }

  private var isEmpty: Bool { latest.isEmpty && happenings.isEmpty && logs.isEmpty }

  private func wake() {
    reader?.resume()
    reader = nil
  }

  private func takeAll() -> EventBatch {
    var all = latest.values + happenings.takeAll() + logs.takeAll()
    all.sort { $0.order < $1.order }
    latest.removeAll(keepingCapacity: true)
    waitingLines = 0
    waitingBytes = 0
    let events = all.map { pending in
      defer { delivered += 1 }
      return EventEnvelope(
        sequence: delivered, instant: pending.instant, wall: pending.wall, source: pending.source, event: pending.event)
    }
    return EventBatch(events: events, dropped: droppedHappenings + droppedLines)
  }

  private func replace(_ pending: Pending) {
    var pending = pending
    let kind: Slot.Kind
    switch pending.event {
    case .sample(.health): kind = .health
    case .sample(.metrics): kind = .metrics
    case .sample(.mediaPaths): kind = .mediaPaths
    case .sample(.stream): kind = .stream
    case .sample(.publisher): kind = .publisher
    case .sample(.ownCost): kind = .ownCost
    case .sourceStatus: kind = .status
    case .tick, .happening, .logLines, .description: kind = .tick
    }
    let slot = Slot(source: pending.source, kind: kind)
    // A restart seen by a sample that nobody read must not be lost with it.
    if case .sample(.metrics(var new)) = pending.event, case .sample(.metrics(let old))? = latest[slot]?.event {
      new.resetSignals += old.resetSignals.filter { !new.resetSignals.contains($0) }
      pending.event = .sample(.metrics(new))
    }
    latest[slot] = pending
  }

  private func dropOldLogs() {
    while logs.count > 1, waitingLines > limits.logLines || waitingBytes > limits.logBytes, let oldest = logs.popFirst() {
      guard case .logLines(let lines) = oldest.event else { continue }
      waitingLines -= lines.count
      waitingBytes -= oldest.bytes
      droppedLines += lines.count
    }
  }

  private func dropOldHappenings() {
    guard happenings.count > limits.happenings else { return }
    // What a run is must arrive; of everything else the oldest goes.
    let isHappening: (Pending) -> Bool = { if case .happening = $0.event { true } else { false } }
    if happenings.removeFirst(where: isHappening) == nil { _ = happenings.popFirst() }
    droppedHappenings += 1
  }
}
