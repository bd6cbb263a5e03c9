import Events
import Judging
import RunModel
import SpeechProtocol
import WireFormats

/// Makes a scenario of a YAML document.
struct ScenarioReader {
  private static let fields = [
    "name", "sentence", "needs", "publish", "fixture", "steps", "expectations", "time_limit_s", "expected_s", "max_speed",
  ]

  let reader: NodeReader

  /// Reads a document.
  static func read(_ document: YAMLNode, file: String) throws(ConfigurationError) -> Scenario {
    let reader = NodeReader(file: file)
    let scenario = ScenarioReader(reader: reader).scenario(document)
    try reader.finish()
    return scenario
  }

  private func scenario(_ document: YAMLNode) -> Scenario {
    let root = NodeReader.Field(path: "", node: document, line: document.mark.line)
    let fields = reader.root(document, allowed: Self.fields)
    var scenario = Scenario(name: "", sentence: "", expectations: [], timeLimitSeconds: 0, expectedSeconds: 0)
    guard case .mapping = document else { return scenario }
    let name = reader.required("name", in: fields, of: root)
    scenario.name = reader.text(name) ?? ""
    if let name, !scenario.name.isEmpty, !Self.isName(scenario.name) {
      reader.report(name, "must be small letters, digits and hyphens, 64 at most, but is \"\(scenario.name)\"")
    }
    scenario.sentence = reader.text(reader.required("sentence", in: fields, of: root)) ?? ""
    scenario.needs = fields["needs"].map(needs) ?? EnvironmentNeeds()
    scenario.publish = publish(fields["publish"], fixture: fields["fixture"])
    scenario.timeLimitSeconds = number(reader.required("time_limit_s", in: fields, of: root), 1...86_400) ?? 0
    scenario.expectedSeconds = number(fields["expected_s"], 1...86_400) ?? scenario.timeLimitSeconds
    scenario.maximumSpeed = number(fields["max_speed"], 1...5) ?? 5
    scenario.steps = elements(fields["steps"], step)
    scenario.expectations = elements(reader.required("expectations", in: fields, of: root), ExpectationReader(reader: reader).expectation)
    check(scenario, fields)
    return scenario
  }

  /// Steps come one after the other, and the run is not over before its stream is.
  private func checkTimes(_ scenario: Scenario, _ fields: [String: NodeReader.Field]) {
    var latest: Double?
    for (index, step) in scenario.steps.enumerated() {
      guard case .at(let seconds) = step.moment else { continue }
      if let latest, seconds < latest {
        reader.report(
          path: "steps[\(index)].at", "lies before the step above it, which is at \(latest) s: steps are done one after the other")
      }
      latest = max(latest ?? 0, seconds)
    }
    guard case .loop(let seconds) = scenario.publish.length, let field = fields["time_limit_s"], scenario.timeLimitSeconds < seconds else {
      return
    }
    reader.report(field, "is \(scenario.timeLimitSeconds), but \(seconds) s are published: the run would be over before its stream")
  }

  /// What only the whole scenario shows.
  private func check(_ scenario: Scenario, _ fields: [String: NodeReader.Field]) {
    // Elements that could not be read were left out, so places would no longer be right.
    guard reader.problems.isEmpty else { return }
    if let field = fields["expectations"] {
      if scenario.expectations.isEmpty { reader.report(field, "a scenario that expects nothing cannot be judged") }
      if scenario.expectations.count >= VerdictTrack.limit {
        reader.report(field, "has \(scenario.expectations.count) expectations; \(VerdictTrack.limit - 1) are read at most")
      }
    }
    checkTimes(scenario, fields)
    var seen = Expectation.impliedIDs
    for (index, expectation) in scenario.expectations.enumerated() where !seen.insert(expectation.id).inserted {
      let isOwn = Expectation.impliedIDs.contains(expectation.id)
      reader.report(
        path: "expectations[\(index)].id",
        isOwn
          ? "\"\(expectation.id)\" is the expectation that every run adds; take another name" : "\"\(expectation.id)\" stands there twice")
    }
    let ids = scenario.expectations.map(\.id)
    for (index, step) in scenario.steps.enumerated() {
      if case .when(.decided(let id), _) = step.moment, !ids.contains(id) {
        reader.report(path: "steps[\(index)].wait.expectation", "there is no expectation \"\(id)\"" + NearestWord.hint(id, among: ids))
      }
      if case .at(let seconds) = step.moment, seconds > scenario.timeLimitSeconds {
        reader.report(path: "steps[\(index)].at", "lies behind the scenario's time limit of \(scenario.timeLimitSeconds) s")
      }
      if case .after(let seconds) = step.moment, seconds > scenario.timeLimitSeconds {
        reader.report(path: "steps[\(index)].after", "is longer than the scenario's time limit of \(scenario.timeLimitSeconds) s")
      }
    }
  }

  private func needs(_ field: NodeReader.Field) -> EnvironmentNeeds {
    var needs = EnvironmentNeeds()
    let allowed = ["processing_delay_ms", "backpressure", "max_inflight", "timeout_ms", "log_level"]
    guard let fields = reader.mapping(field, allowed: allowed) else { return needs }
    needs.processingDelayMilliseconds = integer(fields["processing_delay_ms"], 0...600_000)
    needs.sendsBackpressure = reader.flag(fields["backpressure"])
    needs.maxInflight = integer(fields["max_inflight"], STSLimits.maxInflight)
    needs.fragmentTimeoutMilliseconds = integer(fields["timeout_ms"], STSLimits.timeoutMilliseconds)
    needs.logLevel = reader.word(fields["log_level"], LogLevel.self)
    return needs
  }

