import Fleet
import WireFormats

/// A fleet without a screen: a line for each worker whose state is another one, for each trouble, and the totals where they changed.
package struct FleetLines: Sendable {
  private var states: [WorkerKey: String] = [:]
  private var troubles: [String: String] = [:]
  private var summary: String?

  /// Lines of a fleet that nobody has told yet.
  package init() {}

  /// What changed since the moment before, safe to be shown. At first only workers that are not running are told one by one, once
  /// everything was asked. A trouble of which only the figures change is told once.
  /// - Parameter time: the time of day, as it is shown.
  package mutating func lines(for moment: FleetMoment, time: String) -> [String] {
    guard moment.isSettled || !moment.failures.isEmpty else { return [] }
    let table = moment.table()
    var lines: [String] = []
    let now = moment.troubles(table)
    for trouble in now where troubles[trouble.kind] == nil { lines.append("warning \(trouble.sentence)") }
    let kinds = Set(now.map(\.kind))
    for (_, sentence) in troubles.filter({ !kinds.contains($0.key) }).sorted(by: { $0.value < $1.value }) {
      lines.append("good    no longer: \(sentence)")
    }
    troubles = Dictionary(now.map { ($0.kind, $0.sentence) }, uniquingKeysWith: { first, _ in first })
    for row in table.rows {
      let before = states.updateValue(row.condition.word, forKey: row.worker.key)
      guard before != row.condition.word, before != nil || row.condition.gravity != .good else { continue }
      lines.append("\(Self.word(row.condition.gravity)) \(row.worker.key.job)/\(row.worker.key.instance): \(row.condition.text)")
    }
    if summary != table.summary { lines.append("info    \(table.summary)") }
    summary = table.summary
    return lines.map { "\(time) \(escapeUntrusted($0))" }
  }

  private static func word(_ gravity: FleetCondition.Gravity) -> String {
    switch gravity {
    case .bad: "bad    "
    case .warning, .unknown: "warning"
    case .plain: "info   "
    case .good: "good   "
    }
  }
}
