import TerminalCanvas

/// Keys as people write them: `q`, `space`, `ctrl-c`, `alt-x`, `f5`, `page-up`.
package enum KeyText {
  private static let named: [(String, Key)] = [
    ("enter", .enter), ("esc", .escape), ("tab", .tab), ("shift-tab", .backTab), ("up", .up), ("down", .down), ("left", .left),
    ("right", .right), ("home", .home), ("end", .end), ("page-up", .pageUp), ("page-down", .pageDown), ("backspace", .backspace),
    ("delete", .delete), ("insert", .insert), ("space", .char(" ")), ("comma", .char(",")),
  ]

  /// Names that a nearest word is looked for in.
  static let names: [String] = named.map(\.0) + ["ctrl-c", "alt-x", "f1", "f10"]

  /// The text of a key.
  package static func text(_ key: Key) -> String {
    switch key {
    case .char(let character): named.first { $0.1 == key }?.0 ?? String(character)
    case .ctrl(let character): "ctrl-\(character)"
    case .alt(let character): "alt-\(character)"
    case .function(let number): "f\(number)"
    case .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .backspace, .delete, .insert:
      named.first { $0.1 == key }?.0 ?? "?"
    }
  }

  /// The key a text names; nil when there is none.
  package static func key(_ text: String) -> Key? {
    if text.count == 1, let character = text.first { return .char(character) }
    let lower = text.lowercased()
    if let found = named.first(where: { $0.0 == lower }) { return found.1 }
    if lower == "escape" { return .escape }
    if lower.hasPrefix("ctrl-"), lower.count == 6, let character = lower.last { return .ctrl(character) }
    if lower.hasPrefix("alt-"), text.count == 5, let character = text.last { return .alt(character) }
    if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...63).contains(number) { return .function(number) }
    return nil
  }
}
