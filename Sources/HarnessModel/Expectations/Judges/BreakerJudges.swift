extension JudgedEvent {
  /// What the log of the worker tells of the breaker.
  var transition: BreakerTransition? {
    guard case .breaker(let transition) = happening?.kind else { return nil }
    return transition
  }

  /// What the worker's log tells of a fragment; the speech service's log tells of the same ones.
  func fragment(_ context: JudgeContext) -> FragmentHappening? {
    guard case .fragment(let fragment) = happening?.kind, happening?.service == context.worker else { return nil }
    return fragment
  }

  /// What a scrape's gauge means for the breaker.
  func gaugeState(_ context: JudgeContext) -> (code: Double, state: BreakerState?)? {
    guard case .sample(.metrics(let sample)) = envelope.event, let code = sample.signals[.breakerState]?.number else { return nil }
    return (code, context.contract.breakerState(code: code))
  }
}

extension FragmentHappening {
  /// Whether this counts as a failure for the breaker.
  func isCountedFailure(_ thresholds: Thresholds) -> Bool {
    switch stage {
    case .failed: !Self.codesThatDoNotCount.contains(detail ?? "")
    case .timedOut: thresholds.timeoutsCountAsFailures
    case .sent, .acknowledged, .processed, .fallback: false
    }
  }
}

private let breakerTellers: [HappeningName] = [.breaker, .breakerState]

/// Opens at exactly so many consecutive retryable failures: by the log's own count, and by counting the failures.
struct BreakerOpensJudge: RuleJudge {
  var hears: EventKinds { [.fragments, .breaker] }
  let wanted: Int?
  private var failures = 0
  private var longest = 0
  private var hasSeenFailures = false

  init(wanted: Int?) { self.wanted = wanted }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    let needed = wanted ?? file.context.thresholds.breakerFailures
    if let fragment = event.fragment(file.context) {
      if fragment.isCountedFailure(file.context.thresholds) {
        failures += 1
        longest = max(longest, failures)
        hasSeenFailures = true
        file.cite(event, "failure \(failures): \(fragment.sentence)")
        file.note("\(failures) of \(needed) failures")
        if failures > needed { file.violate("\(failures) failures in a row and it has not opened") }
      } else if fragment.stage == .processed {
        failures = 0
      }
    }
    guard let transition = event.transition, transition.state == .open else { return }
    file.cite(event, "opened" + (transition.failureCount.map { " (failure_count \($0))" } ?? ""))
    if let told = transition.failureCount, told != needed {
      file.violate("opened at \(told) failures by its own count, wanted exactly \(needed)")
    } else if hasSeenFailures, failures != needed {
      file.violate("opened after \(Figure.count(failures, "counted failure")), wanted exactly \(needed)")
    } else if !hasSeenFailures, transition.failureCount == nil {
      file.leave("it opened, but neither the transition nor any fragment tells the count of failures")
    } else {
      file.meet("opened at \(needed) failures")
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    file.violateUnlessBlind(breakerTellers, "it never opened; the most failures in a row were \(longest)")
  }
}

/// Half-open within [cooldown, cooldown + one segment + 1 s] after the last failure.
struct BreakerCooldownJudge: RuleJudge {
  var hears: EventKinds { [.fragments, .breaker] }
  /// Log times are rounded to milliseconds.
  private static let rounding = 0.01
  private var lastFailure: RunInstant?
  private var openedAt: RunInstant?

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if let fragment = event.fragment(file.context), fragment.isCountedFailure(file.context.thresholds) { lastFailure = event.at }
    guard let transition = event.transition else { return }
    switch transition.state {
    case .open:
      openedAt = event.at
      file.cite(event, "opened")
      file.note("open, not half-open yet")
    case .halfOpen:
      guard let openedAt else { return }
      let from = lastFailure ?? openedAt
      let gap = event.at.seconds(since: from)
      let earliest = file.context.thresholds.breakerCooldownSeconds
      let latest = earliest + file.context.thresholds.segmentSeconds + 1
      let text = "half-open \(Figure.seconds(gap)) after the last failure, wanted \(Figure.text(earliest)) to \(Figure.seconds(latest))"
      file.cite(event, "half-open \(Figure.seconds(gap)) after the last failure")
      if gap < earliest - Self.rounding || gap > latest + file.context.schedulerAllowance { file.violate(text) } else { file.meet(text) }
    case .closed: break
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    file.violateUnlessBlind(breakerTellers, openedAt == nil ? "the breaker never opened" : "the breaker never went half-open")
  }
}

/// These states in this order, and no others before they are through.
struct BreakerSequenceJudge: RuleJudge {
  var hears: EventKinds { .breaker }
  let wanted: [BreakerState]
  private var seen: [BreakerState] = []

  init(wanted: [BreakerState]) { self.wanted = wanted }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard let transition = event.transition else { return }
    seen.append(transition.state)
    let words = seen.map(\.rawValue).joined(separator: " → ")
    file.cite(event, transition.state.rawValue + (transition.trigger.map { " (\($0.rawValue))" } ?? ""))
    file.note(words)
    if seen != Array(wanted.prefix(seen.count)) {
      file.violate("went \(words), wanted \(wanted.map(\.rawValue).joined(separator: " → "))")
    } else if seen.count == wanted.count {
      file.meet("went \(words)")
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    let missing = wanted.dropFirst(seen.count).map(\.rawValue).joined(separator: " → ")
    let words = seen.isEmpty ? "it never changed" : "went \(seen.map(\.rawValue).joined(separator: " → "))"
    file.violateUnlessBlind(breakerTellers, "\(words); \(missing) is missing")
  }
}

