import Events
import RunModel

/// One row of the pane: an expectation, what it rests on, or something that is wrong.
struct VerdictRow {
  enum Content {
    case entry(VerdictEntry)
    case evidence(Evidence)
    case omitted(Int)
    case alarm(Alarm)
  }

  /// Its number in the selection: the same for an expectation whether its evidence shows or not, and wherever it stands.
  let id: Int
  let content: Content
  /// The moment it points to: the evidence's, for an expectation that of its last evidence or of its decision.
  let instant: RunInstant?
  /// What is copied and searched; not escaped.
  let text: String

  /// The rows in the order shown: what is violated, what is not known, what else is wrong, and then the rest: what is open, what is
  /// met, each in the scenario's order. The
  /// zoomed pane shows the evidence under each expectation.
  static func all(_ run: RunState, _ alarms: [Alarm], _ ui: MonitorState) -> (wrong: [VerdictRow], rest: [VerdictRow]) {
    let isOpened = VerdictPane.isZoomed(ui)
    let entries = run.verdict.entries
    let wrong = alarms.flatMap { alarm -> [VerdictRow] in
      switch alarm.subject {
      case .violated(let index), .notKnown(let index): rows(of: entries[index], index, isOpened)
      case .pipeline:
        [
          VerdictRow(
            id: firstAlarm + alarm.serial, content: .alarm(alarm), instant: alarm.since, text: "\(alarm.severity.rawValue): \(alarm.text)")
        ]
      }
    }
    // What is still open comes before what is met.
    let order: [Verdict.Standing] = [.violated, .unobservable, .pending, .met]
    let rest = order.flatMap { standing in
      entries.enumerated().flatMap { $1.isFailure || $1.verdict.standing != standing ? [] : rows(of: $1, $0, isOpened) }
    }
    return (wrong, rest)
  }

  private static func rows(of entry: VerdictEntry, _ index: Int, _ isOpened: Bool) -> [VerdictRow] {
    let verdict = entry.verdict
    let first = index * rowsPerEntry
    let text = "\(verdict.standing.word): \(entry.expectation.title): \(verdict.reason)"
    var rows = [VerdictRow(id: first, content: .entry(entry), instant: verdict.evidence.last?.at ?? verdict.decidedAt, text: text)]
    guard isOpened else { return rows }
    for (place, evidence) in verdict.evidence.enumerated() {
      if verdict.omittedEvidence > 0, place == verdict.evidence.count / 2 {
        rows.append(VerdictRow(id: first + rows.count, content: .omitted(verdict.omittedEvidence), instant: nil, text: ""))
      }
      rows.append(VerdictRow(id: first + rows.count, content: .evidence(evidence), instant: evidence.at, text: evidence.text))
    }
    return rows
  }

  /// More than the rows that one expectation can have.
  private static let rowsPerEntry = 64
  /// Behind the last expectation that there may be.
  private static let firstAlarm = VerdictTrack.limit * rowsPerEntry
}
