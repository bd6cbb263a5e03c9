import ProcessGuard
import WireFormats

/// Runs a tool (ffmpeg, ffprobe) to its end: its output by lines, its last complaints, within a time limit.
struct ToolRun: Sendable {
  /// Why a tool gave no answer.
  enum Failure: Error, Sendable, Hashable {
    /// It could not be started: not installed, not executable.
    case notStarted(Problem)
    /// It ran into the time limit and was ended.
    case timedOut(seconds: Double)
    /// The caller was cancelled; the tool was ended.
    case cancelled
  }

  /// How it ended.
  struct Outcome: Sendable {
    var exit: ChildExit
    /// Its last error lines joined; nil when it complained about nothing.
    var complaint: String?
  }

  let processGuard: ProcessGuard

  /// Runs it; `line` gets each line of its standard output, in order.
  /// - Parameter limit: how long it may take, in real seconds.
  func run(
    _ request: ChildRequest, limit: Double, line: @escaping @Sendable (String) async -> Void = { _ in }
  ) async throws(Failure) -> Outcome {
    let output = ToolOutput(line: line)
    let child: GuardedProcess
    do {
      child = try await processGuard.start(request) { channel, bytes in await output.take(bytes, channel) }
    } catch {
      throw .notStarted(error)
    }
    let timer = Task {
      try await Task.sleep(for: .seconds(limit))
      await output.noteTimeout()
      await child.terminate(grace: 1)
    }
    let exit = await withTaskCancellationHandler {
      await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: 1) }
    }
    timer.cancel()
    await output.finish()
    if Task.isCancelled { throw .cancelled }
    if await output.isTimedOut { throw .timedOut(seconds: limit) }
    return Outcome(exit: exit, complaint: await output.complaint)
  }
}

extension Problem {
  /// What to do where ffmpeg, or what comes with it, is not there.
  private static let ffmpegAdvice = "install ffmpeg (Debian: apt-get install ffmpeg)"

  /// The same with advice where ffmpeg, or what comes with it, is not there; one that is there and cannot be started needs another.
  var advisingFFmpeg: Problem { code == .toolMissing ? hinting(Self.ffmpegAdvice) : self }

  /// Why a tool of ffmpeg gave no answer.
  init(_ failure: ToolRun.Failure, tool: String, doing: String) {
    switch failure {
    case .notStarted(let problem): self = problem.advisingFFmpeg
    case .timedOut(let seconds): self.init(.tool, "\(tool) did not end within \(Int(seconds)) s \(doing), and was ended")
    case .cancelled: self.init(.ending, "\(tool) was ended \(doing)")
    }
  }
}

private actor ToolOutput {
  private(set) var isTimedOut = false
  private let line: @Sendable (String) async -> Void
  private var lines = LineAssembler(limit: 65536)
  private var errors = LineAssembler(limit: 4096)
  private var log = FFmpegLog()

  init(line: @escaping @Sendable (String) async -> Void) { self.line = line }

  func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel) async {
    var complete: [String] = []
    switch channel {
    case .standardError:
      errors.append(bytes, to: &complete)
      for text in complete { log.note(text) }
    case .standardOutput:
      lines.append(bytes, to: &complete)
      for text in complete { await line(text) }
    }
  }

  func finish() async {
    if let rest = errors.finish() { log.note(rest) }
    if let rest = lines.finish() { await line(rest) }
  }

  func noteTimeout() { isTimedOut = true }

  var complaint: String? { log.complaint }
}
