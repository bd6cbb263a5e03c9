import Events
import RunModel
import TerminalCanvas
import WireFormats

/// The monitor without a screen: one line for each thing that happens, for screen readers, pipes and CI logs.
package struct PlainMonitor: Sendable {
  private var description: RunDescription?
  private let showsRoutine: Bool
  private let usesColor: Bool
  private let usesUTC: Bool

  /// A monitor that has seen nothing.
  /// - Parameters:
  ///   - showsRoutine: whether fragments and segments that go their way are told too.
  ///   - usesColor: whether the word of severity is coloured.
  ///   - usesUTC: whether times are UTC; else they are the run's local time.
  package init(showsRoutine: Bool = true, usesColor: Bool = false, usesUTC: Bool = false) {
    self.showsRoutine = showsRoutine
    self.usesColor = usesColor
    self.usesUTC = usesUTC
  }

  /// The lines of a batch of rows, without line ends; safe to be shown.
  package mutating func lines(for batch: RowBatch) -> [String] {
    description = batch.description ?? description
    var lines: [String] = []
    if batch.skipped > 0 {
      let time = batch.rows.first.map { "\(self.time($0.at)) " } ?? ""
      lines.append("\(time)warning run dubwatch: \(batch.skipped) lines are left out here: they were not read in time")
    }
    for row in batch.rows where showsRoutine || row.severity != .routine { lines.append(line(for: row)) }
    return lines
  }

  /// One row as a line: time, number, severity in a word, category, service, sentence.
  package func line(for row: EventRow) -> String {
    let word = row.severity.rawValue
    let padding = String(repeating: " ", count: max(0, 8 - word.utf8.count))
    let inferred = row.isInferred ? " [inferred]" : ""
    return "\(time(row.at)) #\(row.number) \(colored(word, row.severity))\(padding)\(row.category.rawValue) "
      + "\(escapeUntrusted(row.service.text)): \(escapeUntrusted(row.text))\(inferred)"
  }

  private func time(_ instant: RunInstant) -> String {
    guard let description else { return "+\(Format.fixed(instant.seconds, 3))" }
    let offset = usesUTC ? 0 : Double(description.localUTCOffsetSeconds)
    return Format.timeOfDay(description.startedAt.epochSeconds + instant.seconds + offset, digits: 3) + (usesUTC ? "Z" : "")
  }

  private func colored(_ word: String, _ severity: EventRow.Severity) -> String {
    guard usesColor else { return word }
    switch severity {
    case .routine, .info: return word
    case .good: return "\u{1B}[32m\(word)\u{1B}[0m"
    case .warning: return "\u{1B}[33m\(word)\u{1B}[0m"
    case .bad: return "\u{1B}[31m\(word)\u{1B}[0m"
    }
  }
}
