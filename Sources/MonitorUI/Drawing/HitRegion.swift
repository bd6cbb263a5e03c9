import Events
import TerminalCanvas

/// A part of the screen that a click means something in.
package struct HitRegion: Hashable, Sendable {
  enum Meaning: Hashable, Sendable {
    case row(Pane, item: Int, at: RunInstant?)
    case axis(TimeAxis)
    /// A key's command, or what a click on something that is named means.
    case command(Command.Action)
    /// What lies over the panes: a click on it means nothing, one beside it closes it, and none goes through.
    case overlay
    /// A line of what lies over the panes that can be chosen.
    case overlayRow(Int)
    /// An answer to the question that lies over the panes.
    case answer(Bool)
    /// The head of a column: the table is sorted by it.
    case order(MonitorState.SeriesOrder)
    /// All of a recording.
    case seek(TimeAxis)
  }

  let rect: Rect
  let meaning: Meaning
}
