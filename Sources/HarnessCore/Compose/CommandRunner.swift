import ProcessGuard
import WireFormats

/// What became of a command that ran to its end.
package struct CommandOutcome: Sendable, Hashable {
  /// How it ended.
  package var exit: ChildExit
  /// Whether it was ended because its time was up.
  package var isTimedOut: Bool
  /// What it wrote to standard output, up to the runner's limit.
  package var output: [UInt8]
  /// What it wrote to standard error, up to the runner's limit.
  package var errors: [UInt8]

  /// Whether it ended by itself with status 0.
  package var isSuccess: Bool { exit == .exited(0) && !isTimedOut }
  /// Standard output as text.
  package var text: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  package var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// The last lines that say something, of standard error or else of standard output; without what only moves a cursor.
  package func lastLines(_ count: Int) -> [String] {
    let lines = { (text: String) in
      text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    }
    let said = lines(errorText)
    return Array((said.isEmpty ? lines(text) : said).suffix(count))
  }
}

/// Runs commands to their end: owned by the process guard, for a limited time, with bounded output.
package struct CommandRunner: Sendable {
  /// The most that is kept of one stream, in bytes; the rest is read and thrown away.
  package static let outputLimit = 16 * 1024 * 1024

  private let processGuard: ProcessGuard

  /// A runner whose children this guard owns.
  package init(processGuard: ProcessGuard) { self.processGuard = processGuard }

  /// Runs a command; cancellation of the task ends it (TERM, 2 s, KILL).
  /// - Parameters:
  ///   - request: what is run.
  ///   - seconds: how long it may take, in real seconds.
  ///   - line: takes each line of standard error as it comes.
  package func run(
    _ request: ChildRequest, seconds: Double, line: (@Sendable (String) async -> Void)? = nil
  ) async throws(EnvironmentFailure) -> CommandOutcome {
    let collector = OutputCollector(limit: Self.outputLimit, line: line)
    let child: GuardedProcess
    do throws(Problem) {
      child = try await processGuard.start(request) { await collector.take($1, $0) }
    } catch {
      throw EnvironmentFailure(error)
    }
    let timer = Task {
      try await Task.sleep(for: .seconds(seconds))
      await collector.noteTimeout()
      await child.terminate(grace: 2)
    }
    defer { timer.cancel() }
    let exit = await withTaskCancellationHandler {
      await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: 2) }
    }
    return await collector.outcome(exit)
  }
}

private actor OutputCollector {
  private let limit: Int
  private let line: (@Sendable (String) async -> Void)?
  private var output: [UInt8] = []
  private var errors: [UInt8] = []
  private var assembler = LineAssembler(limit: 4096)
  private var isTimedOut = false

  init(limit: Int, line: (@Sendable (String) async -> Void)?) {
    self.limit = limit
    self.line = line
  }

  func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel) async {
    switch channel {
    case .standardOutput: output += bytes.prefix(limit - output.count)
    case .standardError:
      errors += bytes.prefix(limit - errors.count)
      guard let line else { return }
      var lines: [String] = []
      assembler.append(bytes, to: &lines)
      for text in lines { await line(text) }
    }
  }

  func noteTimeout() { isTimedOut = true }

  func outcome(_ exit: ChildExit) async -> CommandOutcome {
    if let line, let rest = assembler.finish() { await line(rest) }
    return CommandOutcome(exit: exit, isTimedOut: isTimedOut, output: output, errors: errors)
  }
}
