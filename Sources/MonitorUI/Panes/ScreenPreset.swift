/// A way to share the screen out for a task: a row of ``all``.
struct ScreenPreset: Hashable, Sendable {
  /// Its name, one word.
  let name: String
  /// What it is for, in words.
  let sentence: String
  /// Its panes, row by row from the top; empty for the places that the panes themselves ask for.
  let rows: [[Pane]]

  /// Every preset; `p` goes through them, the first is the usual one.
  static let all: [ScreenPreset] = [
    ScreenPreset(name: "overview", sentence: "every pane, room by what it has to say", rows: []),
    ScreenPreset(
      name: "triage", sentence: "what is wrong, the services and what happened", rows: [[.verdict], [.services, .breaker], [.events]]),
    ScreenPreset(name: "sync", sentence: "the A/V ribbon first", rows: [[.sync], [.services, .events]]),
    ScreenPreset(name: "logs", sentence: "events or raw logs first", rows: [[.events], [.services, .verdict]]),
  ]

  /// The preset with a name; the usual one for another name.
  static func named(_ name: String) -> ScreenPreset { all.first { $0.name == name } ?? all[0] }
}

extension LayoutChoice {
  /// The names of all presets, the usual one first.
  package static var presets: [String] { ScreenPreset.all.map(\.name) }
}
