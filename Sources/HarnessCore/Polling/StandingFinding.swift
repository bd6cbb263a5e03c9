import Events

/// A finding that a source says when it begins to hold, says anew when its words change, and takes back.
struct StandingFinding: Sendable {
  let id: String
  private var said: String?

  init(id: String) { self.id = id }

  /// - Parameter text: what holds now; nil when nothing of it does.
  /// - Returns: what is to be said; nil when nothing changed.
  mutating func change(_ text: String?) -> Finding? {
    guard text != said else { return nil }
    let old = said
    said = text
    return Finding(id: id, text: text ?? old ?? "", holds: text != nil)
  }
}
