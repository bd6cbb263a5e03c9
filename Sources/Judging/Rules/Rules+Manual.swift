extension Rules {
  /// The table as the manual and `scenarios --rules` print it: each rule with its fields, its witnesses and its floor.
  package static var manual: String { all.map(lines).map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n") }

  private static func lines(_ rule: any Rule.Type) -> [String] {
    let width = rule.fields.map(\.name.count).max() ?? 0
    var lines = ["\(rule.name)  \(rule.summary)"]
    for field in rule.fields {
      let name = field.name + String(repeating: " ", count: width - field.name.count)
      lines.append("  \(name)  \(field.meaning); \(field.kindSentence) (\(field.absenceSentence))")
    }
    lines.append("  seen by  \(rule.witnesses.map(\.sentence).joined(separator: "; "))")
    lines.append("  floor    \(rule.floor)")
    return lines
  }
}
