/// A pane of the screen, by its name. Everything else about it stands in its file in `Panes` and is found by its row in `Panes.all`.
public struct Pane: Hashable, Sendable, CustomStringConvertible {
  /// Its name, one word: `breaker`.
  public let name: String

  init(_ name: String) { self.name = name }

  /// Its name.
  public var description: String { name }
}