  private func publish(_ field: NodeReader.Field?, fixture: NodeReader.Field?) -> PublishPlan {
    var plan = PublishPlan(fixture: reader.text(fixture))
    guard let field else { return plan }
    if case .scalar = field.node {
      if let text = reader.text(field), text != "once" { reader.report(field, "must be once, or loop_s: SECONDS, but is \"\(text)\"") }
    } else if let fields = reader.mapping(field, allowed: ["loop_s"]) {
      if let seconds = number(reader.required("loop_s", in: fields, of: field), 1...86_400) { plan.length = .loop(seconds: seconds) }
    }
    return plan
  }

  private func step(_ field: NodeReader.Field) -> ScenarioStep? {
    guard let fields = reader.mapping(field, allowed: ["at", "after", "wait", "within", "inject", "with", "mark"]) else { return nil }
    let times = ["at", "after", "wait"].filter { fields[$0] != nil }
    let deeds = ["inject", "mark"].filter { fields[$0] != nil }
    if times.count > 1 { reader.report(field, "has \(times.joined(separator: " and ")): one of them is enough") }
    if deeds.count > 1 { reader.report(field, "has \(deeds.joined(separator: " and ")): make two steps of it") }
    if times.isEmpty, deeds.isEmpty { reader.report(field, "does nothing: it needs one of at, after, wait, inject, mark") }
    if fields["wait"] == nil, let within = fields["within"] { reader.report(within, "belongs to a step that waits") }
    if fields["inject"] == nil, let with = fields["with"] { reader.report(with, "belongs to a step that injects") }
    var moment = ScenarioStep.Moment.next
    if let seconds = number(fields["at"], 0...86_400) { moment = .at(seconds: seconds) }
    if let seconds = number(fields["after"], 0...86_400) { moment = .after(seconds: seconds) }
    if let wait = fields["wait"] {
      let limit = number(reader.required("within", in: fields, of: field), 0.1...86_400) ?? 0
      if let condition = condition(wait) { moment = .when(condition, withinSeconds: limit) }
    }
    var action = ScenarioStep.Action.none
    if let inject = fields["inject"], let fault = fault(inject, with: fields["with"]) { action = .inject(fault) }
    if let text = reader.text(fields["mark"]) { action = .mark(text) }
    return ScenarioStep(moment, action)
  }

  private func condition(_ field: NodeReader.Field) -> ScenarioCondition? {
    let rules = RuleReader(reader: reader)
    let kinds = ["breaker", "event", "signal", "series", "expectation"]
    guard let fields = reader.mapping(field, allowed: kinds + ["detail", "count", "labels", "sum", "at_least"]) else { return nil }
    let named = kinds.filter { fields[$0] != nil }
    guard named.count == 1, let kind = named.first else {
      reader.report(field, "must name exactly one of \(kinds.joined(separator: ", "))")
      return nil
    }
    let fitting = [
      "event": ["event", "detail", "count"], "signal": ["signal", "at_least"], "series": ["series", "labels", "sum", "at_least"],
    ]
    for (name, extra) in fields where !(fitting[kind] ?? [kind]).contains(name) { reader.report(extra, "does not go with \(kind)") }
    switch kind {
    case "breaker": return reader.word(fields[kind], BreakerState.self).map { .breaker($0) }
    case "event":
      let count = integer(fields["count"], 1...1_000_000) ?? 1
      let values = rules.values(fields, of: field, fields: EventPattern.fields)
      return values.flatMap { values in
        rules.made(field) { () throws(RuleMistake) in .event(try EventPattern(values), count: count) }
      }
    case "expectation": return reader.text(fields[kind]).map { .decided(expectation: $0) }
    default:
      guard let values = rules.values(fields, of: field, fields: MetricSelector.fields),
        let value = reader.number(reader.required("at_least", in: fields, of: field))
      else { return nil }
      return rules.made(field) { () throws(RuleMistake) in .metric(try MetricSelector(values), atLeast: value) }
    }
  }

  private func fault(_ field: NodeReader.Field, with values: NodeReader.Field?) -> FaultRequest? {
    guard let id = reader.text(field) else { return nil }
    guard let parameters = FaultKind.parameters(of: id) else {
      reader.report(field, "unknown fault \"\(id)\"" + NearestWord.hint(id, among: FaultKind.words.sorted()))
      return nil
    }
    var request = FaultRequest(id)
    guard let values, let fields = reader.mapping(values, allowed: parameters.map(\.name.text)) else { return request }
    for parameter in parameters {
      guard let field = fields[parameter.name.text], let text = reader.text(field) else { continue }
      do { _ = try parameter.value(of: text) } catch { reader.report(field, error.description) }
      request.parameters[parameter.name.text] = text
    }
    return request
  }

  private func elements<Value>(_ field: NodeReader.Field?, _ read: (NodeReader.Field) -> Value?) -> [Value] {
    guard let field, let list = reader.list(field) else { return [] }
    return list.compactMap(read)
  }

  private func number(_ field: NodeReader.Field?, _ range: ClosedRange<Double>) -> Double? { reader.number(field, in: range) }
  private func integer(_ field: NodeReader.Field?, _ range: ClosedRange<Int>) -> Int? { reader.integer(field, in: range) }

  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-")
      }
  }
}

extension NodeReader {
  /// A finite number within a range.
  func number(_ field: Field?, in range: ClosedRange<Double>) -> Double? {
    guard let field, let value = number(field) else { return nil }
    if range.contains(value) { return value }
    report(field, "is \(value), but must be \(range.lowerBound) to \(range.upperBound)")
    return nil
  }

  /// A whole number within a range.
  func integer(_ field: Field?, in range: ClosedRange<Int>) -> Int? {
    guard let field, let value = integer(field) else { return nil }
    if range.contains(value) { return value }
    report(field, "is \(value), but must be \(range.lowerBound) to \(range.upperBound)")
    return nil
  }
}
