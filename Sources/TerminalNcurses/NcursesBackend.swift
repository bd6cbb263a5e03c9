import CNcurses
import Synchronization
import TerminalCanvas
import WireFormats

/// A real terminal through ncurses. An actor on its own thread: all ncurses calls, input and signals are there; at rest it sleeps.
///
/// ncurses, signal handlers and the terminal are one per process, so only one backend may be started at a time. From ``start()`` to
/// ``stop()`` the terminal is given back in every case: also by exit(), by a crash, and when the process is stopped by ctrl-z.
/// Ctrl-c comes as ``TerminalInput/signal(_:)`` with ``TerminationSignal/interrupt``, ctrl-z suspends the whole process group.
package actor NcursesBackend: TerminalBackend {
  /// Executor of this actor: one thread.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  /// What comes from the terminal; one reader. Only the newest 8192 are kept when nobody reads.
  package nonisolated let inputs: AsyncStream<TerminalInput>

  nonisolated let thread: TerminalThread
  let feeder: AsyncStream<TerminalInput>.Continuation
  let environment: [String: String]
  let path: String?
  let catchesSignals: Bool
  let witness: Witness?

  /// Is told, before the terminal is taken, how it is given back by somebody else should this process be killed; says whom to tell each
  /// time that the terminal is taken or given back.
  package typealias Witness = @Sendable (TerminalLoan) async -> TerminalLoan.Witness?

  /// Where we are: a backend is started once.
  enum Phase { case idle, running, ended }
  var phase = Phase.idle
  var terminal: Int32 = -1
  var size = Size.zero
  var capabilities = TerminalCapabilities(colors: .none, unicode: false, mouse: false, name: "")
  /// Whether it understands the private modes of xterm: mouse, paste, synchronized updates, clipboard.
  var isExtended = false
  var capturesMouse = false
  /// The window's title; nil as long as it is the terminal's own.
  var title: String?
  /// Until when an answer of the terminal may still come that a shell would take for typing.
  var answerDue: UInt64?
  /// What was typed while the terminal was asked what it is.
  var typedAhead: [UInt8] = []
  var decoder = InputDecoder()
  /// When a lone escape becomes a key, or a paste is given up.
  var inputDeadline: UInt64?
  var resizeDue: UInt64?
  var lastResize: UInt64 = 0

  var colors = ColorMapper(colors: 0)
  var encoder = CellEncoder(unicode: false)
  /// What the terminal shows, once everything pending is written.
  var shown: Canvas?
  /// A frame that came while the terminal did not read.
  var owed: Canvas?
  var pending: [UInt8] = []

  /// Makes a backend and its thread.
  ///
  /// - Parameters:
  ///   - path: The terminal's device; by default the one that standard output or standard input is, or else /dev/tty.
  ///   - environment: TERM, COLORFGBG and the locale's variables (LC_ALL, LC_CTYPE, LANG) are read from it.
  ///   - catchesSignals: Whether WINCH, HUP, INT, TERM, TSTP and CONT are caught while it runs.
  ///   - witness: Who gives the terminal back when this process is killed; nil for nobody.
  package init(path: String? = nil, environment: [String: String], catchesSignals: Bool = true, witness: Witness?) throws {
    thread = try TerminalThread()
    (inputs, feeder) = AsyncStream.makeStream(of: TerminalInput.self, bufferingPolicy: .bufferingNewest(8192))
    self.environment = environment
    self.path = path
    self.catchesSignals = catchesSignals
    self.witness = witness
  }

  deinit {
    let isOurs = phase == .running
    let descriptor = terminal
    if isOurs { dw_restore_now() }
    feeder.finish()
    thread.end { if isOurs { Self.release(descriptor) } }
  }

  /// One per process.
  private static let claimed = Mutex(false)

  /// Takes the terminal over: alternate screen, single keys, signals. Throws a ``TerminalError``.
  package func start() async throws -> (size: Size, capabilities: TerminalCapabilities) {
    guard phase == .idle else { throw phase == .running ? TerminalError.alreadyInUse : TerminalError.notRunning }
    let name = environment["TERM"] ?? ""
    guard !name.isEmpty else { throw TerminalError.termNotSet }
    guard name != "dumb" else { throw TerminalError.termNotCapable(escapeUntrusted(name)) }
    guard
      Self.claimed.withLock({ claimed in
        claimed
          ? false
          : {
            claimed = true; return true
          }()
      })
    else { throw TerminalError.alreadyInUse }
    let descriptor = dw_tty_open(path)
    guard descriptor >= 0 else {
      Self.claimed.withLock { $0 = false }
      throw TerminalError.noTerminal(path ?? "standard output, standard input, /dev/tty")
    }
    let unicode = LocaleChoice.apply(environment)
    terminal = descriptor
    size = currentSize() ?? Size(width: 80, height: 24)
    // Before ncurses, which leaves handlers alone that are there already.
    if catchesSignals { dw_signals_catch(thread.wakeWriter) }
    let (opened, kind) = open(name)
    guard opened == DW_OPEN_OK else {
      Self.release(descriptor)
      terminal = -1
      throw Self.error(opened, escapeUntrusted(name))
    }
    if catchesSignals { dw_signals_catch(thread.wakeWriter) }
    describe(name, as: kind, unicode: unicode)
    phase = .running
    await tellWitness()
    guard phase == .running else { throw TerminalError.gone }
    guard enter() else {
      await stop()
      throw TerminalError.noTerminal(path ?? "the terminal does not accept settings")
    }
    if !typedAhead.isEmpty { deliver(decoder.feed(typedAhead)) }
    guard phase == .running else { throw TerminalError.gone }
    watch()
    return (size, capabilities)
  }

  /// Gives the terminal back, and ends ``inputs``.
  package func stop() async {
    if phase == .running { end() }
    phase = .ended
    feeder.finish()
  }

  /// Gives the terminal back, whatever state it is in.
  func end() {
    phase = .ended
    thread.watch(nil)
    awaitAnswer()
    dw_restore_now()
    Self.release(terminal)
    terminal = -1
    pending = []
    owed = nil
    shown = nil
    feeder.finish()
  }

  private static func release(_ descriptor: Int32) {
    dw_screen_close()
    dw_restore_witness(-1, nil, 0, nil, 0)
    dw_signals_release()
    dw_close(descriptor)
    claimed.withLock { $0 = false }
  }

  private static func error(_ result: dw_open_result, _ name: String) -> TerminalError {
    switch result {
    case DW_OPEN_UNKNOWN: .termUnknown(name)
    case DW_OPEN_HARDCOPY: .termNotCapable(name)
    case DW_OPEN_NO_DATABASE: .noDatabase(name)
    default: .refused("ncurses could not start on a terminal of type \(name)")
    }
  }

  /// - Parameter kind: the terminal of which ncurses takes it to be one.
  private func describe(_ name: String, as kind: String, unicode: Bool) {
    colors = ColorMapper(colors: Int(dw_screen_colors()))
    encoder = CellEncoder(unicode: unicode)
    // Terminals with a mouse descend from xterm, and skip private modes that they do not know. Except the Linux console: its entry means
    // the gpm daemon.
    isExtended = (Self.capability("kmous")?.starts(with: [0x1B, 0x5B]) ?? false) && !name.hasPrefix("linux")
    capabilities = TerminalCapabilities(
      colors: colors.level, unicode: unicode, mouse: isExtended, name: escapeUntrusted(name),
      ground: environment["COLORFGBG"].flatMap(Ground.init(colorFGBG:)),
      notice: kind == name
        ? nil : "This system does not know the terminal type \"\(escapeUntrusted(name))\" (TERM): it is drawn to as \(kind).")
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in KeyTable.capabilities { if let sequence = Self.capability(name) { keys[sequence] = key } }
    decoder = InputDecoder(keys: keys)
  }

  private static func capability(_ name: String) -> [UInt8]? {
    guard let value = dw_capability(name) else { return nil }
    var bytes: [UInt8] = []
    var index = 0
    while value[index] != 0 {
      bytes.append(UInt8(bitPattern: value[index]))
      index += 1
    }
    return bytes.isEmpty ? nil : bytes
  }

  func currentSize() -> Size? {
    var width: Int32 = 0
    var height: Int32 = 0
    guard dw_tty_size(terminal, &width, &height) else { return nil }
    // ncurses cannot hold more than this in one row or column of its tables.
    return Size(width: min(Int(width), 4096), height: min(Int(height), 4096))
  }
}
