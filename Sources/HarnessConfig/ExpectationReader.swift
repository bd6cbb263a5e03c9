import Judging
import RunModel
import WireFormats

/// Makes expectations of the elements of a scenario's list.
struct ExpectationReader {
  private static let common = ["id", "expect", "title", "by_s", "optional"]

  let reader: NodeReader

  /// Reads one element.
  func expectation(_ field: NodeReader.Field) -> Expectation? {
    guard let all = reader.mapping(field, allowed: nil), let type = type(reader.required("expect", in: all, of: field)),
      let fields = reader.mapping(field, allowed: Self.common + type.fields.map(\.name))
    else { return nil }
    let idField = reader.required("id", in: fields, of: field)
    let id = reader.text(idField)
    if let idField, let id, !ScenarioReader.isName(id) {
      reader.report(idField, "must be small letters, digits and hyphens, 64 at most, but is \"\(id)\"")
    }
    let title = reader.text(fields["title"])
    let deadline = reader.number(fields["by_s"], in: 0.1...86_400)
    let isOptional = reader.flag(fields["optional"]) ?? false
    guard let rule = rule(type, fields, field), let id else { return nil }
    return Expectation(id: id, title: title, rule: rule, deadlineSeconds: deadline, isOptional: isOptional)
  }

  private func type(_ word: NodeReader.Field?) -> (any Rule.Type)? {
    guard let word, let name = reader.text(word) else { return nil }
    if let type = Rules.named(name) { return type }
    reader.report(word, NearestWord.unknown(name, among: Rules.all.map { $0.name }.sorted(), noun: "kind of expectation"))
    return nil
  }

  private func rule(_ type: any Rule.Type, _ fields: [String: NodeReader.Field], _ field: NodeReader.Field) -> RuleDocument? {
    let rules = RuleReader(reader: reader)
    guard let values = rules.values(fields, of: field, fields: type.fields) else { return nil }
    return rules.made(field) { () throws(RuleMistake) in
      _ = try type.init(values)
      return RuleDocument(type.name, values)
    }
  }
}
