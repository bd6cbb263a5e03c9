import Judging
import TerminalCanvas

/// The rules that expectations are made of, for `scenarios --rules`: each with its fields, its witnesses and its floor.
enum RulesListing {
  /// The table as text.
  static var text: String { Rules.all.map(lines).map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n") }

  private static func lines(_ rule: any Rule.Type) -> [String] {
    let names = rule.fields.map(\.name)
    let width = names.map(\.utf8.count).max() ?? 0
    var lines = ["\(rule.name)  \(rule.summary)"]
    for field in rule.fields {
      lines.append("  \(pad(field.name, width: width))  \(field.meaning); \(field.kindSentence) (\(field.absenceSentence))")
    }
    lines.append("  seen by  \(rule.witnesses.map(\.sentence).joined(separator: "; "))")
    lines.append("  floor    \(rule.floor)")
    return lines
  }
}
