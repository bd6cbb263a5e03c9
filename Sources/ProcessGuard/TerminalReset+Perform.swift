#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TerminalReset {
  /// Gives the terminal back, as far as it is still as the program left it.
  ///
  /// A shell hears of the death at the same moment and may have set its own modes already: they stay, and only what the terminal shows is
  /// put right. Where another program has the terminal by now, nothing is done.
  func perform() {
    let terminal = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard terminal >= 0 else { return }
    defer { close(terminal) }
    var now = termios()
    guard isatty(terminal) == 1, tcgetattr(terminal, &now) == 0, let ours = Self.modes(ours), var former = Self.modes(former) else {
      return
    }
    let isOurs = Self.equal(now, ours)
    let shell = isOurs ? nil : Self.shellAtPrompt(terminal)
    guard isOurs || shell != nil || now.c_lflag & tcflag_t(ICANON) != 0 else { return }
    Self.write(bytes, to: terminal)
    // Its prompt went with the screen that was left: line editors draw it again when the window changes.
    if let shell { kill(shell, SIGWINCH) }
    // At once: waiting for the terminal to read could take for ever.
    if isOurs { while tcsetattr(terminal, TCSANOW, &former) != 0, errno == EINTR {} }
  }

  private static func modes(_ bytes: [UInt8]) -> termios? {
    guard bytes.count == MemoryLayout<termios>.size else { return nil }
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: termios.self) }
  }

  /// By what programs set; the speed of the line is not ours.
  private static func equal(_ left: termios, _ right: termios) -> Bool {
    left.c_iflag == right.c_iflag && left.c_oflag == right.c_oflag && left.c_lflag == right.c_lflag && left.c_cflag == right.c_cflag
  }

  /// A shell that waits for a command: who leads the terminal's session and is in its foreground.
  private static func shellAtPrompt(_ terminal: Int32) -> pid_t? {
    #if os(Linux)
      var status = stat()
      guard fstat(terminal, &status) == 0 else { return nil }
      // The kernel writes the device into /proc/PID/stat as the C library keeps it in st_rdev (proc(5), makedev(3)).
      let device = Int64(bitPattern: UInt64(status.st_rdev))
      return ProcessTable.all().first { $0.terminal == device && $0.pid == $0.session && $0.foreground == $0.pid }?.pid
    #else
      return nil
    #endif
  }

  /// A terminal that does not read must not keep the guard from its other work: about half a second at most.
  private static func write(_ bytes: [UInt8], to terminal: Int32) {
    var sent = 0
    for _ in 0..<10 where sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { posixWrite(terminal, $0.baseAddress, $0.count) }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        var item = pollfd(fd: terminal, events: Int16(POLLOUT), revents: 0)
        poll(&item, 1, 50)
      } else if errno != EINTR {
        return
      }
    }
  }
}

/// `write` of the C library; the type's own function of that name hides it.
private func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
