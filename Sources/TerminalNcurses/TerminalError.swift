import WireFormats

/// Why there is no screen, as one sentence for the user.
package enum TerminalError: ProblemCarrier, Hashable, Sendable, CustomStringConvertible {
  /// Neither standard output, standard input nor /dev/tty is a terminal, or the one asked for is not. With the path that was tried.
  case noTerminal(String)
  /// TERM is not set.
  case termNotSet
  /// TERM names a terminal that cannot place its cursor, as `dumb` cannot.
  case termNotCapable(String)
  /// The terminfo database has no such terminal.
  case termUnknown(String)
  /// There is no terminfo database.
  case noDatabase(String)
  /// ncurses or the system refused, with a reason.
  case refused(String)
  /// Another screen of this process has the terminal.
  case alreadyInUse
  /// The backend was not started, or was stopped.
  case notRunning
  /// The terminal is gone.
  case gone

  /// What is wrong and what to do.
  package var description: String {
    switch self {
    case .noTerminal(let path): "There is no terminal to draw on (\(path)): run in a terminal, or use --plain."
    case .termNotSet: "The environment variable TERM is not set: set it to your terminal's type, as in TERM=xterm-256color, or use --plain."
    case .termNotCapable(let name):
      "A terminal of type \"\(name)\" (TERM) cannot place its cursor: use --plain, or set TERM to your terminal's type."
    case .termUnknown(let name):
      "The terminal type \"\(name)\" (TERM) is not in the terminfo database: install its entry, or try TERM=xterm-256color."
    case .noDatabase(let name):
      "There is no terminfo database to look \"\(name)\" (TERM) up in: install the package ncurses-base, or use --plain."
    case .refused(let reason): "The terminal could not be taken over: \(reason)."
    case .alreadyInUse: "The terminal is already in use by another screen of this process."
    case .notRunning: "The terminal was not started, or was stopped."
    case .gone: "The terminal is gone."
    }
  }

  /// The same as a problem with its exit status.
  package var problem: Problem { Problem(.terminal, description) }
}
