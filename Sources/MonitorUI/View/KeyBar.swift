import TerminalCanvas
import WireFormats

/// The last line: what is being typed, a notice, or the keys.
enum KeyBar {
  static func draw(_ p: inout Painter, _ rect: Rect) {
    let scene = p.scene
    if let prompt = scene.ui.prompt { return draw(&p, rect, prompt) }
    if let notice = scene.ui.notice {
      p.line(rect, 0, [scene.span(" \(notice)", .warning)])
      return
    }
    let shown = hints(scene)
    let line = KeyHints(shown.map(\.hint), keyStyle: scene.style(.key), actionStyle: scene.style(.text))
    line.draw(on: &p.canvas, in: rect)
    for (index, place) in line.placed(in: rect) { p.hits.append(HitRegion(rect: place, meaning: .command(shown[index].action))) }
  }

  private static func draw(_ p: inout Painter, _ rect: Rect, _ prompt: MonitorState.Prompt) {
    let scene = p.scene
    let word: String
    switch prompt.purpose {
    case .filter: word = "filter"
    case .search: word = "search"
    case .mark: word = "note"
    case .command: word = "command"
    }
    let end = "\(hits(scene, prompt))  enter: \(prompt.purpose == .command ? "do it" : "done")  esc: as before"
    let room = max(4, rect.width - displayWidth(word) - 5 - displayWidth(end))
    let text = displayWidth(prompt.text) > room ? "…" + String(prompt.text.suffix(max(1, room / 2))) : prompt.text
    p.line(rect, 0, [scene.span(" \(word): ", .key), scene.span(text), Span(" ", scene.style(.selection)), scene.span(end, .dim)])
  }

  /// How many rows of the pane contain what is typed.
  private static func hits(_ scene: Scene, _ prompt: MonitorState.Prompt) -> String {
    if prompt.purpose == .command { return "  \(scene.ui.foundCommands.count) found" }
    guard prompt.purpose != .mark, case let needle = Needle(prompt.text), !needle.isEmpty else { return "" }
    let items = scene.ui.list(of: scene.ui.focus, scene.run).items
    let count = prompt.purpose == .filter ? items.count : items.count { needle.isIn($0.text) }
    return "  \(count) found"
  }

  /// The first key of each command that has a place in the line and is of use now; a command without a key has none. A click on what
  /// stands for several does the last of them.
  private static func hints(_ scene: Scene) -> [(hint: KeyHints.Hint, action: Command.Action)] {
    var places: [Int: (keys: [Key], hint: Command.Hint, action: Command.Action)] = [:]
    for command in scene.ui.bindings.commands {
      guard let hint = command.hint, hint.context.applies(scene), let key = scene.ui.bindings.keys[command.action]?.first else { continue }
      let keys = (places[hint.place]?.keys ?? []) + [key]
      places[hint.place] = (keys, hint, command.action)
    }
    return places.sorted { $0.key < $1.key }.map { _, shown in
      let words = scene.ui.time == .live ? shown.hint.words : shown.hint.wordsWhilePaused
      return (KeyHints.Hint(text(shown.keys, scene.glyphs), words, priority: shown.hint.priority), shown.action)
    }
  }

  private static func text(_ keys: [Key], _ glyphs: GlyphSet) -> String {
    if keys == [.left, .right] { return glyphs == .unicode ? "←→" : "<- ->" }
    return keys.map(KeyText.text).joined(separator: " ")
  }
}
