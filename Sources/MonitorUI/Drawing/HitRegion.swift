import Events
import TerminalCanvas

/// A part of the screen that a click means something in.
package struct HitRegion: Hashable, Sendable {
  enum Meaning: Hashable, Sendable {
    case row(Pane, item: Int, at: RunInstant?)
    case axis(TimeAxis)
    /// A moment that a row of a pane stands for, which cannot be selected.
    case axisMoment(Pane, RunInstant)
    /// All of a recording.
    case seek(TimeAxis)
  }

  let rect: Rect
  let meaning: Meaning
}
