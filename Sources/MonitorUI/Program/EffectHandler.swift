import TerminalCanvas

/// Does what the monitor asks of the world beyond the terminal.
package protocol EffectHandler: Sendable {
  /// Injects a fault. Returns a sentence for the user when it could not be; nil when it was.
  func injectFault(id: String) async -> String?
  /// Saves a frame, as text, SVG or both. Returns a sentence for the user: where it went, or why it could not be saved.
  /// - Parameter palette: the colours of a picture of it.
  func saveFrame(_ canvas: Canvas, palette: FramePalette) async -> String
  /// Writes a note into the run. Returns a sentence for the user when it could not be; nil when it was.
  func mark(_ text: String) async -> String?
  /// Keeps what the user chose of the layout for the next start. Returns a sentence for the user when it could not be; nil when it was.
  func remember(_ choice: LayoutChoice) async -> String?
  /// The user quits; the run should come to its end. Called once, before ``MonitorProgram/run(feed:effects:)`` returns.
  func quitRequested() async
}

/// Why the monitor ended.
package enum MonitorExit: Hashable, Sendable {
  /// The user asked for it.
  case quit
  /// The feed ended, and the options say to end with it.
  case feedEnded
  /// A signal asked for it.
  case signal(TerminationSignal)
  /// The terminal is gone.
  case terminalClosed

  /// The exit status that belongs to it: 0, or 129, 130, 143 as shells have them.
  package var status: Int32 {
    switch self {
    case .quit, .feedEnded: 0
    case .terminalClosed, .signal(.hangup): 129
    case .signal(.interrupt): 130
    case .signal(.terminate): 143
    }
  }
}
