import Contracts
import Events
import RunModel

/// No fallback with reason circuit_open unless the breaker is open.
struct FallbackOnlyWhileOpen: Rule {
  private static let fallbackTellers: [HappeningKind] = [.fragmentFallback]

  static let name = "fallback-only-while-open"
  static let summary = "No fallback with reason circuit_open while the breaker is closed."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(JudgeContext.breakerTellers + fallbackTellers), .signal(.breakerState)]
  static let floor =
    "something went through; the log is understood from begin to end and tells of fallbacks; "
    + "the breaker's state at each of them is known by the log, or by the readings of the gauge around it"

  init(_ values: RuleValues) {}

  var sentence: String { "circuit_open fallbacks only while the breaker is open" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.breaker, .fragments, .metrics] }
    private var count = 0
    private var gauge = GaugeTrail()
    /// A fallback whose state the next reading of the gauge decides.
    private var open: (fallback: String, at: RunInstant)?
    private var unknown = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let reading = event.gaugeState(file.context)?.state { return settle(reading, event, &file) }
      guard let fragment = event.fragment(file.context), fragment.stage == .fallback, fragment.detail == "circuit_open" else { return }
      count += 1
      let context = file.context
      if let state = context.breakerLogTells ? context.breaker.now : nil {
        file.cite(event, "\(fragment.sentence) while \(state.rawValue)")
        if state == .closed { file.violate("\(fragment.sentence) while the breaker was closed") }
      } else {
        file.cite(event, fragment.sentence)
        if open != nil { unknown += 1 }
        open = (fragment.sentence, event.at)
      }
    }

    /// The readings before and after a fallback say what the breaker was, where they say the same.
    private mutating func settle(_ reading: BreakerState, _ event: JudgedEvent, _ file: inout CaseFile) {
      let before = gauge.last
      _ = gauge.note(reading, at: event.at)
      guard let fallback = open, event.at > fallback.at else { return }
      open = nil
      // Between two readings that lie far apart it may have been anything.
      guard let before, !file.context.isTooLong(from: before.at, to: event.at) else { return unknown += 1 }
      switch (before.value, reading) {
      case (.closed, .closed):
        file.cite(event, "gauge closed before and after \(fallback.fallback)")
        file.violate("\(fallback.fallback) while the breaker was closed, by its gauge")
      default: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      if let blind = file.context.idleness ?? file.context.deaf(to: FallbackOnlyWhileOpen.fallbackTellers) { return file.leave(blind) }
      let text = "\(Figure.count(count, "such fallback"))" + (count > 0 ? ", each while the breaker was open" : "")
      if count > 0, unknown > 0 || open != nil {
        return file.leave("\(text) but \(unknown + (open == nil ? 0 : 1)), at which its state is not known")
      }
      file.meet(text)
    }
  }
}
