import Events
import RunModel

/// Every step of the scenario could be done.
struct StepsDone: Rule {
  static let name = "steps-done"
  static let summary = "Every step of the scenario could be done; every run is judged by this, asked for or not."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.harness]
  static let floor = "the end of the steps"

  init(_ values: RuleValues) {}

  var sentence: String { "every step could be done" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.scenario, .faults] }
    private var steps = 0
    private var isOver = false

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.happening?.kind {
      case .scenario(.step(let number, let text)):
        steps += 1
        file.cite(event, "step \(number): \(text)")
      case .scenario(.stepFailed(let number, let reason)):
        file.cite(event, "step \(number): \(reason)")
        file.violate("step \(number): \(reason)")
      case .scenario(.completed): isOver = true
      case .fault(let fault) where fault.phase == .failed:
        file.cite(event, "\(fault.kind): \(fault.detail)")
        file.violate("\(fault.kind) could not be injected: \(fault.detail)")
      default: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      if isOver {
        file.meet(steps == 0 ? "there were none" : "\(Figure.count(steps, "step")) done")
      } else {
        file.violate("the run ended before them")
      }
    }
  }
}

extension Expectation {
  /// What a runner adds to every scenario: a fault that could not be injected must not pass.
  package static let stepsDone = Expectation(id: "steps", rule: RuleDocument(StepsDone.name), isImplied: true)
}

extension Expectation {
  /// The names of what a runner adds.
  package static let impliedIDs = Set([stepsDone, conditions(maxInflight: nil), published(own: true, seconds: nil), outputSeen].map(\.id))
}