/// Never anything but closed, by log and gauge.
struct BreakerStaysClosedJudge: RuleJudge {
  var hears: EventKinds { [.breaker, .metrics] }
  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if let transition = event.transition, transition.state != .closed {
      let count = transition.failureCount.map { " at \($0) failures" } ?? ""
      file.cite(event, "\(transition.state.rawValue)\(count)")
      file.violate("went \(transition.state.rawValue)\(count)")
    } else if let (code, state) = event.gaugeState(file.context), state != .closed {
      file.cite(event, "gauge \(Figure.text(code))")
      file.violate("the gauge read \(Figure.text(code)) (\(state?.rawValue ?? "unknown"))")
    }
  }

  mutating func finish(_ file: inout CaseFile) { file.meetUnlessBlind(breakerTellers, "it stayed closed") }
}

/// Gauge and log say the same, but for a short while around a change.
struct BreakerGaugeJudge: RuleJudge {
  var hears: EventKinds { [.breaker, .metrics] }
  let tolerance: Double
  private var told = Timed(BreakerState.closed, at: .zero)
  private var disagreeingSince: RunInstant?
  private var comparisons = 0

  init(tolerance: Double) { self.tolerance = tolerance }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if let transition = event.transition {
      told = Timed(transition.state, at: event.at)
      disagreeingSince = nil
    }
    guard let (code, state) = event.gaugeState(file.context) else { return }
    guard let state else {
      file.cite(event, "gauge \(Figure.text(code))")
      return file.violate("the gauge reads \(Figure.text(code)), which contract \(file.context.contract.name) does not know")
    }
    comparisons += 1
    file.note("compared \(Figure.count(comparisons, "time"))")
    guard state != told.value else { return disagreeingSince = nil }
    let since = max(disagreeingSince ?? event.at, told.at)
    disagreeingSince = since
    guard event.at.seconds(since: since) > tolerance + file.context.schedulerAllowance else { return }
    let text = "gauge \(Figure.text(code)) means \(state.rawValue), the log says \(told.value.rawValue)"
    let isSwap = Set([state, told.value]) == Set([BreakerState.open, .halfOpen])
    file.cite(event, text)
    file.violate(isSwap ? "\(text): the values of open and half-open look swapped" : text)
  }

  mutating func finish(_ file: inout CaseFile) {
    guard comparisons > 0 else { return file.leave("no scrape showed the breaker's gauge") }
    file.meetUnlessBlind(breakerTellers, "agreed in \(Figure.count(comparisons, "comparison"))")
  }
}

/// No fallback with reason circuit_open unless the breaker is open.
struct FallbackOnlyWhileOpenJudge: RuleJudge {
  var hears: EventKinds { [.breaker, .fragments] }
  private var state = BreakerState.closed
  private var count = 0

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if let transition = event.transition { state = transition.state }
    guard let fragment = event.fragment(file.context), fragment.stage == .fallback, fragment.detail == "circuit_open" else { return }
    count += 1
    file.cite(event, "\(fragment.sentence) while \(state.rawValue)")
    if state == .closed { file.violate("\(fragment.sentence) while the breaker was closed") }
  }

  mutating func finish(_ file: inout CaseFile) {
    file.meetUnlessBlind(breakerTellers + [.fragmentFallback], "\(Figure.count(count, "such fallback")), each while the breaker was open")
  }
}

/// While the breaker is open nothing is sent, and every segment falls back.
struct FallbackWhileOpenJudge: RuleJudge {
  var hears: EventKinds { [.breaker, .fragments] }
  private var openedAt: RunInstant?
  private var fallbacks = 0
  private var periods = 0

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if let transition = event.transition {
      if transition.state == .open, openedAt == nil {
        openedAt = event.at
        fallbacks = 0
      } else if transition.state != .open, let openedAt {
        close(openedAt, event, &file)
        self.openedAt = nil
      }
    }
    guard openedAt != nil, let fragment = event.fragment(file.context) else { return }
    switch fragment.stage {
    case .sent:
      file.cite(event, "\(fragment.sentence) while open")
      file.violate("\(fragment.sentence) while the breaker was open")
    case .fallback where fragment.detail == "circuit_open":
      fallbacks += 1
      file.cite(event, fragment.sentence)
      file.note("\(Figure.count(fallbacks, "fallback")) while open")
    case .fallback, .acknowledged, .processed, .failed, .timedOut: break
    }
  }

  private mutating func close(_ opened: RunInstant, _ event: JudgedEvent, _ file: inout CaseFile) {
    let seconds = event.at.seconds(since: opened)
    periods += 1
    // Segments are cut at a fixed distance; the one that is let through as a probe is the last.
    let needed = max(0, Int((seconds / max(0.1, file.context.thresholds.segmentSeconds) - 0.25).rounded(.up)) - 1)
    let text = "\(Figure.count(fallbacks, "fallback")) in \(Figure.seconds(seconds)) of open breaker"
    file.cite(event, text)
    if fallbacks < needed { file.violate("\(text), wanted at least \(needed)") } else { file.note(text) }
  }

  mutating func finish(_ file: inout CaseFile) {
    guard periods > 0 else { return file.leave("the breaker was never open and left that state, so there was nothing to see") }
    file.meetUnlessBlind(breakerTellers + [.fragmentFallback, .fragmentSent], file.verdict.reason)
  }
}
