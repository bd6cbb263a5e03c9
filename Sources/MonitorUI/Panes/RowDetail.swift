import Events
import RunModel
import TerminalCanvas
import WireFormats

/// A row opened whole: everything that is known of it, and what stands around it.
struct RowDetail {
  /// One thing known of it.
  struct Field {
    var label: String
    var text: String
    var role = Role.text
  }

  /// What it is, in a few words.
  var title: String
  /// What is known, in the order of interest; texts may come from outside.
  var fields: [Field] = []
  /// Lines of the log at its moment, as they were written.
  var raw: [String] = []
  /// What happened before and after it.
  var around: [EventRow] = []
  /// Its row among those of ``around``.
  var own: Int?
  /// Its moment; nil where it has none.
  var instant: RunInstant?

  init(_ title: String, at instant: RunInstant? = nil) {
    self.title = title
    self.instant = instant
  }

  mutating func add(_ label: String, _ text: String?, _ role: Role = .text) {
    guard let text, !text.isEmpty else { return }
    fields.append(Field(label: label, text: text, role: role))
  }

  /// The time of it: of day here and in UTC, and since the run began.
  mutating func add(time instant: RunInstant, _ scene: Scene, label: String = "time") {
    let utc = scene.run.description.map { "  " + Format.timeOfDay($0.startedAt.epochSeconds + instant.seconds, digits: 3) + " UTC" } ?? ""
    let ago = scene.now.seconds(since: instant)
    let since = ago >= 0 ? ", \(Format.wholeAge(ago)) ago" : ""
    add(label, "\(scene.clock(instant, digits: 3))\(scene.ui.usesUTC ? "" : utc)  \(Format.elapsed(instant.seconds)) into the run\(since)")
  }

  /// It as lines of at most so many columns.
  func lines(_ scene: Scene, width: Int) -> [[Span]] {
    var lines: [[Span]] = []
    let labelWidth = min(14, (fields.map { displayWidth($0.label) }.max() ?? 0) + 2)
    for field in fields {
      let label = scene.span(pad(field.label, width: labelWidth), .label)
      lines += [label, scene.span(field.text, field.role)].wrapped(width: width, indent: labelWidth)
    }
    for (index, text) in raw.enumerated() {
      lines.append([])
      let more = raw.count > 1 ? " (\(index + 1) of \(raw.count))" : ""
      lines.append([scene.span("log line of that moment, as written\(more)", .title)])
      lines += [scene.span(text)].wrapped(width: width)
      for line in Self.pretty(text) { lines += [scene.span(line, .dim)].wrapped(width: width, indent: 4) }
    }
    guard !around.isEmpty else { return lines }
    lines.append([])
    lines.append([scene.span("before and after it", .title)])
    for row in around {
      let isOwn = row.serial == own
      lines += [
        scene.span(isOwn ? (scene.glyphs == .unicode ? "▸ " : "> ") : "  ", .key),
        scene.span("\(scene.clock(row.at, digits: 3)) #\(row.number) ", .dim), scene.glyph(row.severity),
        scene.span(" \(EventsPane.sentence(row))", isOwn ? .title : scene.role(row.severity)),
      ].wrapped(width: width, indent: 4)
    }
    return lines
  }

  /// The fields of a line that is or holds a JSON object, one a line; nothing for another line.
  static func pretty(_ text: String) -> [String] {
    guard let start = text.firstIndex(of: "{"), let value = try? JSONValue.parse(String(text[start...])), let object = value.objectValue
    else { return [] }
    return object.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.stringValue ?? $0.value.jsonText)" }
  }
}
