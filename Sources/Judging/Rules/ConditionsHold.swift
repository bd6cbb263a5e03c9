import Events
import RunModel

/// The run was what the scenario supposes: its needs were met, and no process was restarted but by a step.
struct ConditionsHold: Rule {
  static let name = "conditions"
  static let summary =
    "The session is as the scenario needs it, and no service was restarted that no step asked for; every run is judged by this."
  static let fields = [
    RuleField("max_inflight", .integer(1...1000, unit: "fragments"), .otherwise("any"), "the limit that sessions must have opened with"),
    RuleField(
      unverified, .text, .otherwise("none"),
      "needs of the scenario of which nobody can say whether the services meet them: what then never came is not known instead of violated"),
  ]
  /// The field of needs that cannot be looked up.
  static let unverified = "unverified"
  static let witnesses: [Witness] = [.harness, .metrics, .workerLog([.sessionOpened])]
  static let floor = "nothing that says otherwise: what disturbs a run leaves it open, and is no violation"

  let maxInflight: Int?

  init(_ values: RuleValues) { maxInflight = values.integer("max_inflight") }

  var sentence: String { "the run is as the scenario supposes" }

  func judge() -> any RuleJudge { Judge(maxInflight: maxInflight) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .connection }
    let maxInflight: Int?

    init(maxInflight: Int?) { self.maxInflight = maxInflight }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if case .sessionOpened(_, _, let limit?) = event.happening?.kind, let maxInflight, limit != maxInflight {
        file.cite(event, "session with max_inflight \(limit)")
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      if let restart = file.context.unaskedRestart(by: nil) {
        file.cite(Evidence(sequence: restart.sequence, at: restart.at, text: "\(restart.service) was restarted: \(restart.evidence)"))
        return file.leave("\(restart.service) was restarted and no step asked for it: \(restart.evidence)")
      }
      if let end = file.context.unaskedEnd {
        file.cite(Evidence(sequence: end.sequence, at: end.at, text: "\(end.service) ended: \(end.evidence)"))
        return file.leave("\(end.service) ended and no step asked for it: \(end.evidence)")
      }
      if let maxInflight, let limit = file.context.sessionLimit, limit != maxInflight {
        return file.leave("the scenario needs max_inflight \(maxInflight), the session has \(limit)")
      }
      let others = file.context.unjudgedWorkers.map(\.text)
      guard !others.isEmpty else { return file.meet("nothing disturbed it") }
      let names = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? " and \(others.count - 3) more" : "")
      file.meet("nothing disturbed it; \(names) \(others.count == 1 ? "is" : "are") not judged: \(file.context.worker) alone is the worker")
    }
  }
}

extension JudgeContext {
  /// Further workers, by their names or by what their logs tell: rules are about that of the contract.
  fileprivate var unjudgedWorkers: [ServiceName] {
    let named = Set(services).union(logs.keys).union(metrics.keys).filter { $0.isReplica(of: worker) }
    let telling = logs.filter { $0.key != worker && !$0.value.topics.isDisjoint(with: [.segments, .breaker]) }.map(\.key)
    return named.union(telling).sorted()
  }
}

extension Expectation {
  /// What a runner adds to every scenario.
  /// - Parameters:
  ///   - maxInflight: the limit that sessions must have opened with; nil for any.
  ///   - unverified: needs of which nobody can say whether they are met, in words; nil for none.
  package static func conditions(maxInflight: Int?, unverified: String? = nil) -> Expectation {
    var values = RuleValues()
    if let maxInflight { values["max_inflight"] = .number(Double(maxInflight)) }
    if let unverified { values[ConditionsHold.unverified] = .text(unverified) }
    return Expectation(id: "conditions", rule: RuleDocument(ConditionsHold.name, values), isImplied: true)
  }
}
