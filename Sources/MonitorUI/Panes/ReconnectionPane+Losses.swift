import Contracts
import Events
import RunModel
import TerminalCanvas

/// Every loss with its lanes, one below the other: whoever looks for a flaky link compares them.
extension ReconnectionPane {
  /// Whether all losses show: over the whole screen, where there is more than one.
  static func showsLosses(_ run: RunState, _ ui: MonitorState) -> Bool { isZoomed(ui) && run.reconnection.episodes.count > 1 }

  static func losses(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    let next = scene.run.reconnection.nextAttempt(schedule: scene.thresholds.backoff, now: scene.now)
    var lines: [ReconnectionRow?] = ReconnectionRow.all(scene.run)
    // What is due comes before how the loss went so far, and is nothing to select.
    if next != nil { lines.insert(nil, at: lines.count - 1) }
    let selected = selectedRow(scene)
    let position = selected.flatMap { id in lines.firstIndex { $0?.id == id } }
    let window = ListWindow(count: lines.count, height: rect.height, offset: .max, selection: position)
    let hidden = lines.indices.filter { !window.range.contains($0) }.compactMap { lines[$0] }
    let first = p.more(rect, 0, hidden.count, bad: hidden.count(where: \.isBad), word: "not shown")
    for (offset, index) in window.range.enumerated() {
      let line = offset == 0 ? first : rect.row(offset)
      guard let row = lines[index] else {
        guard let next, let loss = scene.run.reconnection.current else { continue }
        countdown(&p, line, next, from: loss.attempts.last?.at ?? loss.lostAt, (loss.lostAt.seconds, axisEnd(loss, next.due, scene)))
        continue
      }
      if let attempt = row.attempt {
        let isNewest = row.number == scene.run.reconnection.episodes.total
        let axis = (start: row.loss.lostAt.seconds, end: axisEnd(row.loss, isNewest ? next?.due : nil, scene))
        self.attempt(&p, line, attempt, from: row.from, axis)
      } else {
        let words = summary(row.loss, scene, width: line.width, number: row.number)
        p.line(line, 0, words.left, right: words.right)
      }
      p.hits.append(HitRegion(rect: rect.row(offset), meaning: .row(.reconnection, item: row.id, at: row.instant)))
      if selected == row.id { p.select(rect, offset) }
    }
  }

  /// What the row is that keys act on; nil without a selection.
  static func selectedRow(_ scene: Scene) -> Int? {
    selection(scene.ui).flatMap { ItemList(items: items(scene.run, scene.ui)).selected($0)?.id }
  }

  /// How a loss went, opened whole.
  static func detail(ofLoss row: ReconnectionRow, _ scene: Scene) -> RowDetail {
    let loss = row.loss
    var detail = RowDetail.row(.reconnect, at: loss.lostAt, scene.run).map { RowDetail($0, scene) } ?? RowDetail("loss", at: loss.lostAt)
    detail.title = "loss \(row.number) of the connection"
    if detail.fields.isEmpty {
      detail.add("why", loss.reason ?? "not known")
      detail.add(time: loss.lostAt, scene, label: "lost")
      if loss.provenance == .inferred { detail.add("how sure", "concluded: no line of a log tells of the loss itself", .warning) }
    }
    let off = loss.attempts.count { $0.isTimed && !$0.isOnSchedule }
    let failed = loss.attempts.count { $0.success == false }
    detail.add(
      "attempts", loss.attempts.isEmpty ? "none that a log tells of" : "\(loss.attempts.count), \(failed) failed, \(off) off the schedule",
      off > 0 ? .bad : .text)
    let end = ending(loss, scene)
    detail.add("how it went", end.text, end.role)
    return detail
  }

  private static func ending(_ loss: ReconnectionTrack.Episode, _ scene: Scene) -> (text: String, role: Role) {
    func after(_ instant: RunInstant) -> String { "at \(scene.clock(instant)), after \(Format.age(instant.seconds(since: loss.lostAt)))" }
    if let back = loss.backAt {
      let session = loss.firstSequenceNumber.map { ", first fragment has sequence number \($0)" } ?? ""
      return ("back \(after(back))\(session)", loss.firstSequenceNumber.map { $0 == 0 } ?? true ? .good : .bad)
    }
    if let restarted = loss.restartedAt { return ("the process restarted \(after(restarted))", .warning) }
    if let gaveUp = loss.gaveUpAt { return ("gave up \(after(gaveUp))", .bad) }
    return scene.unknownWords.map { ($0, .unknown) } ?? ("down for \(Format.wholeAge(scene.now.seconds(since: loss.lostAt)))", .bad)
  }
}
