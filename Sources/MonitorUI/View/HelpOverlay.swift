import TerminalCanvas
import WireFormats

/// The help: what the focused pane says, then every key by what it is about, then what signs mean. Nothing of it is cut: it scrolls.
enum HelpOverlay {
  private static let wordWidth = 20

  static func draw(_ p: inout Painter, _ body: Rect) {
    let scene = p.scene
    let width = min(body.width, 120) - 4
    let lines = sections(scene).flatMap { section -> [[Span]] in
      [[scene.span(section.title, .title)]]
        + section.rows.flatMap { row in
          [scene.span(pad(scene.glyphs.spelled(row.word), width: wordWidth - 1) + " ", row.role), scene.span(row.meaning)]
            .wrapped(width: width, indent: wordWidth)
        } + [[]]
    }.dropLast()
    let all = Array(lines)
    let inner = Overlays.box(&p, body, "Help · \(KeyText.text(.escape)) closes", width: width, rows: all.count)
    let (top, rows) = Overlays.scrolled(&p, inner, all.count)
    for (spans, row) in zip(all.dropFirst(top), rows) { p.line(row, 0, spans) }
  }

  private struct Section {
    let title: String
    let rows: [(word: String, meaning: String, role: Role)]
  }

  private static func sections(_ scene: Scene) -> [Section] {
    let pane = scene.ui.focus
    let view = Panes[pane]
    let own = (pane.glossary?.entries ?? []) + Glossary.shared.entries
    let keys = Command.Group.allCases.compactMap { group -> Section? in
      let commands = scene.ui.bindings.commands.filter { $0.group == group }
      guard !commands.isEmpty else { return nil }
      let rows = commands.map { command in
        let keys = scene.ui.bindings.text(for: command.action)
        return (word: keys.isEmpty ? "no key" : keys, meaning: command.help, role: Role.key)
      }
      return Section(title: "Keys: \(group.rawValue)", rows: rows)
    }
    return [Section(title: "Pane \(pane.number), \(view?.words ?? pane.name)", rows: own.map { ($0.word, $0.meaning, .label) })] + keys
      + [Section(title: "Mouse", rows: mouse), Section(title: "Signs", rows: signs(scene.glyphs))]
  }

  private static let mouse: [(word: String, meaning: String, role: Role)] = [
    ("click", "selects a row and goes to its time; on an axis it goes to that time", .label),
    ("drag", "over an axis it goes through time", .label),
    ("wheel", "scrolls what is below it", .label),
    ("buttons", "the keys below, LIVE or PAUSED and what is wrong above, a pane's title (again: zoom), heads of columns", .label),
  ]

  private static func signs(_ glyphs: GlyphSet) -> [(word: String, meaning: String, role: Role)] {
    let isUnicode = glyphs == .unicode
    return [
      (String(glyphs.good), "well", .good), (String(glyphs.warning), "a warning", .warning), (String(glyphs.bad), "bad, or violated", .bad),
      (String(glyphs.unknown), "not known", .unknown), (glyphs.check, "holds", .good),
      (String(glyphs.fault), "an injected fault begins here; the shade behind an axis lasts as long as it does", .mark),
      ("\(glyphs.filledBox) \(glyphs.emptyBox)", "a segment inside of the threshold, or a place taken; none yet, or free", .good),
      (isUnicode ? "├─2.0─┤" : "|-2.0-|", "a wait, in seconds; the shade at its end is the contract's tolerance", .text),
      (isUnicode ? "×" : "x", "in the ribbon: packets are missing", .mark),
      (isUnicode ? "◆" : "*", "in the ribbon: the stream joins its end to its beginning, or its times jump", .mark),
      (isUnicode ? "◇" : "o", "in the ribbon: its time stamps wrap around", .mark),
      (isUnicode ? "│" : "|", "the moment that shows, while the view stands still", .cursor),
    ]
  }
}
