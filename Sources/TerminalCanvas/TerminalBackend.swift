/// A signal that asks the program to end.
package enum TerminationSignal: Hashable, Sendable {
  /// SIGHUP: the terminal or the session is gone.
  case hangup
  /// SIGINT: ctrl-c, or another process.
  case interrupt
  /// SIGTERM.
  case terminate
}

/// What comes from the terminal.
package enum TerminalInput: Hashable, Sendable {
  /// A key.
  case key(Key)
  /// The mouse, while its capture is on.
  case mouse(MouseEvent)
  /// Text pasted in one piece; not keys. Untrusted. At most 64 KiB, the rest is dropped.
  case paste(String)
  /// The terminal's background, some time after it was asked.
  case background(Ground)
  /// Whether the terminal's window has the keyboard now.
  case focus(Bool)
  /// The terminal has another size now.
  case resize(Size)
  /// The process was stopped and goes on; everything must be drawn again.
  case resumed(Size)
  /// The program should end now; the terminal still has to be given back by ``TerminalBackend/stop()``.
  case signal(TerminationSignal)
  /// The terminal is gone. Nothing comes after this.
  case closed
}

/// What a terminal can show.
package struct TerminalCapabilities: Hashable, Sendable {
  /// How many colours.
  package enum Colors: Int, Hashable, Sendable, Comparable {
    /// Attributes only.
    case none = 0
    /// The eight of ECMA-48.
    case eight = 8
    /// Eight and their bright versions.
    case sixteen = 16
    /// xterm's palette.
    case palette256 = 256
    /// 24 bits.
    case rgb = 16_777_216

    /// Fewer colours come first.
    package static func < (left: Colors, right: Colors) -> Bool { left.rawValue < right.rawValue }
  }

  /// How many colours.
  package var colors: Colors
  /// Whether the locale can encode Unicode; else everything is shown as ASCII.
  package var unicode: Bool
  /// Whether the terminal reports the mouse.
  package var mouse: Bool
  /// The value of TERM.
  package var name: String
  /// Its background as far as its environment tells; nil where that is not known. It may tell more later: ``TerminalInput/background(_:)``.
  package var ground: Ground?
  /// What the user should know about how the terminal is drawn to; one sentence.
  package var notice: String?

  /// Makes a description.
  package init(
    colors: Colors, unicode: Bool, mouse: Bool, name: String, ground: Ground? = nil, notice: String? = nil
  ) {
    self.colors = colors
    self.unicode = unicode
    self.mouse = mouse
    self.name = name
    self.ground = ground
    self.notice = notice
  }

  /// The glyphs that panes should draw with.
  package var glyphs: GlyphSet { unicode ? GlyphSet.of(terminal: name) : .ascii }
}

/// What one frame cost.
package struct FrameStatistics: Hashable, Sendable {
  /// Bytes sent to the terminal.
  package var bytes: Int
  /// Calls of write(2).
  package var writes: Int
  /// Time from the call of `present` to the last byte written.
  package var duration: Duration

  /// Makes a figure.
  package init(bytes: Int, writes: Int, duration: Duration) {
    self.bytes = bytes
    self.writes = writes
    self.duration = duration
  }
}

/// A terminal, or something that stands for one. The program's only way to a screen.
package protocol TerminalBackend: Actor {
  /// Takes the terminal over. Throws one sentence for the user when that cannot be.
  func start() async throws -> (size: Size, capabilities: TerminalCapabilities)
  /// What comes from the terminal, in order; ends after ``stop()`` or ``TerminalInput/closed``. One reader.
  nonisolated var inputs: AsyncStream<TerminalInput> { get }
  /// Shows a frame. A canvas of another size than the terminal's is clipped, or padded with blanks. Throws when the terminal is gone.
  @discardableResult func present(_ canvas: Canvas) async throws -> FrameStatistics
  /// Turns mouse reports on or off; while off, the terminal selects text itself.
  func setMouseCapture(_ on: Bool) async
  /// Asks the terminal to put a text on the clipboard (OSC 52), at most 74,994 bytes of UTF-8; whether it does is the terminal's choice.
  func copyToClipboard(_ text: String) async
  /// Rings the bell.
  func bell() async
  /// Gives the window a title, until the terminal is given back; control characters are shown escaped, at most 200 columns.
  func setTitle(_ title: String) async
  /// Gives the terminal back and stops the process, as ctrl-z does; returns after it was continued and the terminal is ours again.
  func suspend() async
  /// Gives the terminal back. May be called more than once.
  func stop() async
}
