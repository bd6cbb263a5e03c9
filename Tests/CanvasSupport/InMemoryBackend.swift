import TerminalCanvas

/// A terminal without a screen: keeps the last canvas, and takes input from ``feed(_:)``.
package actor InMemoryBackend: TerminalBackend {
  /// The frames were not seen in time.
  package struct FrameNotSeen: Error, CustomStringConvertible {
    /// The rows of the last frame.
    package let lastRows: [String]
    /// What was waited for was not seen, and what was.
    package var description: String { "No frame matched in time. The last one:\n" + lastRows.joined(separator: "\n") }
  }

  /// What was fed.
  package nonisolated let inputs: AsyncStream<TerminalInput>
  private let feeder: AsyncStream<TerminalInput>.Continuation
  private var size: Size
  private let capabilities: TerminalCapabilities
  private var waiters: [Int: (predicate: @Sendable (Canvas) -> Bool, continuation: CheckedContinuation<Canvas?, Never>)] = [:]
  private var nextWaiter = 0

  /// The last frame shown; `nil` before the first.
  package private(set) var frame: Canvas?
  /// How many frames were shown.
  package private(set) var frameCount = 0
  /// Whether it was started and not stopped.
  package private(set) var isRunning = false
  /// Whether the mouse is reported.
  package private(set) var capturesMouse = false
  /// What was copied last.
  package private(set) var clipboard: String?
  /// The window's title; nil as long as none was given.
  package private(set) var title: String?
  /// How often the bell rang.
  package private(set) var bells = 0
  /// How often it was suspended.
  package private(set) var suspensions = 0

  /// Makes a terminal of a size that can show everything, unless told otherwise.
  package init(
    size: Size,
    capabilities: TerminalCapabilities = TerminalCapabilities(colors: .rgb, unicode: true, mouse: true, name: "memory")
  ) {
    self.size = size
    self.capabilities = capabilities
    (inputs, feeder) = AsyncStream.makeStream(of: TerminalInput.self)
  }

  /// Starts; never throws.
  package func start() -> (size: Size, capabilities: TerminalCapabilities) {
    isRunning = true
    return (size, capabilities)
  }

  /// Keeps the frame, clipped or padded to the size, and wakes who waits for it.
  @discardableResult
  package func present(_ canvas: Canvas) -> FrameStatistics {
    let shown = canvas.size == size ? canvas : canvas.cropped(to: Rect(size))
    frame = shown
    frameCount += 1
    for (id, waiter) in waiters where waiter.predicate(shown) {
      waiters[id] = nil
      waiter.continuation.resume(returning: shown)
    }
    return FrameStatistics(bytes: 0, writes: 0, duration: .zero)
  }

  /// Feeds an input; a resize also changes the size of what is shown.
  package func feed(_ input: TerminalInput) {
    if case .resize(let newSize) = input { size = newSize }
    if case .resumed(let newSize) = input { size = newSize }
    feeder.yield(input)
    if input == .closed { feeder.finish() }
  }

  /// Feeds a text as single keys.
  package func type(_ text: String) { for character in text { feed(.key(.char(character))) } }

  /// Waits until a frame, the last one or a later one, matches; throws ``FrameNotSeen`` after the deadline.
  @discardableResult
  package func waitForFrame(within deadline: Duration = .seconds(10), _ predicate: @escaping @Sendable (Canvas) -> Bool) async throws
    -> Canvas
  {
    if let frame, predicate(frame) { return frame }
    let id = nextWaiter
    nextWaiter += 1
    let timer = Task {
      try? await Task.sleep(for: deadline)
      self.expire(id)
    }
    defer { timer.cancel() }
    let seen = await withTaskCancellationHandler {
      await withCheckedContinuation { waiters[id] = (predicate, $0) }
    } onCancel: {
      timer.cancel()
    }
    guard let seen else { throw FrameNotSeen(lastRows: frame?.rows() ?? []) }
    return seen
  }

  private func expire(_ id: Int) { waiters.removeValue(forKey: id)?.continuation.resume(returning: nil) }

  /// Remembers it.
  package func setMouseCapture(_ on: Bool) { capturesMouse = on }
  /// Remembers it.
  package func copyToClipboard(_ text: String) { clipboard = text }
  /// Counts it.
  package func bell() { bells += 1 }
  /// Remembers it.
  package func setTitle(_ title: String) { self.title = title }

  /// Counts it and reports that the process goes on.
  package func suspend() {
    suspensions += 1
    feed(.resumed(size))
  }

  /// Ends the inputs.
  package func stop() {
    isRunning = false
    feeder.finish()
  }
}
