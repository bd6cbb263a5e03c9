import Events
import TerminalCanvas

/// A part of the screen that a click means something in.
package struct HitRegion: Hashable, Sendable {
  enum Meaning: Hashable, Sendable {
    case row(Pane, item: Int, at: RunInstant?)
    case axis(TimeAxis)
    /// What lies over the panes: a click on it means nothing, one beside it closes it, and none goes through.
    case overlay
    /// All of a recording.
    case seek(TimeAxis)
  }

  let rect: Rect
  let meaning: Meaning
}
