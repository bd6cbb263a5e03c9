import CNcurses
import TerminalCanvas

extension NcursesBackend {
  /// Takes the terminal: settings, alternate screen, modes. The way back is armed before the first byte.
  func enter() -> Bool {
    let restore = restoreBytes()
    dw_restore_arm(terminal, restore, restore.count)
    guard dw_tty_raw(terminal) else { return false }
    pending = []
    dw_screen_redraw()
    shown = nil
    flushScreen(brackets: false)
    if isExtended {
      // Pastes and focus are reported, the title is kept for later, the background is asked for: its answer comes when it comes.
      pending.append(contentsOf: "\u{1B}[?2004h\u{1B}[?1004h\u{1B}[22;2t\u{1B}]11;?\u{07}".utf8)
      answerDue = dw_now() + 1_000_000_000
      if let title { pending.append(contentsOf: Self.titleSequence(title).utf8) }
    }
    if capturesMouse { pending.append(contentsOf: Self.mouseOn.utf8) }
    _ = writePending(patience: 500)
    return phase == .running
  }

  static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
  static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

  /// Tells the thread what to wait for now.
  func watch() {
    guard phase == .running else { return }
    thread.watch(
      .init(
        body: { [weak self] ready in self?.assumeIsolated { $0.turn(ready) } }, terminal: terminal, wantsOutput: !pending.isEmpty,
        deadline: [inputDeadline, resizeDue].compactMap(\.self).min()))
  }

  /// One turn of the thread: signals, then input, then what waits for its time.
  private func turn(_ ready: Int32) {
    guard phase == .running else { return }
    handleSignals()
    guard phase == .running else { return }
    if ready & Int32(DW_READY_OUTPUT) != 0 { catchUp() }
    if ready & Int32(DW_READY_INPUT) != 0 { readInput() } else if ready & Int32(DW_READY_HANGUP) != 0 { hangUp() }
    guard phase == .running else { return }
    let now = dw_now()
    if let due = inputDeadline, now >= due {
      inputDeadline = nil
      deliver(decoder.flush())
    }
    if let due = resizeDue, now >= due { resizeNow(now) }
    watch()
  }

  private func handleSignals() {
    let signals = dw_signals_take()
    guard signals != 0 else { return }
    func came(_ bit: Int) -> Bool { signals & UInt32(bit) != 0 }
    if came(DW_SIGNAL_HANGUP) { feeder.yield(.signal(.hangup)) }
    if came(DW_SIGNAL_INTERRUPT) { feeder.yield(.signal(.interrupt)) }
    if came(DW_SIGNAL_TERMINATE) { feeder.yield(.signal(.terminate)) }
    if came(DW_SIGNAL_RESIZE) {
      // At most 60 times a second, and always once after the last one.
      resizeDue = resizeDue ?? max(dw_now(), lastResize + 16_666_667)
    }
    if came(DW_SIGNAL_STOP) {
      stopProcess(group: false)
    } else if came(DW_SIGNAL_CONTINUE) {
      // Stopped by SIGSTOP, which cannot be caught: the shell has used the terminal meanwhile.
      dw_screen_suspend()
      resume()
    }
  }

  private func resizeNow(_ now: UInt64) {
    resizeDue = nil
    lastResize = now
    adoptSize(isResize: true)
  }

  /// Takes a new size of the terminal over, if it has one.
  func adoptSize(isResize: Bool) {
    guard let current = currentSize() else { return }
    let changed = current != size
    guard changed || isResize else { return }
    size = current
    dw_screen_resize(Int32(size.width), Int32(size.height))
    shown = nil
    owed = nil
    if changed { feeder.yield(.resize(size)) }
  }

  /// Gives the terminal back and stops the process with its group, as ctrl-z does; returns when it goes on.
  package func suspend() async {
    guard phase == .running else { return }
    stopProcess(group: true)
    watch()
  }

  func stopProcess(group: Bool) {
    awaitAnswer()
    dw_restore_now()
    dw_screen_suspend()
    dw_stop_process(group, thread.waker)
    resume()
  }

  private func resume() {
    if let current = currentSize(), current != size {
      size = current
      dw_screen_resize(Int32(size.width), Int32(size.height))
    }
    owed = nil
    inputDeadline = nil
    guard enter() else {
      // Without its settings the terminal still shows frames; a terminal that is gone says so by itself.
      if currentSize() == nil { hangUp() }
      return
    }
    feeder.yield(.resumed(size))
  }

  /// The terminal is gone: says so once, and gives up what we hold of it.
  func hangUp() {
    guard phase == .running else { return }
    feeder.yield(.closed)
    end()
  }

  private func readInput() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = dw_tty_read(terminal, &bytes, Int32(bytes.count))
    if count == 0 || count == -2 { return hangUp() }
    guard count > 0 else { return }
    deliver(decoder.feed(bytes[0..<Int(count)]))
    guard phase == .running else { return }
    // 40 ms tell the escape key from a sequence, also over a slow line; a paste may pause for longer.
    inputDeadline = decoder.isWaiting ? dw_now() + (decoder.isPasting ? 2_000_000_000 : 40_000_000) : nil
  }

  func deliver(_ inputs: [TerminalInput]) {
    for input in inputs {
      switch input {
      case .key(.ctrl("c")): feeder.yield(.signal(.interrupt))
      case .key(.ctrl("z")): if phase == .running { stopProcess(group: true) }
      case .background:
        answerDue = nil
        feeder.yield(input)
      default: feeder.yield(input)
      }
    }
  }
}
