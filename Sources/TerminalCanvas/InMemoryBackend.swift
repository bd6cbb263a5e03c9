/// A terminal for tests and for frames without a screen: keeps the last canvas, and takes input from ``feed(_:)``.
public actor InMemoryBackend: TerminalBackend {
  /// The frames were not seen in time.
  public struct FrameNotSeen: Error, CustomStringConvertible {
    /// The rows of the last frame.
    public let lastRows: [String]
    /// What was waited for was not seen, and what was.
    public var description: String { "No frame matched in time. The last one:\n" + lastRows.joined(separator: "\n") }
  }

  /// What was fed.
  public nonisolated let inputs: AsyncStream<TerminalInput>
  private let feeder: AsyncStream<TerminalInput>.Continuation
  private var size: Size
  private let capabilities: TerminalCapabilities
  private var waiters: [Int: (predicate: @Sendable (Canvas) -> Bool, continuation: CheckedContinuation<Canvas?, Never>)] = [:]
  private var nextWaiter = 0

  /// The last frame shown; `nil` before the first.
  public private(set) var frame: Canvas?
  /// How many frames were shown.
  public private(set) var frameCount = 0
  /// Whether it was started and not stopped.
  public private(set) var isRunning = false
  /// Whether the mouse is reported.
  public private(set) var capturesMouse = false
  /// What was copied last.
  public private(set) var clipboard: String?
  /// How often the bell rang.
  public private(set) var bells = 0
  /// How often it was suspended.
  public private(set) var suspensions = 0

  /// Makes a terminal of a size that can show everything, unless told otherwise.
  public init(
    size: Size,
    capabilities: TerminalCapabilities = TerminalCapabilities(colors: .rgb, unicode: true, mouse: true, name: "memory")
  ) {
    self.size = size
    self.capabilities = capabilities
    (inputs, feeder) = AsyncStream.makeStream(of: TerminalInput.self)
  }

  /// Starts; never throws.
  public func start() -> (size: Size, capabilities: TerminalCapabilities) {
    isRunning = true
    return (size, capabilities)
  }

  /// Keeps the frame, clipped or padded to the size, and wakes who waits for it.
  @discardableResult
  public func present(_ canvas: Canvas) -> FrameStatistics {
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
  public func feed(_ input: TerminalInput) {
    if case .resize(let newSize) = input { size = newSize }
    if case .resumed(let newSize) = input { size = newSize }
    feeder.yield(input)
    if input == .closed { feeder.finish() }
  }

  /// Feeds a text as single keys.
  public func type(_ text: String) { for character in text { feed(.key(.char(character))) } }

  /// Waits until a frame, the last one or a later one, matches; throws ``FrameNotSeen`` after the deadline.
  @discardableResult
  public func waitForFrame(within deadline: Duration = .seconds(10), _ predicate: @escaping @Sendable (Canvas) -> Bool) async throws
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
  public func setMouseCapture(_ on: Bool) { capturesMouse = on }
  /// Remembers it.
  public func copyToClipboard(_ text: String) { clipboard = text }
  /// Counts it.
  public func bell() { bells += 1 }

  /// Counts it and reports that the process goes on.
  public func suspend() {
    suspensions += 1
    feed(.resumed(size))
  }

  /// Ends the inputs.
  public func stop() {
    isRunning = false
    feeder.finish()
  }
}
