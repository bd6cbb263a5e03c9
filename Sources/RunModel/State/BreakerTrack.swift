import Contracts
import Events
import WireFormats

/// What is known of the circuit breaker: what the log tells, what the gauge says, and whether they agree.
package struct BreakerTrack: Codable, Sendable {
  /// One change of state and how it is known.
  package struct Entry: Codable, Hashable, Sendable {
    /// When it occurred.
    package var at: RunInstant
    /// The change.
    package var transition: BreakerTransition
    /// How it is known.
    package var provenance: Happening.Provenance
  }

  /// Whether gauge and log say the same.
  package enum Agreement: Codable, Hashable, Sendable {
    /// Only one of them speaks.
    case unobservable(reason: String)
    /// They agree.
    case agrees
    /// They do not; in words.
    case disagrees(String)
  }

  /// The worst of several streams.
  package struct WorstStream: Codable, Hashable, Sendable {
    /// Its name.
    package var name: String
    /// How many streams are as bad as it.
    package var count: Int
    /// How many streams there are.
    package var streams: Int

    /// The worst stream, of so many.
    package init(name: String, count: Int, streams: Int) {
      self.name = name
      self.count = count
      self.streams = streams
    }
  }

  /// What may be wrong with the gauge; the finding's identifier.
  enum GaugeFault: String, Codable, CaseIterable, Sendable {
    case unclear = "breaker-gauge-unclear"
    case unknown = "breaker-gauge-unknown"
    case disagrees = "breaker-gauge-disagrees"
  }

  /// How long gauge and log may differ, in seconds: the gauge is sampled, the log is written at once.
  package static let toleranceSeconds = 2.0

  /// Changes of state, oldest first.
  package internal(set) var entries: History<Entry>
  /// What the gauge read, one point per change: its code and the state the contract makes of it.
  package internal(set) var gauge: History<Timed<Double>>
  /// The state the gauge means; nil before the first scrape or for a code that the contract does not know.
  package internal(set) var gaugeState: BreakerState?
  /// When the gauge was last read.
  package internal(set) var gaugeReadAt: RunInstant?
  /// What the gauge said when it was last read, where good scrapes show it no more, or not so that it can be understood.
  package internal(set) var lastShown: Timed<BreakerState>?
  /// The state that the log tells, and since when.
  package internal(set) var logState: Timed<BreakerState>?
  /// Consecutive failures counted so far.
  package internal(set) var consecutiveFailures = 0
  /// When the last failure was.
  package internal(set) var lastFailure: RunInstant?
  /// Whether gauge and log say the same.
  package internal(set) var agreement: Agreement = .unobservable(reason: "neither gauge nor log seen yet")
  /// The stream whose gauge is told, where several have one: that of the worst; nil where there is one gauge.
  package internal(set) var worstStream: WorstStream?
  /// Why the gauge's newest reading cannot be understood, though it is there; nil while it can. May carry text from outside.
  package internal(set) var unclear: String?
  /// What was found wrong with the gauge and not taken back.
  private var told: GaugeFault?
  private var disagreeingSince: RunInstant?
  private var logTellsTransitions = false

  init(limits: StateLimits) {
    entries = History(limit: min(limits.points, 500))
    gauge = History(limit: limits.points)
  }

  /// The state now: the log's where it tells transitions, else the gauge's.
  package var state: BreakerState? { logTellsTransitions ? logState?.value : gaugeState ?? logState?.value }

  /// Since when it is in this state; nil where the change was not seen.
  package var since: RunInstant? { entries.last.flatMap { $0.transition.state == state ? $0.at : nil } }

  /// Whether the state is concluded from the gauge rather than told by the log.
  package var isInferred: Bool { !logTellsTransitions }

  /// When the breaker can go half-open at the earliest: cooldown after the last failure. Nil unless it is open.
  package func earliestHalfOpen(cooldownSeconds: Double) -> RunInstant? {
    guard state == .open else { return nil }
    guard let opened = entries.last(where: { $0.transition.state == .open })?.at else { return nil }
    return max(opened, lastFailure ?? opened).advanced(bySeconds: cooldownSeconds)
  }

  /// Drops what is too old. One point a change: the newest one at or before the limit still holds there and stays.
  mutating func trim(before oldest: RunInstant) {
    while gauge.count > 1, gauge[1].at <= oldest { gauge.dropFirst() }
  }

  /// A transition that a log line tells.
  /// - Returns: the same with the state that it came from, where the line does not tell that and it is known.
  @discardableResult
  mutating func note(_ transition: BreakerTransition, provenance: Happening.Provenance, at instant: RunInstant) -> BreakerTransition {
    logTellsTransitions = true
    var transition = transition
    // The poll may have been faster than the log: the same change, concluded a moment ago, is replaced.
    let isSame: (Entry) -> Bool = {
      $0.provenance == .inferred && $0.transition.state == transition.state && abs($0.at.seconds(since: instant)) < 3
    }
    let replaced = entries.suffix(3).last(where: isSame)?.transition.from
    let before = replaced ?? entries.last(where: { !isSame($0) })?.transition.state ?? logState?.value ?? gaugeState
    if transition.from == nil, before != transition.state { transition.from = before }
    let entry = Entry(at: instant, transition: transition, provenance: provenance)
    if !entries.updateLast(depth: 3, where: isSame, { $0 = entry }) { entries.append(entry) }
    logState = Timed(transition.state, at: instant)
    if let count = transition.failureCount { consecutiveFailures = count }
    if transition.state == .closed { consecutiveFailures = 0 }
    if transition.state == .open, transition.trigger != .success { lastFailure = max(lastFailure ?? instant, instant) }
    return transition
  }

  /// What the gauge read at a scrape.
  mutating func noteGauge(code: Double, state: BreakerState?, at instant: RunInstant) {
    lastShown = nil
    unclear = nil
    gaugeReadAt = instant
    let before = gaugeState
    let isFirst = gauge.isEmpty
    if gauge.last?.value != code { gauge.append(Timed(code, at: instant)) }
    gaugeState = state
    guard !logTellsTransitions, let state, state != before || isFirst else { return }
    // At the first look only an unusual state is worth an entry; that it is closed is no change.
    if isFirst && state == .closed { return }
    entries.append(Entry(at: instant, transition: BreakerTransition(from: before, state: state), provenance: .inferred))
    if state == .closed { consecutiveFailures = 0 }
  }

  /// A scrape shows the gauge, and the contract cannot read it.
  mutating func noteUnclear(_ reason: String, at instant: RunInstant) {
    // What it said last is not over for that.
    if let gaugeReadAt, let gaugeState { lastShown = Timed(gaugeState, at: gaugeReadAt) }
    unclear = reason
    gaugeReadAt = instant
    gaugeState = nil
  }

  /// Another process: how its breaker stands is not known before its gauge or its log tells.
  mutating func noteRestart() {
    gaugeState = nil
    gaugeReadAt = nil
    unclear = nil
    worstStream = nil
    logState = nil
    logTellsTransitions = false
    consecutiveFailures = 0
    lastFailure = nil
    disagreeingSince = nil
    lastShown = nil
    agreement = .unobservable(reason: "neither gauge nor log seen since the restart")
  }

  /// The log is not read any more, or lines of it are lost: what it told last may be over, and from here on the gauge tells, where one is read.
  mutating func noteLogLost() {
    logTellsTransitions = false
    disagreeingSince = nil
  }

  /// A good scrape without the gauge: what it said is history.
  mutating func noteGaugeGone() {
    lastShown = gaugeReadAt.flatMap { at in gaugeState.map { Timed($0, at: at) } }
    gaugeState = nil
    gaugeReadAt = nil
    unclear = nil
  }

  /// What a fragment's fate says of the breaker.
  mutating func note(
    _ fragment: FragmentHappening, wasUnderWay: Bool, at instant: RunInstant, thresholds: Thresholds, provenance: Happening.Provenance
  ) {
    switch fragment.stage {
    case .processed:
      if !logTellsTransitions || logState?.value != .open { consecutiveFailures = 0 }
    case .failed:
      if !FragmentHappening.codesThatDoNotCount.contains(fragment.detail ?? "") { countFailure(at: instant) }
    case .timedOut:
      if thresholds.timeoutsCountAsFailures { countFailure(at: instant) }
    case .fallback where fragment.detail == "timeout" && wasUnderWay:
      if thresholds.timeoutsCountAsFailures { countFailure(at: instant) }
    case .fallback where fragment.detail == "circuit_open":
      // Without a transition line this is the log's only evidence that the breaker is open.
      if !logTellsTransitions { logState = Timed(.open, at: instant) }
    case .fallback, .sent, .acknowledged, .unsent: break
    }
    if fragment.stage == .processed, !logTellsTransitions, logState != nil { logState = Timed(.closed, at: instant) }
  }

  private mutating func countFailure(at instant: RunInstant) {
    if state != .open { consecutiveFailures += 1 }
    lastFailure = max(lastFailure ?? instant, instant)
  }

  /// Compares gauge and log; a difference that lasts is a finding, in words, and so is its end.
  /// - Parameter contract: the name of the contract in force.
  mutating func crossCheck(now: RunInstant, contract: String) -> [Finding] {
    let held = fault(contract)
    var findings: [Finding] = []
    if let told, told != held?.fault { findings.append(Finding(id: told.rawValue, text: "the breaker's gauge", holds: false)) }
    if let held { findings.append(Finding(id: held.fault.rawValue, text: held.text)) }
    told = held?.fault
    return findings
  }

  /// What is wrong with the gauge now; nil where nothing is, or it is not known.
  private mutating func fault(_ contract: String) -> (fault: GaugeFault, text: String)? {
    if let unclear {
      agreement = .unobservable(reason: "the gauge is not understood: \(unclear)")
      return (.unclear, "the breaker's gauge is exposed and not understood by contract \(contract): \(unclear)")
    }
    guard let code = gauge.last?.value, let readAt = gaugeReadAt else {
      agreement = .unobservable(reason: "no gauge")
      return nil
    }
    // What was concluded from fragments is no word of the log.
    guard logTellsTransitions, let logState else {
      agreement = .unobservable(reason: "the log tells nothing")
      return gaugeState == nil ? (.unknown, unknownCode(code, contract)) : nil
    }
    guard gaugeState != logState.value else {
      disagreeingSince = nil
      agreement = .agrees
      return nil
    }
    // The gauge has to be read after the change before it can be blamed.
    let since = max(disagreeingSince ?? readAt, logState.at)
    disagreeingSince = since
    guard readAt.seconds(since: since) > Self.toleranceSeconds else {
      if case .disagrees(let text) = agreement { return (.disagrees, text) }
      agreement = .unobservable(reason: "not read since the log told the change")
      return nil
    }
    let text = Self.disagreement(code: code, gauge: gaugeState, log: logState.value, contract: contract)
    agreement = .disagrees(text)
    return (.disagrees, text)
  }

  private func unknownCode(_ code: Double, _ contract: String) -> String {
    "the breaker's gauge reads \(NumberText.shortest(code)), which contract \(contract) does not know"
  }

  private static func disagreement(code: Double, gauge: BreakerState?, log: BreakerState, contract: String) -> String {
    guard let gauge else {
      return "gauge \(NumberText.shortest(code)) has no meaning in contract \(contract), the log says \(log.rawValue)"
    }
    let pair: Set<BreakerState> = [gauge, log]
    let says = "gauge \(NumberText.shortest(code)) means \(gauge.rawValue) in contract \(contract), the log says \(log.rawValue)"
    return pair == [.open, .halfOpen] ? "\(says): the values of open and half-open look swapped" : says
  }
}
