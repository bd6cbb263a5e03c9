import Contracts
import Events
import RunModel

/// What is known of the breaker: what the worker's log tells of its changes, and what its gauge read.
///
/// The gauge is sampled: it can show an order, or that something never was, only of states that last longer than twice the longest time
/// between two readings (rule 2 of the design's rules of evidence).
struct BreakerWitness: Sendable {
  /// The state that the log told last; nil as long as it told none and no worker was seen to start.
  private(set) var told: Timed<BreakerState>?
  /// The state that the gauge read last; nil for a value that the contract does not know.
  private(set) var read: Timed<BreakerState>?
  /// The state in which the run found it; nil as long as neither says.
  private(set) var atBegin: BreakerState?
  /// Whether the log told of a change in the run.
  private(set) var logTells = false
  /// The states that the log told in the run, the first ones of very many.
  private(set) var tellings: [BreakerState] = []
  /// The changes that the gauge showed in the run.
  private(set) var readings: [BreakerState] = []
  /// How often the gauge was read in the run.
  private(set) var readingCount = 0
  /// The longest time between two readings in the run, from its begin on.
  private(set) var longestGap: EvidenceGap?
  private var began: RunInstant?

  /// Takes in a change that the log tells.
  mutating func note(_ transition: BreakerTransition, at instant: RunInstant) {
    told = Timed(transition.state, at: instant)
    guard let began else { return }
    if instant >= began {
      logTells = true
      if tellings.count < 256 { tellings.append(transition.state) }
    } else if read.map({ instant > $0.at }) ?? true {
      atBegin = transition.state
    }
  }

  /// A worker that says that it starts has a closed breaker.
  mutating func noteStart(at instant: RunInstant) { told = Timed(.closed, at: instant) }

  /// Its process began anew, as something else shows: what its log said of the one before holds no more.
  mutating func noteRestart() {
    told = nil
    isUnsettled = true
  }

  /// What the log says now; nil where it says nothing that still holds.
  var now: BreakerState? { told?.value ?? (isUnsettled ? nil : atBegin) }
  private var isUnsettled = false

  /// Takes in what the gauge reads.
  mutating func note(gauge state: BreakerState?, at instant: RunInstant) {
    defer { if let state { read = Timed(state, at: instant) } }
    guard let began, instant >= began else { return }
    let gap = EvidenceGap(from: max(began, read?.at ?? began), to: instant, reason: "the breaker's gauge was not read")
    if instant.seconds(since: gap.from) > longestGap.map({ ($0.to ?? $0.from).seconds(since: $0.from) }) ?? 0 { longestGap = gap }
    readingCount += 1
    if let state, state != read?.value, read != nil, readings.count < 256 { readings.append(state) }
    if atBegin == nil, !logTells { atBegin = state }
  }

  /// The run begins: how is the breaker found?
  mutating func begin(at instant: RunInstant) {
    began = instant
    switch (told, read) {
    case (let told?, let read?): atBegin = told.at > read.at ? told.value : read.value
    case (let told?, nil): atBegin = told.value
    case (nil, let read?): atBegin = read.value
    case (nil, nil): atBegin = nil
    }
  }

  /// The longest time between two readings up to a moment, in seconds, with the gap; nil where it was not read at all.
  func longestGap(until end: RunInstant) -> (seconds: Double, gap: EvidenceGap)? {
    guard readingCount > 0, let read else { return nil }
    let last = EvidenceGap(from: read.at, to: nil, reason: "the breaker's gauge was not read any more")
    let longest = longestGap ?? last
    let seconds = (longest.to ?? end).seconds(since: longest.from)
    let atEnd = end.seconds(since: read.at)
    return atEnd > seconds ? (atEnd, last) : (seconds, longest)
  }
}

extension JudgeContext {
  /// Templates of the breaker's changes.
  static let breakerTellers: [HappeningKind] = [.breaker, .breakerState]

  /// Why the worker's log cannot tell all changes of the breaker; nil when it can. A gauge that is read often enough shows that there were
  /// none where the log is silent.
  var breakerLogIgnorance: Ignorance? {
    let isPart = breaker.readings.isPart(of: breaker.tellings)
    guard let deaf = deaf(to: Self.breakerTellers) else {
      guard !isPart else { return nil }
      return Ignorance(
        "the gauge went \(breaker.readings.map(\.rawValue).joined(separator: " → ")), of which the log does not tell all")
    }
    let page = metrics[workerMetrics]
    let isOnlySilent =
      breakerLogTells && !deaf.gaps.isEmpty && deaf.gaps.allSatisfy { $0.to.map { page?.hasChanged(since: $0) == true } ?? false }
    return isOnlySilent && isPart
      && breakerGaugeIgnorance(lasting: thresholds.breakerCooldownSeconds) == nil ? nil : deaf
  }

  /// Whether the worker's log tells of the breaker at all, as far as it was read by now.
  var breakerLogTells: Bool { untold(Self.breakerTellers, by: worker) == nil }

  /// Why the gauge cannot show whether the breaker was in a state that lasts at least so long; nil when it can.
  func breakerGaugeIgnorance(lasting seconds: Double) -> Ignorance? {
    if let unscraped = unscraped(workerMetrics) { return unscraped }
    guard let (longest, gap) = breaker.longestGap(until: end) else { return Ignorance("no scrape showed the breaker's gauge") }
    guard 2 * longest >= seconds else { return standstill }
    return Ignorance(
      "the breaker's gauge was not read for \(Figure.seconds(longest)): a state that lasts \(Figure.seconds(seconds)) may be missed",
      gaps: [gap])
  }

  /// Whether so much time lies between two readings of the breaker's gauge that it may have opened and gone half-open between them.
  func isTooLong(from: RunInstant, to end: RunInstant) -> Bool { 2 * end.seconds(since: from) >= thresholds.breakerCooldownSeconds }

  /// How many segments at least are cut in so much time in which something goes in, in pieces: they are cut at a fixed distance, the first
  /// of each piece is cut as it ends, and the one that is let through as a probe is the last.
  func segments(in seconds: Double, pieces: Int) -> Int {
    max(0, Int((seconds / max(0.1, segmentSeconds) - 0.25).rounded(.up)) - max(1, pieces))
  }

  /// Why the worker's page may be frozen: what goes through it changes it with each segment, and nothing has for four of them.
  private var standstill: Ignorance? {
    let last = min(end, input.endedAt ?? end)
    let since = last.advanced(bySeconds: -4 * segmentSeconds - schedulerAllowance)
    guard let page = metrics[workerMetrics], since > begin, !page.hasChanged(since: since) else { return nil }
    return Ignorance("the metrics of \(workerMetrics) have not changed for \(Figure.seconds(4 * segmentSeconds))")
  }

  /// How the breaker was found, for a sentence; empty where it was closed.
  var breakerFound: String {
    switch breaker.atBegin {
    case nil, .closed: ""
    case .open: "; it was open when the run began"
    case .halfOpen: "; it was half-open when the run began"
    }
  }
}

extension [BreakerState] {
  /// Whether these are some of those, in their order.
  func isPart(of all: [BreakerState]) -> Bool {
    var rest = all[...]
    return allSatisfy { state in
      guard let index = rest.firstIndex(of: state) else { return false }
      rest = rest[(index + 1)...]
      return true
    }
  }
}
