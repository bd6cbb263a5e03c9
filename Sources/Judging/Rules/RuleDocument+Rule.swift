import RunModel

extension RuleDocument {
  /// The rule.
  /// - Throws: that this version does not know it, or what is wrong with its parameters.
  package func rule() throws(RuleMistake) -> any Rule {
    guard let type = Rules.named(name) else { throw RuleMistake("this version knows no rule \(name)") }
    for name in values.names where !type.fields.contains(where: { $0.name == name }) {
      throw RuleMistake("this version knows no field \(name) of rule \(self.name)")
    }
    for field in type.fields {
      guard let value = values[field.name] else {
        if field.isRequired { throw RuleMistake("is missing", in: field.name) }
        continue
      }
      if let mistake = field.mistakes(in: value).first { throw mistake }
    }
    return try type.init(values)
  }

  /// The rule as a sentence; for one that this version cannot read its name.
  package var sentence: String { (try? rule())?.sentence ?? name }

  /// A judge that has seen nothing; for a rule that this version cannot read one that leaves it open why.
  func judge() -> any RuleJudge {
    do throws(RuleMistake) { return try rule().judge() } catch {
      return UnreadableJudge(reason: error.field == nil ? error.message : "rule \(name) cannot be read: \(error)")
    }
  }
}

/// Decides nothing: what a rule that cannot be read demands is not known.
private struct UnreadableJudge: RuleJudge {
  let reason: String
  var hears: EventKinds { [] }
  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {}
  mutating func finish(_ file: inout CaseFile) { file.leave(reason) }
}
