import Contracts
import Events
import HarnessConfig
import Judging
import MonitorUI
import WireFormats

/// A list of the manual, printed from the table that the program itself reads.
package struct ManualList: Sendable {
  /// Its name between the markers of a page: `<!-- list: commands -->`.
  package let name: String
  /// The list, each line ended.
  package let text: String
  /// Whether it is Markdown rather than columns, which keep their blanks in a block of code.
  package var isMarkdown = false

  /// Every list.
  package static var all: [ManualList] {
    [
      ManualList(name: "topics", text: ManualTopic.links, isMarkdown: true),
      ManualList(name: "commands", text: commands),
      ManualList(name: "rules", text: Rules.manual),
      ManualList(name: "faults", text: FaultKind.manual),
      ManualList(name: "happenings", text: HappeningKind.manual),
      ManualList(name: "contracts", text: columns(BuiltInContracts.all.map { [$0.name, $0.summary] })),
      ManualList(name: "signals", text: columns(SignalID.meanings.map { [$0.signal.text, $0.meaning] })),
      ManualList(name: "field-types", text: columns(TemplatePattern.FieldType.allCases.map { [$0.rawValue, $0.meaning] })),
      ManualList(name: "signal-kinds", text: columns(SignalBinding.Kind.allCases.map { [$0.rawValue, $0.meaning] })),
      ManualList(name: "log-formats", text: columns(LogFormat.allCases.map { [$0.rawValue, $0.meaning] })),
      ManualList(name: "problems", text: columns(ProblemCode.all.map { [$0.name, "\($0.status)", $0.meaning] })),
      ManualList(name: "exit-statuses", text: columns(ExitStatus.all.map { [$0.status, $0.meaning] })),
    ]
  }

  /// Rows in columns of equal width, the last one as long as it is.
  static func columns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in text + String(repeating: " ", count: widths[column] - text.count) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private static var commands: String {
    columns(Commands.all.map { [$0.name, KeyBindings.standard.text(for: $0.action), $0.help] })
  }
}
