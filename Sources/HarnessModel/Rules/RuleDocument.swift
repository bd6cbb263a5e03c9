/// A rule as it was written: its name and its parameters. This is what a run's description carries and what recordings keep, so that a
/// recording can be read by a version that does not know the rule.
public struct RuleDocument: Codable, Hashable, Sendable {
  /// The rule's name.
  public var name: String
  /// The parameters that were given.
  public var values: RuleValues

  /// A rule as it was written; nothing is checked yet.
  public init(_ name: String, _ values: RuleValues = [:]) {
    self.name = name
    self.values = values
  }

  /// The rule.
  /// - Throws: that this version does not know it, or what is wrong with its parameters.
  public func rule() throws(RuleMistake) -> any Rule {
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
  public var sentence: String { (try? rule())?.sentence ?? name }

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
