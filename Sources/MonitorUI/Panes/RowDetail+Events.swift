import Contracts
import Events
import RunModel
import TerminalCanvas
import WireFormats

/// What is known of a row of the event stream.
extension RowDetail {
  /// A row, with what it followed from and what it caused as far as the run knows.
  init(_ row: EventRow, _ scene: Scene) {
    self.init("\(row.category.rawValue) #\(row.number)", at: row.at)
    add("what", row.text, scene.role(row.severity))
    add("service", row.service.text)
    add(time: row.at, scene)
    add("number", "#\(row.number), the same in reports")
    add("kind", "\(row.category.rawValue), \(row.severity.rawValue)")
    if row.isInferred { add("how sure", "concluded from metrics: no line of a log tells of it", .warning) }
    addCauses(row, scene)
    addEvidence(row, scene)
    raw = Self.lines(of: row.service, at: row.at, scene.run)
    (around, own) = (Self.around(row, scene.run), row.serial)
  }

  /// The row of the stream that tells of something that a pane shows; nil where there is none.
  static func row(_ category: EventRow.Category, at instant: RunInstant, _ run: RunState) -> EventRow? {
    run.rows.last { $0.category == category && abs($0.at.seconds(since: instant)) < 0.0005 }
  }

  /// What was going on: faults, the loss of the connection, the fragment and its fate, the breaker's next step.
  private mutating func addCauses(_ row: EventRow, _ scene: Scene) {
    let run = scene.run
    for fault in run.faults where fault.began <= row.at && row.at <= fault.ended ?? run.now && row.category != .fault {
      let end = fault.ended.map { "to \(scene.clock($0))" } ?? "still on"
      add("during", "\(fault.kind) \(fault.detail), from \(scene.clock(fault.began)) \(end)", .warning)
    }
    for loss in run.reconnection.episodes where loss.lostAt <= row.at {
      guard let end = loss.backAt ?? loss.gaveUpAt ?? loss.restartedAt ?? (loss.isOpen ? run.now : nil), row.at <= end else { continue }
      let attempts = Figure.count(loss.attempts.count, "attempt")
      add("during", "loss of the connection at \(scene.clock(loss.lostAt))\(loss.reason.map { ": \($0)" } ?? ""), \(attempts)")
    }
    if row.category == .fragment {
      for record in run.fragments.records where [record.sentAt, record.acknowledgedAt, record.answeredAt].contains(row.at) {
        add("fragment", FragmentTable.sentence(record, scene))
      }
    }
    if row.category == .breaker, let next = run.breaker.entries.first(where: { $0.at > row.at }) {
      add("then", "\(BreakerPane.sentence(next)) after \(Format.age(next.at.seconds(since: row.at)))")
    }
  }

  /// The expectations that rest on it.
  private mutating func addEvidence(_ row: EventRow, _ scene: Scene) {
    for entry in scene.run.verdict.entries {
      let verdict = entry.verdict
      if verdict.decision == row.number {
        add("decides", "\(verdict.standing.word): \(entry.expectation.title)", verdict.standing == .violated ? .bad : .text)
      } else if verdict.evidence.contains(where: { $0.sequence == row.number.sequence }) {
        add("evidence of", "\(entry.expectation.title) (\(verdict.standing.word))", verdict.standing == .violated ? .bad : .text)
      }
    }
  }

  /// The lines of a service's log that bear that time, by the clock of the log.
  private static func lines(of service: ServiceName, at instant: RunInstant, _ run: RunState) -> [String] {
    guard let log = run.logs[service], let start = run.description?.startedAt else { return [] }
    let clock = run.logClocks[service] ?? LogClock()
    return log.reversed().lazy.filter { line in
      let seen = WallTime(epochSeconds: start.epochSeconds + line.at.seconds)
      let at = line.value.reportedAt.map { clock.instant(reported: $0, seen: seen, at: line.at) } ?? line.at
      return abs(at.seconds(since: instant)) < toleranceSeconds
    }.prefix(3).reversed().map(\.value.text)
  }

  /// What times of one moment may differ by, in seconds: they are written in milliseconds.
  private static let toleranceSeconds = 0.002

  /// Three rows before it and five after it that are not routine.
  private static func around(_ row: EventRow, _ run: RunState) -> [EventRow] {
    let list = EventList(run)
    guard let place = list.position(ofSerial: row.serial) else { return [] }
    func told(_ indices: some Sequence<Int>, _ count: Int) -> [EventRow] {
      Array(indices.lazy.map { list[$0] }.filter { $0.severity != .routine }.prefix(count))
    }
    let after = place + 1 < list.count ? told((place + 1)..<list.count, 5) : []
    return told((0..<place).reversed(), 3).reversed() + [row] + after
  }
}
