import Contracts
import Events
import RunModel

/// While the breaker is open nothing is sent, and every segment falls back.
struct FallbackWhileOpen: Rule {
  private static let fallbackTellers: [HappeningKind] = [.fragmentFallback]
  private static let sendTellers: [HappeningKind] = [.fragmentSent]

  static let name = "fallback-while-open"
  static let summary = "While the breaker is open nothing is sent, and the original audio stands in for every segment."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers + fallbackTellers + sendTellers), .signal(.breakerState)]
  static let floor = "a time in which it was open, by the log or by the readings of its gauge, with a log that is understood meanwhile"

  init(_ values: RuleValues) {}

  var sentence: String { "fallback audio while the breaker is open" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .fragments, .metrics] }
    private var openedAt: RunInstant?
    private var fallbacks = 0
    private var periods = 0
    private var hasHeard = false
    private var hasBegun = false
    private var gauge = GaugeTrail()
    /// From the first to the last reading of an open breaker.
    private var shown: (from: RunInstant, to: RunInstant)?
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
      _ = gauge.note(state, at: event.at)
      guard !hasHeard else { return }
      if state == .open {
        if shown == nil { fallbacks = 0 }
        shown = (shown?.from ?? event.at, event.at)
        if let suspect {
          file.cite(event, "gauge open before and after: \(suspect.text)")
          file.violate("\(suspect.text) while the breaker was open, by its gauge")
        }
      } else if let shown {
        self.shown = nil
        close(from: shown.from, to: shown.to, event, &file)
      }
      suspect = nil
    }

    private mutating func close(from opened: RunInstant, to closed: RunInstant, _ event: JudgedEvent?, _ file: inout CaseFile) {
      let seconds = closed.seconds(since: opened)
      periods += 1
      // Segments are cut at a fixed distance; the one that is let through as a probe is the last.
      let needed = max(0, Int((seconds / max(0.1, file.context.segmentSeconds) - 0.25).rounded(.up)) - 1)
      let text = "\(Figure.count(fallbacks, "fallback")) in \(Figure.seconds(seconds)) of open breaker"
      if let event { file.cite(event, text) }
      if let deaf = file.context.deaf(to: FallbackWhileOpen.fallbackTellers, from: opened, to: closed) { return file.leave(deaf) }
      if fallbacks < needed { file.violate("\(text), wanted at least \(needed)") } else { file.note(text) }
    }

    mutating func finish(_ file: inout CaseFile) {
      // It is open to the end: that time counts, too.
      if let openedAt { close(from: openedAt, to: file.context.end, nil, &file) }
      guard !file.isDecided else { return }
      guard periods > 0 else { return file.leave("the breaker was never open and left that state, so there was nothing to see") }
      let deaf = file.context.deaf(to: FallbackWhileOpen.sendTellers) ?? file.context.deaf(to: FallbackWhileOpen.fallbackTellers)
      file.meet(file.verdict.reason, unless: deaf)
    }
  }
}
