import Events
import RunModel
import TerminalCanvas
import WireFormats

/// One row a fragment: when it was sent, acknowledged and answered, how long that took, and what came of it.
enum FragmentTable {
  /// "sent 12:00:30.050, acknowledged 12:00:30.060, answered 12:00:31.250, 1200 ms, processed (success)".
  static func sentence(_ record: FragmentRecord, _ scene: Scene) -> String {
    let times = [("sent", record.sentAt), ("acknowledged", record.acknowledgedAt), ("answered", record.answeredAt)]
    var parts = times.compactMap { word, at in at.map { "\(word) \(scene.clock($0, digits: 3))" } }
    if let milliseconds = record.milliseconds { parts.append(Format.milliseconds(milliseconds)) }
    parts.append(result(record))
    return "\(name(record)): " + parts.joined(separator: ", ")
  }

  static func name(_ record: FragmentRecord) -> String {
    record.sequenceNumber.map(String.init) ?? record.fragmentID.map { String($0.prefix(8)) } ?? "?"
  }

  /// What came of it, in words.
  static func result(_ record: FragmentRecord) -> String {
    let detail = record.detail.map { " (\($0))" } ?? ""
    let fallback = record.fallback.map { reason in reason.isEmpty ? "original sound" : "original sound (\(reason))" }
    let outcome: String? =
      switch record.outcome {
      case .processed: "processed\(detail)"
      case .failed: "failed\(detail)"
      case .timedOut: "timed out\(detail)"
      case .unsent: "not sent\(detail)"
      case .fallback, .sent, .acknowledged, nil: nil
      }
    let words = [outcome, fallback].compactMap(\.self)
    return words.isEmpty ? "under way" : words.joined(separator: ", ")
  }

  /// The newest fragments that fit, and how many more there are and failed.
  static func draw(_ p: inout Painter, _ rect: Rect, where isWanted: (FragmentRecord) -> Bool = { _ in true }, title: String) {
    guard rect.height > 1 else { return }
    let scene = p.scene
    let all = scene.run.fragments.records.filter(isWanted)
    let shown = all.suffix(max(0, rect.height - 2))
    let hidden = all.dropLast(shown.count)
    let head = p.more(rect, 0, hidden.count, bad: hidden.count { $0.hasFailed }, word: "earlier")
    p.line(head, 0, [scene.span(title, .title)])
    guard !all.isEmpty else {
      p.line(rect, 1, [scene.span("none that a log tells of", .dim)])
      return
    }
    let columns = [
      TableColumn("nr", width: .fixed(8), alignment: .right), TableColumn("sent", width: .fixed(12), alignment: .right, priority: 90),
      TableColumn("acknowledged", width: .fixed(12), alignment: .right, priority: 50),
      TableColumn("answered", width: .fixed(12), alignment: .right, priority: 60),
      TableColumn("took", width: .fixed(9), alignment: .right, priority: 80), TableColumn("result", width: .flex(min: 16), priority: 200),
    ]
    func time(_ instant: RunInstant?) -> Span {
      scene.span(instant.map { scene.clock($0, digits: 3) } ?? "–", instant == nil ? .dim : .text)
    }
    let rows = shown.map { record in
      [
        scene.span(name(record)), time(record.sentAt), time(record.acknowledgedAt), time(record.answeredAt),
        scene.span(record.milliseconds.map(Format.milliseconds) ?? "–"),
        scene.span(result(record), record.hasFailed ? .warning : record.outcome == nil ? .dim : .text),
      ]
    }
    Table(columns: columns, rows: rows, headerStyle: scene.style(.label), glyphs: scene.glyphs).draw(on: &p.canvas, in: rect.inset(top: 1))
  }
}
