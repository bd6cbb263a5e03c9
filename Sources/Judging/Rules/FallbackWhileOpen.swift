import Contracts
import Events
import RunModel

/// While the breaker is open nothing is sent, and every segment falls back.
struct FallbackWhileOpen: Rule {
  private static let tellers: [HappeningKind] = [.breaker, .breakerState, .fragmentFallback, .fragmentSent]

  static let name = "fallback-while-open"
  static let summary = "While the breaker is open nothing is sent, and the original audio stands in for every segment."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers)]
  static let floor = "a time from an opening to the next state, no line lost"

  init(_ values: RuleValues) {}

  var sentence: String { "fallback audio while the breaker is open" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
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
      file.meetUnlessBlind(FallbackWhileOpen.tellers, file.verdict.reason)
    }
  }
}
