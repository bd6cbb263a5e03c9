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

extension VerdictRow {
  /// The row opened whole: an expectation with all that it rests on, an alarm with its event.
  func detail(_ scene: Scene) -> RowDetail {
    switch content {
    case .entry(let entry): return Self.detail(of: entry, instant, scene)
    case .alarm(let alarm): return Self.detail(of: alarm, scene)
    case .evidence(let evidence):
      if let row = scene.run.rows.first(where: { $0.number == EventNumber(evidence.sequence) }) { return RowDetail(row, scene) }
      var detail = RowDetail("evidence #\(evidence.sequence)", at: evidence.at)
      detail.add("what", evidence.text)
      detail.add(time: evidence.at, scene)
      return detail
    case .omitted(let count):
      var detail = RowDetail("evidence")
      detail.add("left out", "\(Figure.count(count, "event")) in between: the first and the last are kept")
      return detail
    }
  }

  private static func detail(of entry: VerdictEntry, _ instant: RunInstant?, _ scene: Scene) -> RowDetail {
    let verdict = entry.verdict
    let role: Role = verdict.standing == .violated ? .bad : verdict.standing == .unobservable ? .warning : .text
    var detail = RowDetail("expectation \(entry.expectation.id)", at: instant)
    detail.add("expected", entry.expectation.title)
    detail.add("stands", verdict.standing.word + (entry.expectation.isOptional ? " (optional)" : ""), role)
    detail.add("why", verdict.reason, role)
    if let decided = verdict.decidedAt { detail.add(time: decided, scene, label: "decided") }
    detail.add("number", verdict.decision.map { "#\($0), the same in reports" })
    if verdict.standing == .pending, let deadline = entry.deadline { detail.add("decided by", scene.clock(deadline)) }
    for gap in verdict.gaps {
      detail.add("not known", "\(scene.clock(gap.from)) to \(gap.to.map { scene.clock($0) } ?? "the end")", .warning)
    }
    for (place, evidence) in verdict.evidence.enumerated() {
      if verdict.omittedEvidence > 0, place == verdict.evidence.count / 2 { detail.add("", "\(verdict.omittedEvidence) more in between") }
      detail.add(place == 0 ? "rests on" : "and", "\(scene.clock(evidence.at, digits: 3)) #\(evidence.sequence) \(evidence.text)")
    }
    return detail
  }

  private static func detail(of alarm: Alarm, _ scene: Scene) -> RowDetail {
    var detail =
      scene.run.rows.first { $0.number == alarm.event }.map { RowDetail($0, scene) } ?? RowDetail("alarm \(alarm.id)", at: alarm.since)
    var fields: [RowDetail.Field] = [
      RowDetail.Field(label: "wrong now", text: alarm.text, role: alarm.severity == .bad ? .bad : .warning),
      RowDetail.Field(
        label: "since", text: "\(scene.clock(alarm.since, digits: 3)), for \(Format.wholeAge(scene.now.seconds(since: alarm.since)))"),
      RowDetail.Field(label: "how sure", text: "\(alarm.sureness.rawValue), by \(alarm.witness)"),
    ]
    if detail.fields.isEmpty { fields.append(RowDetail.Field(label: "event", text: "#\(alarm.event)")) }
    detail.fields = fields + detail.fields
    detail.title = "alarm \(alarm.id)"
    detail.instant = alarm.since
    return detail
  }
}
