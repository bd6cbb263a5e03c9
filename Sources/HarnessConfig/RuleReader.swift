import Judging
import RunModel

/// Reads the parameters of a rule, or of a step's condition, by the fields that they may have.
struct RuleReader {
  let reader: NodeReader

  /// The values that stand there, each of them one that its field may have.
  /// - Returns: nil when something is wrong, which is reported.
  func values(_ given: [String: NodeReader.Field], of parent: NodeReader.Field, fields: [RuleField]) -> RuleValues? {
    var values = RuleValues()
    var isGood = true
    for field in fields {
      guard let node = field.isRequired ? reader.required(field.name, in: given, of: parent) : given[field.name] else {
        isGood = isGood && !field.isRequired
        continue
      }
      if let value = value(node, field, parent) { values[field.name] = value } else { isGood = false }
    }
    return isGood ? values : nil
  }

  /// What values make; a mistake in them is reported.
  func made<Made>(_ parent: NodeReader.Field, _ make: () throws(RuleMistake) -> Made) -> Made? {
    do throws(RuleMistake) { return try make() } catch {
      report(error, parent)
      return nil
    }
  }

  private func value(_ node: NodeReader.Field, _ field: RuleField, _ parent: NodeReader.Field) -> RuleValue? {
    let value: RuleValue? =
      switch field.kind {
      case .number: reader.number(node).map(RuleValue.number)
      case .integer: reader.integer(node).map { .number(Double($0)) }
      case .flag: reader.flag(node).map(RuleValue.flag)
      case .text, .word, .signal: reader.text(node).map(RuleValue.text)
      case .texts, .words: texts(node).map(RuleValue.texts)
      case .labels: reader.texts(node).map(RuleValue.labels)
      }
    guard let value else { return nil }
    let mistakes = field.mistakes(in: value)
    for mistake in mistakes { report(mistake, parent) }
    return mistakes.isEmpty ? value : nil
  }

  /// A list of texts; nil when one of its elements is none.
  private func texts(_ node: NodeReader.Field) -> [String]? {
    guard let list = reader.list(node) else { return nil }
    let texts = list.compactMap { reader.text($0) }
    return texts.count == list.count ? texts : nil
  }

  private func report(_ mistake: RuleMistake, _ parent: NodeReader.Field) {
    guard let field = mistake.field else { return reader.report(parent, mistake.message) }
    reader.report(path: "\(parent.path).\(field)", mistake.message)
  }
}
