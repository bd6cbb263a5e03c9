import Events
import TerminalCanvas

/// Everything that changes what the user looks at.
package enum MonitorAction: Hashable, Sendable {
  /// A key's command.
  case command(Command.Action)
  /// A character typed into the prompt.
  case type(Character)
  /// Text pasted into the prompt.
  case paste(String)
  /// The character before the prompt's end goes.
  case erase
  /// All of the prompt goes.
  case eraseAll
  /// The prompt is finished.
  case submit
  /// The answer to a question.
  case answer(Bool)
  /// A pane was clicked.
  case focus(Pane)
  /// A row was clicked: focus and select it, and go to its moment where it has one.
  case select(Pane, item: Int, at: RunInstant?)
  /// A line of what lies over the panes was clicked: it is chosen, and done where it was chosen before.
  case pressOverlay(Int)
  /// The head of a column of the table of series was clicked.
  case sortSeries(MonitorState.SeriesOrder)
  /// A click beside what lies over the panes: it closes.
  case closeOverlay
  /// What lies over the panes was drawn, and can be scrolled down so many lines.
  case overlayDrawn(end: Int)
  /// Go to a moment.
  case goTo(RunInstant)
  /// A moment on an axis of a pane was clicked: focus the pane, and go there.
  case point(Pane, at: RunInstant)
  /// The wheel moved over a pane, so many rows.
  case scroll(Pane, rows: Int)
  /// The run went on: its newest moment, and the oldest that is kept.
  case advanced(now: RunInstant, oldest: RunInstant)
  /// The source of events has ended; why.
  case feedEnded(reason: String)
  /// A sentence for the user.
  case notice(String)
  /// The layout is as it was chosen before.
  case layout(LayoutChoice)
  /// The terminal said what it draws on.
  case ground(Ground)
  /// So many seconds went by in front of the screen: a recording that plays goes on.
  case played(seconds: Double)
  /// How the run's own recording stands.
  case recorded(RecordingShown?)
  /// The terminal's window has the keyboard, or has it no more.
  case focusWindow(Bool)
}

/// What the monitor asks of the world; the program or its effect handler does it.
package enum MonitorEffect: Hashable, Sendable {
  /// Inject the fault of that identifier.
  case injectFault(id: String)
  /// Save the frame on screen.
  case saveFrame
  /// Write a note into the run.
  case mark(String)
  /// Put a text on the clipboard.
  case copy(String)
  /// Turn mouse reports on or off.
  case setMouseCapture(Bool)
  /// Ring the bell.
  case bell
  /// Stop the process as ctrl-z does.
  case suspend
  /// Draw everything again.
  case redraw
  /// Keep what the user chose of the layout for the next start.
  case remember(LayoutChoice)
  /// End.
  case quit
}
