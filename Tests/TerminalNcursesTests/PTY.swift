import TerminalCanvas
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pseudo-terminal with an emulator on its far side.
final class PTY {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  let master: Int32
  let slave: Int32
  let path: String
  private(set) var screen: VTScreen
  private(set) var bytesRead = 0

  init(_ width: Int, _ height: Int) throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw Failed(description: "openpty: \(errno)") }
    var name = [CChar](repeating: 0, count: 256)
    guard ttyname_r(slave, &name, name.count) == 0 else { throw Failed(description: "ttyname_r") }
    (self.master, self.slave) = (master, slave)
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    screen = VTScreen(size: Size(width: width, height: height))
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
  }

  private var isClosed = false

  /// Hangs up.
  func closeMaster() {
    if !isClosed { close(master) }
    isClosed = true
  }

  deinit {
    closeMaster()
    close(slave)
  }

  func resize(_ width: Int, _ height: Int) {
    pump()
    var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    screen.resize(Size(width: width, height: height))
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Takes what the program wrote into the emulator.
  func pump() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { return }
      bytesRead += count
      screen.feed(buffer[0..<count])
    }
  }

  /// Pumps until a condition holds; records an issue with the screen when it does not in time.
  func wait(
    _ what: String, seconds: Double = 15, sourceLocation: SourceLocation = #_sourceLocation, until condition: (VTScreen) -> Bool
  ) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      pump()
      if screen.syncDepth == 0, condition(screen) { return }
      if ContinuousClock.now > deadline { break }
      var item = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      if poll(&item, 1, 20) > 0, item.revents & Int16(POLLIN) == 0 { poll(nil, 0, 10) }
    }
    Issue.record("\(what) was not seen. The screen:\n\(screen.rows().joined(separator: "\n"))", sourceLocation: sourceLocation)
  }

  /// The terminal's modes.
  var modes: [UInt8] {
    get {
      var settings = termios()
      guard tcgetattr(slave, &settings) == 0 else { return [] }
      return withUnsafeBytes(of: settings) { Array($0) }
    }
    set {
      guard newValue.count == MemoryLayout<termios>.size else { return }
      var settings = newValue.withUnsafeBytes { $0.loadUnaligned(as: termios.self) }
      tcsetattr(slave, TCSANOW, &settings)
    }
  }

  /// Whether the terminal is as a shell needs it: lines and echo.
  var isSane: Bool {
    var settings = termios()
    guard tcgetattr(slave, &settings) == 0 else { return false }
    let needed = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & needed == needed && settings.c_oflag & tcflag_t(OPOST) != 0
  }
}
