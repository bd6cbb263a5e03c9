/// A pane of the screen, by its name. Everything else about it stands in its file in `Panes` and is found by its row in `Panes.all`.
package struct Pane: Hashable, Sendable, CustomStringConvertible {
  /// Its name, one word: `breaker`.
  package let name: String

  init(_ name: String) { self.name = name }

  /// Its name.
  package var description: String { name }
}
