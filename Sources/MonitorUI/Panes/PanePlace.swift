import TerminalCanvas

/// Where a pane stands on screens of each kind.
struct PanePlace: Sendable {
  /// A slot of an arrangement: strips from top to bottom, columns in each from left to right.
  struct Slot: Sendable {
    /// Which strip, from 0.
    var strip: Int
    /// Which column of the strip, from 0. Of panes in the same slot the one with the focus shows, else the first.
    var column: Int
    /// Its share of the strip's columns.
    var width: Share
    /// What it wants of the screen's rows; the strip gives all of its panes the most that any of them wants.
    var height: Share
  }

  /// So many cells at least, then a share of the rest.
  struct Share: Sendable {
    /// At least so many cells, the frame included.
    var least: Int
    /// Its weight when the rest is shared out; 0 takes none of it.
    var weight = 1
    /// At most so many cells; nil for any number.
    var most: Int?

    var constraint: Constraint { .flex(min: least, weight: weight, max: most) }
  }

  /// On a screen with room for every pane.
  var large: Slot
  /// Its width there on a screen of more than 200 columns, where it differs.
  var wideWidth: Share?
  /// On a screen with room for most.
  var medium: Slot
  /// On a screen with room for a few: those with the lowest rank show.
  var rank: Int
}
