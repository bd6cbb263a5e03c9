import Events
import MonitorUI
import Recording
import RunModel
import TerminalCanvas
import WireFormats

/// A recording as a cast of asciinema: the frames of `frame --at`, one after the other.
package struct CastExport: Sendable {
  /// The versions of the format that are written: 2 is what asciinema before 3.0 reads.
  package static let versions = [2, 3]

  /// The version of the format, 2 or 3.
  package var version = 2
  /// Columns and rows.
  package var size = Size(width: 120, height: 40)
  /// The colours.
  package var theme = Theme.dark
  /// Seconds of the run from frame to frame, above 0.
  package var stepSeconds = 1.0

  /// A cast as it is made where nothing else is said.
  package init() {}

  /// At most so many frames: a day at one a second.
  private static let frameLimit = 86_400

  /// Writes the cast.
  /// - Parameter write: takes some lines at a time; false when nobody reads any more.
  package func write(_ history: RecordedHistory, to write: (String) -> Bool) async throws(Problem) {
    try await history.readAll()
    let end = await history.end
    let begin = await history.beginning
    var ui = MonitorState(theme: theme, isReplay: true)
    _ = ui.reduce(.ground(theme.pictureGround), in: end)
    let length = max(0, end.now.seconds(since: begin))
    guard length / stepSeconds < Double(Self.frameLimit) else {
      throw Problem(.usage, "a cast of \(Int(length)) s with a frame every \(stepSeconds) s is too long", hint: "choose a longer --step")
    }
    guard write(header(history.head, length) + "\n") else { return }
    var pending = Self.markers(end).filter { $0.at >= begin }[...]
    var frame = ANSIFrame()
    var told = 0.0
    var seconds = 0.0
    while true {
      let at = min(seconds, length)
      let instant = at == length ? end.now : begin.advanced(bySeconds: at)
      var lines = ""
      while let marker = pending.first, marker.at <= instant {
        pending.removeFirst()
        lines += line(max(told, marker.at.seconds(since: begin)), "m", marker.label, since: &told)
      }
      let run = try await history.state(at: instant)
      let change = frame.change(to: MonitorView.render(run: run, ui: ui, size: size))
      if !change.isEmpty || at == length { lines += line(at, "o", change, since: &told) }
      guard write(lines), at < length else { return }
      seconds += stepSeconds
    }
  }

  /// Times count from the beginning in version 2, from the line before in version 3.
  private func line(_ seconds: Double, _ kind: JSONValue, _ data: String, since told: inout Double) -> String {
    let time = (version == 2 ? seconds : seconds - told)
    told = seconds
    return JSONValue.array([.number((time * 1e6).rounded() / 1e6), kind, .string(data)]).jsonText + "\n"
  }

  private func header(_ head: RecordingHead, _ length: Double) -> String {
    let title = JSONValue.string("dubwatch \(escapeUntrusted(head.scenario ?? "watch"))")
    let start = JSONValue.integer(Int64(exactly: head.start.epochSeconds.rounded(.down)) ?? 0)
    let (width, height) = (JSONValue.int(size.width), JSONValue.int(size.height))
    let value: JSONValue =
      version == 2
      ? [
        "version": 2, "width": width, "height": height, "timestamp": start, "duration": .number(length), "title": title,
        "env": ["TERM": "xterm-256color"],
      ]
      : [
        "version": 3, "term": ["cols": width, "rows": height, "type": "xterm-256color"], "timestamp": start, "title": title,
      ]
    return value.jsonText
  }

  /// Faults, transitions of the breaker and violations, in order of time.
  private static func markers(_ run: RunState) -> [(at: RunInstant, label: String)] {
    let rows = run.rows.filter { $0.category == .fault || $0.category == .breaker }.map { ($0.at, "\($0.category.rawValue): \($0.text)") }
    let violations = run.verdict.entries.compactMap { entry in
      entry.verdict.standing == .violated ? entry.verdict.decidedAt.map { ($0, "violated: \(entry.expectation.title)") } : nil
    }
    return (rows + violations).map { ($0.0, escapeUntrusted($0.1)) }.sorted { $0.0 < $1.0 }
  }
}
