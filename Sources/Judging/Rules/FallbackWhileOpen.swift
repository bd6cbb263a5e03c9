import Contracts
import Events
import RunModel

/// While the breaker is open nothing is sent, and every segment falls back.
struct FallbackWhileOpen: Rule {
  private static let fallbackTellers: [HappeningKind] = [.fragmentFallback]
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let cutTellers: [HappeningKind] = [.segmentIn]

  static let name = "fallback-while-open"
  static let summary = "While the breaker is open nothing is sent, and the original audio stands in for every segment."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers + fallbackTellers + sendTellers), .signal(.breakerState)]
  static let floor =
    "a time in which it was open, by the log or by the readings of its gauge, with a log that is understood meanwhile; for too few "
    + "fallbacks also what went in then, by what we publish or by the cuts that the log tells"

  init(_ values: RuleValues) {}

  var sentence: String { "fallback audio while the breaker is open" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .fragments, .metrics] }
    private var openedAt: RunInstant?
    private var fallbacks = 0
    private var periods = 0
    /// Fallbacks of all of them.
    private var total = 0
    /// What to say of a time in which nothing was to fall back; nil where there was none.
    private var idle: String?
    private var hasHeard = false
    private var hasBegun = false
    private var gauge = GaugeTrail()
    /// From the first to the last reading of an open breaker; and the reading before, after which it opened.
    private var shown: (from: RunInstant, to: RunInstant, after: RunInstant?)?
    /// Why the readings cannot show that nothing was sent while it was open; nil where they can.
    private var doubt: String?
    /// Something sent while the last reading was open: the next one decides.
    private var suspect: (text: String, at: RunInstant)?

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let state = event.gaugeState(file.context)?.state { return noteGauge(state, event, &file) }
      beginOpen(file.context)
      if let transition = event.transition(file.context) {
        hasHeard = true
        if transition.state == .open, openedAt == nil {
          openedAt = event.at
          fallbacks = 0
        } else if transition.state != .open, let openedAt {
          close(from: openedAt, to: event.at, event, &file)
          self.openedAt = nil
        }
      }
      guard let fragment = event.fragment(file.context), openedAt != nil || (!hasHeard && shown != nil) else { return }
      switch fragment.stage {
      case .sent where openedAt != nil:
        file.cite(event, "\(fragment.sentence) while open")
        file.violate("\(fragment.sentence) while the breaker was open")
      case .sent: suspect = (fragment.sentence, event.at)
      case .fallback where fragment.detail == "circuit_open":
        fallbacks += 1
        file.cite(event, fragment.sentence)
        file.note("\(Figure.count(fallbacks, "fallback")) while open")
      case .fallback, .acknowledged, .processed, .failed, .timedOut, .unsent: break
      }
    }

    /// A breaker that the run found open is open from its begin.
    private mutating func beginOpen(_ context: JudgeContext) {
      guard !hasBegun else { return }
      hasBegun = true
      guard context.breaker.atBegin == .open, context.breakerLogTells, openedAt == nil else { return }
      openedAt = context.begin
      hasHeard = true
    }

    private mutating func noteGauge(_ state: BreakerState, _ event: JudgedEvent, _ file: inout CaseFile) {
      let before = gauge.last
      _ = gauge.note(state, at: event.at)
      guard !hasHeard else { return }
      defer { suspect = nil }
      let isBlind = before.map { file.context.isTooLong(from: $0.at, to: event.at) } ?? false
      if isBlind, shown != nil { doubt = doubt ?? "the breaker's gauge was not read for \(seconds(before, event))" }
      guard state == .open else {
        if let shown {
          self.shown = nil
          // What it was in a time without readings is not known, nor what should have been then.
          if !isBlind { close(from: shown.from, to: shown.to, event, &file) } else { periods += 1 }
        }
        return
      }
      if shown == nil { fallbacks = 0 }
      shown = isBlind || shown == nil ? (event.at, event.at, isBlind ? nil : before?.at) : (shown?.from ?? event.at, event.at, shown?.after)
      if let suspect, !isBlind { weigh(suspect, event, &file) }
    }

    private func seconds(_ before: Timed<BreakerState>?, _ event: JudgedEvent) -> String {
      Figure.seconds(before.map { event.at.seconds(since: $0.at) } ?? 0)
    }

    /// Sent between two readings of an open breaker: before a cooldown can have passed that is no probe of a half-open one, later it may be
    /// one whose failure opened the breaker anew.
    private mutating func weigh(_ suspect: (text: String, at: RunInstant), _ event: JudgedEvent, _ file: inout CaseFile) {
      guard let after = shown?.after, suspect.at.seconds(since: after) < file.context.thresholds.breakerCooldownSeconds else {
        doubt = doubt ?? "whether the breaker was half-open when \(suspect.text) is not known: its gauge shows open before and after"
        return
      }
      file.cite(event, "gauge open before and after: \(suspect.text)")
      file.violate("\(suspect.text) while the breaker was open, by its gauge")
    }

    private mutating func close(from opened: RunInstant, to closed: RunInstant, _ event: JudgedEvent?, _ file: inout CaseFile) {
      let context = file.context
      periods += 1
      let text = "\(Figure.count(fallbacks, "fallback")) in \(Figure.seconds(closed.seconds(since: opened))) of open breaker"
      if let event { file.cite(event, text) }
      if let deaf = context.deaf(to: FallbackWhileOpen.fallbackTellers, from: opened, to: closed) { return file.leave(deaf) }
      total += fallbacks
      let due = context.segments(in: closed.seconds(since: opened), pieces: 1)
      if fallbacks >= due { return file.note(text) }
      if let (seconds, pieces) = context.input.published(from: opened, to: closed) {
        let needed = context.segments(in: seconds, pieces: pieces)
        return fallbacks < needed ? file.violate("\(text), wanted at least \(needed)") : noteFewer(text, needed, &file)
      }
      if context.deaf(to: FallbackWhileOpen.cutTellers, from: opened, to: closed) == nil {
        // One of them is let through as a probe.
        let needed = max(0, context.input.segments(before: closed) - context.input.segments(before: opened) - 1)
        return fallbacks < needed ? file.violate("\(text), wanted at least \(needed)") : noteFewer(text, needed, &file)
      }
      doubt = doubt ?? "\(text): what went in meanwhile is not known, so neither is how many there should be"
    }

    /// Fewer than an input without end would have brought about, but as many as went in.
    private mutating func noteFewer(_ text: String, _ needed: Int, _ file: inout CaseFile) {
      if needed == 0, fallbacks == 0 { idle = "\(text): too little went in meanwhile to need one" }
      file.note("\(text), as many as went in")
    }

    mutating func finish(_ file: inout CaseFile) {
      // It is open to the end: that time counts, too.
      if let openedAt { close(from: openedAt, to: file.context.end, nil, &file) }
      guard !file.isDecided else { return }
      guard periods > 0 else { return file.leave("the breaker was never open and left that state, so there was nothing to see") }
      if let doubt = doubt ?? (total == 0 ? idle : nil) { return file.leave(doubt) }
      let deaf = file.context.deaf(to: FallbackWhileOpen.sendTellers) ?? file.context.deaf(to: FallbackWhileOpen.fallbackTellers)
      file.meet(file.verdict.reason, unless: deaf)
    }
  }
}
