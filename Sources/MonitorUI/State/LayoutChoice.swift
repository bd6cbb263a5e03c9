/// What the user chose of the layout; kept from one start to the next.
package struct LayoutChoice: Codable, Hashable, Sendable {
  /// The preset's name; another name means the usual one.
  package var preset = "overview"
  /// Names of panes that do not show unless they have the focus.
  package internal(set) var hidden: Set<String> = []
  /// Names of panes that keep their room also while they have nothing to say, and show first where there is room for few.
  package internal(set) var pinned: Set<String> = []

  /// Nothing chosen.
  package init() {}

  func hides(_ pane: Pane) -> Bool { hidden.contains(pane.name) }
  func pins(_ pane: Pane) -> Bool { pinned.contains(pane.name) }
}
