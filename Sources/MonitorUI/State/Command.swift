import TerminalCanvas

/// Something that a key can be bound to: a row of `Commands.all`. Help, key bar, configuration file and documentation read nothing else.
package struct Command: Hashable, Sendable {
  /// What a key does, as a value.
  package enum Action: Hashable, Sendable {
    /// End, or ask first where a running environment would end, too.
    case quit
    /// Open an overlay, or close it.
    case toggle(MonitorState.Overlay)
    /// Choose a command by its words.
    case palette
    /// Freeze the view, or return to live.
    case pause
    /// Go so many steps through time, back with a minus; a step is a sixtieth of the axes, at least half a second.
    case time(steps: Int)
    /// Return to live.
    case live
    /// Go to the oldest moment that is kept.
    case oldest
    /// Another time scale, so many places up its table; with a minus a finer one.
    case scale(Int)
    /// Focus a pane.
    case focus(Pane)
    /// Focus the pane so many places further, around the end.
    case cycle(Int)
    /// Focus a pane, or the one before it again.
    case alternate(Pane)
    /// The preset so many places further, around the end.
    case preset(Int)
    /// Take the focused pane off the screen.
    case hidePane
    /// Let the focused pane keep its room, or no more.
    case pinPane
    /// Bring back every pane.
    case showPanes
    /// Open the selected item whole, then go to its moment; act on the row of an overlay; without any of them, zoom.
    case enter
    /// Zoom the pane, or back.
    case zoom
    /// Close, deselect, leave the zoom, return to live: the first of them that there is to do.
    case back
    /// Move the selection so many rows down, up with a minus.
    case move(rows: Int)
    /// Select the first row.
    case first
    /// Select the last row; a list that follows does so again.
    case last
    /// Ask for a line of text.
    case ask(MonitorState.Prompt.Purpose)
    /// Select the next row that matches the search, with a minus the one before.
    case match(Int)
    /// Select the next event that is a warning or worse, with a minus the one before; in a recording go to the next violation.
    case problem(Int)
    /// Show graver events only; after the gravest all again.
    case gravity
    /// Show raw logs in place of events, or events again.
    case rawLogs
    /// Let long rows of events and raw logs go on in the next line, or cut them.
    case wrap
    /// Scroll the texts of events and raw logs so many columns to the left, back with a minus.
    case sideways(Int)
    /// Show the raw log of the next service.
    case nextLog
    /// Show the stream so many places further, around the end.
    case stream(Int)
    /// Show the worker, or one stream of it, so many places further, around the end.
    case worker(Int)
    /// The next order of the series.
    case sort
    /// Copy so many rows, the selected one the last of them.
    case copy(rows: Int)
    /// Save the frame on screen.
    case save
    /// The next theme.
    case theme
    /// Mouse reports on or off.
    case mouse
    /// Local time or UTC.
    case utc
    /// Stop the process as ctrl-z does.
    case suspend
    /// Draw everything again.
    case redraw
    /// Move through a recording.
    case transport(Transport.Step)
  }

  /// What commands of a kind are about; documentation lists them by it.
  package enum Group: String, CaseIterable, Hashable, Sendable { case program, time, panes, rows, contents, output, terminal }

  /// How a command stands in the line of keys. Commands of the same place stand there as one.
  package struct Hint: Hashable, Sendable {
    /// When it is of use: only then it stands there.
    package enum Context: Hashable, Sendable {
      /// At any time.
      case always
      /// While the focused pane's rows can be filtered.
      case filters
      /// While the events have the focus.
      case events
      /// While raw logs show and have the focus.
      case rawLogs
      /// While the table of series shows.
      case series
      /// While one stream of several shows, and has the focus.
      case streams
      /// While one worker of several shows, and has the focus.
      case workers
      /// Where a fault can be injected.
      case faults
    }

    /// Its place, from the left.
    package let place: Int
    /// What it does, in a word.
    package let words: String
    /// The word for it while an earlier moment shows.
    package let wordsWhilePaused: String
    /// A higher one stays longer when there is little room.
    package let priority: Int
    /// When it stands there.
    package let context: Context

    init(_ place: Int, _ words: String, whilePaused: String? = nil, priority: Int, when context: Context = .always) {
      self.place = place
      self.context = context
      self.words = words
      wordsWhilePaused = whilePaused ?? words
      self.priority = priority
    }
  }

  /// The name that a configuration file uses: `next-stream`.
  package let name: String
  /// What it is about.
  package let group: Group
  /// The keys it has without a configuration file, the first one shown in the key bar.
  package let keys: [Key]
  /// What it does, as the help says it.
  package let help: String
  /// What it does. No other command does the same.
  package let action: Action
  /// How it stands in the line of keys; nil for one that does not.
  package let hint: Hint?

  init(_ name: String, _ group: Group, keys: [Key], _ help: String, _ action: Action, hint: Hint? = nil) {
    self.name = name
    self.group = group
    self.keys = keys
    self.help = help
    self.action = action
    self.hint = hint
  }
}
