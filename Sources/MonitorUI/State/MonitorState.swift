import Events
import RunModel
import TerminalCanvas

/// What the user looks at, and how: everything on screen that is not true about the run itself. Pure: it changes only through
/// ``reduce(_:in:)``.
package struct MonitorState: Sendable {
  /// Which moment shows.
  package enum TimeView: Hashable, Sendable {
    /// The newest, as it comes.
    case live
    /// One moment; the run goes on behind it.
    case frozen(RunInstant)
  }

  /// What lies over the panes.
  package enum Overlay: Hashable, Sendable { case none, help, faults, confirmQuit, detail, palette }

  /// A line being typed.
  package struct Prompt: Hashable, Sendable {
    /// What becomes of it.
    package enum Purpose: Hashable, Sendable { case filter, search, mark, command }
    /// What becomes of it.
    package var purpose: Purpose
    /// What was typed so far, at most ``limit`` characters.
    package var text: String
    /// What was there before: it comes back where the line is left.
    package var before = ""
    /// The most that can be typed.
    package static let limit = 200
  }

  /// How the table of series is sorted.
  package enum SeriesOrder: String, CaseIterable, Hashable, Sendable { case name, value, rate }

  /// Time scales, in seconds from the left edge of an axis to its right.
  package static let windows: [Double] = [30, 60, 120, 300, 600, 900]

  /// The pane with the focus.
  package internal(set) var focus: Pane
  /// Whether the focused pane has the whole screen.
  package internal(set) var isZoomed = false
  /// What the user chose of the layout.
  package internal(set) var layout = LayoutChoice()
  /// Which moment shows.
  package internal(set) var time: TimeView = .live
  /// Which of ``windows`` the axes show.
  package internal(set) var windowIndex = 2
  /// The left edge of the axes while an earlier moment shows, in seconds on the run's axis; nil while live.
  package internal(set) var pausedAxisStart: Double?
  /// The stream that the sync pane shows; nil for the one that comes out of the pipeline, else the first.
  package internal(set) var stream: ServiceName?
  /// The worker, or the stream of one, that panes tell of; nil for the worker of the contract.
  package internal(set) var worker: WorkerLane?
  /// The selected item of each pane; none where the pane follows by itself. In the event list it is a row's serial number, in the raw logs a
  /// line's, elsewhere an index.
  package internal(set) var selection: [Pane: Int] = [:]
  /// Rows must contain this text, as ``Needle`` reads it.
  package internal(set) var filter = ""
  /// Which events show, by how grave they are.
  package internal(set) var gravity = GravityFilter.none
  /// What next and previous match look for.
  package internal(set) var search = ""
  /// A line being typed.
  package internal(set) var prompt: Prompt?
  /// What lies over the panes.
  package internal(set) var overlay: Overlay = .none
  /// The selected row of an overlay, or how many lines it is scrolled down.
  package internal(set) var overlayIndex = 0
  /// How many lines the overlay can be scrolled down, as it was drawn last; nil before it was.
  var overlayEnd: Int?
  /// Whether the event pane shows raw logs.
  package internal(set) var showsRawLogs = false
  /// Whether rows of events and raw logs that are longer than the pane go on in the next line.
  package internal(set) var wraps = false
  /// How many columns the texts of events and raw logs are scrolled to the left.
  package internal(set) var sideways = 0
  /// The service whose raw log shows; nil for the first that has one.
  package internal(set) var logService: ServiceName?
  /// How the table of series is sorted.
  package internal(set) var seriesOrder: SeriesOrder = .name
  /// Colours.
  package internal(set) var theme: Theme
  /// Whether the theme goes by the terminal's background until the user chooses one.
  package internal(set) var followsGround: Bool
  /// What the theme is drawn on.
  package internal(set) var surface = ThemeSurface()
  /// The run's newest moment when the terminal's window lost the keyboard, until the first key after it came back; nil else.
  package internal(set) var leftAt: RunInstant?
  /// Whether the window has the keyboard.
  package internal(set) var hasFocus = true
  /// Whether mouse reports are on.
  package internal(set) var capturesMouse = true
  /// Whether clock times are UTC.
  package internal(set) var usesUTC = false
  /// A sentence for the user, until the next key.
  package internal(set) var notice: String?
  /// The newest moment of the run, whatever shows.
  package internal(set) var liveNow: RunInstant = .zero
  /// The oldest moment that can be shown.
  package internal(set) var oldest: RunInstant = .zero
  /// Why no more events will come; nil as long as they may.
  package internal(set) var feedEnded: String?
  /// How a recording plays; nil for a run that is live.
  package internal(set) var transport: Transport?
  /// How the run's own recording stands; nil where it is not recorded.
  package internal(set) var recording: RecordingShown?
  /// Which key does what.
  package let bindings: KeyBindings
  /// Whether quitting must ask, since a running environment would end.
  package let ownsEnvironment: Bool
  /// Whether a recording is shown.
  package let isReplay: Bool
  /// The pane that had the focus before.
  var previousFocus: Pane
  /// What panes keep from frame to frame, each its own.
  var kept: [Pane: any Sendable] = [:]

  init(focus: Pane, theme: Theme, followsGround: Bool, bindings: KeyBindings, ownsEnvironment: Bool, isReplay: Bool) {
    self.focus = focus
    previousFocus = focus
    self.theme = theme
    self.followsGround = followsGround
    self.bindings = bindings
    self.ownsEnvironment = ownsEnvironment
    self.isReplay = isReplay
  }

  /// Takes over what a terminal can show.
  mutating func adopt(_ capabilities: TerminalCapabilities) {
    surface.colors = capabilities.colors
    if let ground = capabilities.ground { adopt(ground) }
    if capabilities.colors == .none {
      theme = .none
      followsGround = false
    }
    if let notice = capabilities.notice { self.notice = notice }
  }

  /// Takes over what the terminal draws on.
  mutating func adopt(_ ground: Ground) {
    surface.ground = ground
    if followsGround { theme = ground == .light ? .light : .dark }
  }

  /// The window lost the keyboard or has it again.
  mutating func focusWindow(_ hasFocus: Bool) {
    if !hasFocus, self.hasFocus { leftAt = liveNow }
    self.hasFocus = hasFocus
  }

  /// Seconds from the left edge of an axis to its right.
  package var windowSeconds: Double { Self.windows[min(max(0, windowIndex), Self.windows.count - 1)] }

  /// The moment that shows.
  package var shownInstant: RunInstant {
    switch time {
    case .live: liveNow
    case .frozen(let instant): instant
    }
  }

  /// Where the time cursor stands; nil while live.
  package var cursor: RunInstant? {
    switch time {
    case .live: nil
    case .frozen(let instant): instant
    }
  }

  /// What a key means now: typing while a prompt is open, an answer to a question, else its command. Nil for a key that means nothing.
  package func action(for key: Key) -> MonitorAction? {
    if prompt != nil { return promptAction(for: key) }
    if overlay == .confirmQuit {
      switch key {
      case .char("y"), .char("Y"), .enter: return .answer(true)
      case .ctrl("c"): return .answer(true)
      // Who asks twice means it, also where there is no room for the question.
      default: return .answer(bindings.command(for: key) == .quit)
      }
    }
    return bindings.command(for: key).map(MonitorAction.command)
  }

  private func promptAction(for key: Key) -> MonitorAction? {
    switch key {
    case .char(let character): .type(character)
    case .enter: .submit
    case .escape, .ctrl("c"): .command(.back)
    case .backspace, .ctrl("h"): .erase
    case .ctrl("u"), .ctrl("w"): .eraseAll
    // Commands are chosen among while their words are typed.
    case .up where overlay == .palette: .command(.move(rows: -1))
    case .down where overlay == .palette: .command(.move(rows: 1))
    case .pageUp where overlay == .palette: .command(.move(rows: -10))
    case .pageDown where overlay == .palette: .command(.move(rows: 10))
    case .ctrl, .alt, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .delete, .insert, .function: nil
    }
  }
}
