import CNcurses
import TerminalCanvas

extension NcursesBackend {
  /// Shows a frame: only what changed since the last one is handed to ncurses, and what ncurses makes of it is written in one piece.
  ///
  /// A terminal that does not read (a stalled connection) is waited for a fifth of a second; then the frame is owed and shown when it
  /// reads again, unless a newer one comes. Throws ``TerminalError/gone`` or ``TerminalError/notRunning``.
  @discardableResult
  package func present(_ canvas: Canvas) async throws -> FrameStatistics {
    guard phase == .running else { throw phase == .ended ? TerminalError.gone : TerminalError.notRunning }
    let clock = ContinuousClock()
    let begin = clock.now
    // A resize whose signal is still on its way.
    adoptSize(isResize: false)
    guard pending.isEmpty else {
      owed = canvas
      return FrameStatistics(bytes: 0, writes: 0, duration: clock.now - begin)
    }
    let (bytes, writes) = draw(canvas)
    guard phase == .running else { throw TerminalError.gone }
    if !pending.isEmpty { watch() }
    return FrameStatistics(bytes: bytes, writes: writes, duration: clock.now - begin)
  }

  private func draw(_ canvas: Canvas) -> (bytes: Int, writes: Int) {
    let frame = canvas.size == size ? canvas : canvas.cropped(to: Rect(size))
    if let shown, shown == frame { return (0, 0) }
    putChanges(frame)
    shown = frame
    flushScreen(brackets: true)
    let bytes = pending.count
    return (bytes, writePending(patience: 200))
  }

  private func putChanges(_ frame: Canvas) {
    let cells = frame.cells
    let former = shown?.cells ?? []
    let all = former.count != cells.count
    let width = frame.size.width
    var scalars = [UInt32](repeating: 0, count: 4)
    for index in cells.indices where all || cells[index] != former[index] || isSecondHalf(of: index, cells, former) {
      let cell = cells[index]
      // ncurses writes both halves with the first.
      if cell.isContinuation { continue }
      put(cell, x: index % width, y: index / width, &scalars)
    }
  }

  /// Whether the cell after a wide one changed while the wide one did not.
  private func isSecondHalf(of index: Int, _ cells: [Cell], _ former: [Cell]) -> Bool {
    cells[index].width == 2 && index + 1 < cells.count && cells[index + 1] != former[index + 1]
  }

  private func put(_ cell: Cell, x: Int, y: Int, _ scalars: inout [UInt32]) {
    let style = cell.style
    let foreground = colors.number(style.foreground, isForeground: true)
    let background = colors.number(style.background, isForeground: false)
    let attributes = UInt32(style.attributes.union(foreground.adding).rawValue)
    let (count, second) = encoder.encode(cell, into: &scalars)
    dw_screen_put(Int32(x), Int32(y), scalars, Int32(count), attributes, foreground.number, background.number)
    if let second {
      scalars[0] = second
      dw_screen_put(Int32(x + 1), Int32(y), scalars, 1, attributes, foreground.number, background.number)
    }
  }

  /// Appends what ncurses has to say to the bytes that wait, as one synchronized update where terminals know such.
  func flushScreen(brackets: Bool) {
    dw_screen_update()
    var count = 0
    guard let bytes = dw_screen_take(&count), count > 0 else { return }
    let isBracketed = brackets && isExtended
    pending.reserveCapacity(pending.count + count + 16)
    if isBracketed { pending.append(contentsOf: "\u{1B}[?2026h".utf8) }
    pending.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    if isBracketed { pending.append(contentsOf: "\u{1B}[?2026l".utf8) }
  }

  /// Writes what waits, for at most so many milliseconds, and returns how often it wrote. What remains is written when the terminal reads.
  func writePending(patience: UInt64) -> Int {
    var sent = 0
    var writes = 0
    let limit = dw_now() + patience * 1_000_000
    var isGone = false
    while sent < pending.count {
      let now = dw_now()
      // At once as far as it goes; the rest waits in the kernel, so that a frame is two writes and not one for each bufferful.
      let rest = writes == 0 || now >= limit ? 0 : Int32(clamping: (limit - now) / 1_000_000 + 1)
      let put = pending.withUnsafeBufferPointer { bytes -> Int32 in
        guard let start = bytes.baseAddress else { return 0 }
        let count = Int32(clamping: bytes.count - sent)
        return rest > 0 ? dw_tty_write_within(terminal, start + sent, count, rest) : dw_tty_write(terminal, start + sent, count)
      }
      if put > 0 {
        writes += 1
        sent += Int(put)
      } else {
        let left = Int64(limit) - Int64(dw_now())
        isGone = put == -2 || dw_wait_writable(terminal, Int32(clamping: max(0, left) / 1_000_000)) < 0
        if isGone || left <= 0 { break }
      }
    }
    pending.removeFirst(sent)
    if isGone { hangUp() }
    return writes
  }

  /// The terminal reads again.
  func catchUp() {
    _ = writePending(patience: 0)
    guard phase == .running, pending.isEmpty, let frame = owed else { return }
    owed = nil
    _ = draw(frame)
  }
}
