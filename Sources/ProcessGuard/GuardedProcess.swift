import Subprocess
import WireFormats

#if canImport(System)
  import System
#else
  import SystemPackage
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child to start.
package struct ChildRequest: Sendable, Hashable {
  /// The executable: a path, or a name to look for in PATH.
  package var executable: String
  /// Its arguments.
  package var arguments: [String]
  /// Variables to set (or, with nil, to remove) in what the child inherits from us.
  package var environment: [String: String?]
  /// Where it runs; nil for our own directory.
  package var workingDirectory: String?

  /// A child to start.
  package init(_ executable: String, _ arguments: [String] = [], environment: [String: String?] = [:], workingDirectory: String? = nil) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
  }
}

/// How a child ended.
package enum ChildExit: Sendable, Hashable, CustomStringConvertible {
  /// By itself, with a status.
  case exited(Int32)
  /// By a signal.
  case signalled(Int32)

  /// For people; never a secret.
  package var description: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .signalled(let number): "ended by signal \(number)"
    }
  }
}

/// A child in a session of its own, with everything it started there.
package actor GuardedProcess {
  /// Which of its streams a child wrote to.
  package enum Channel: Sendable, Hashable { case standardOutput, standardError }

  /// Takes what a child wrote.
  package typealias OutputHandler = @Sendable (Channel, [UInt8]) async -> Void

  /// Its process number.
  package nonisolated let pid: Int32
  private let session: ChildSession
  private let ending: Task<ChildExit, Never>
  private var hasEnded = false

  private init(session: ChildSession, ending: Task<ChildExit, Never>) {
    pid = session.leader.pid
    self.session = session
    self.ending = ending
  }

  /// Waits until the child and everything it started is gone; not cut short by cancellation.
  package func waitForExit() async -> ChildExit {
    let exit = await ending.value
    hasEnded = true
    return exit
  }

  /// Ends the child: TERM to its whole session, `grace` seconds (real time), then KILL. Not cut short by cancellation.
  @discardableResult
  package func terminate(grace: Double = 5) async -> ChildExit {
    guard !hasEnded else { return await ending.value }
    let session = session
    let ending = ending
    // A task of its own: who asks for the end may be cancelled itself, the child must end all the same.
    let exit = await Task {
      session.signal(SIGTERM)
      session.signal(SIGCONT)
      let killer = Task {
        try await Task.sleep(for: .seconds(max(0, grace)))
        session.signal(SIGKILL)
      }
      defer { killer.cancel() }
      return await ending.value
    }.value
    hasEnded = true
    return exit
  }

  /// Starts the child; it runs its program only after `register` returned.
  ///
  /// A shell waits in its place for one line on standard input and then becomes the program; when we die before, it reads the end
  /// of the pipe and is gone.
  static func launch(
    _ request: ChildRequest, mark: String, input: AsyncStream<[UInt8]>?, output: @escaping OutputHandler,
    register: @escaping @Sendable (ProcessIdentity) async throws(Problem) -> Void
  ) async throws(Problem) -> GuardedProcess {
    var updates: [Environment.Key: String?] = [:]
    for (name, value) in request.environment {
      guard let key = Environment.Key(rawValue: name) else { continue }
      updates[key] = .some(value)
    }
    if let key = Environment.Key(rawValue: ChildSession.markVariable) { updates[key] = .some(mark) }
    let environment = Environment.inherit.updating(updates)
    let path = try await resolve(request.executable, environment)
    let (starts, starting) = AsyncStream<Result<ChildSession, Problem>>.makeStream(bufferingPolicy: .bufferingOldest(1))
    let ending = Task { () -> ChildExit in
      defer { starting.finish() }
      return await supervise(request, path: path, environment: environment, input: input, output: output) { pid in
        guard let identity = ProcessIdentity.of(pid) else {
          starting.yield(.failure(Problem(.tool, "\(request.executable) ended before it began")))
          return nil
        }
        do throws(Problem) {
          try await register(identity)
        } catch {
          starting.yield(.failure(error))
          return nil
        }
        let session = ChildSession(leader: identity, mark: mark)
        starting.yield(.success(session))
        return session
      } failed: { reason in
        starting.yield(.failure(Problem(.tool, "\(request.executable) cannot be started: \(reason)")))
      }
    }
    for await start in starts {
      return GuardedProcess(session: try start.get(), ending: ending)
    }
    throw Problem(.tool, "\(request.executable) cannot be started")
  }

  private static func resolve(_ executable: String, _ environment: Environment) async throws(Problem) -> String {
    if executable.utf8.contains(UInt8(ascii: "/")) {
      guard access(executable, X_OK) == 0 else {
        throw Problem(errno == ENOENT ? .toolMissing : .tool, "\(executable) cannot be started: \(String(cString: strerror(errno)))")
      }
      return executable
    }
    do {
      return try await Executable.name(executable).resolveExecutablePath(in: environment).string
    } catch {
      throw Problem(.toolMissing, "\(executable) is not installed, or not in PATH")
    }
  }

  private static func supervise(
    _ request: ChildRequest, path: String, environment: Environment, input: AsyncStream<[UInt8]>?, output: @escaping OutputHandler,
    started: @escaping @Sendable (pid_t) async -> ChildSession?, failed: @Sendable (String) -> Void
  ) async -> ChildExit {
    var options = PlatformOptions()
    options.createSession = true
    let script = #"IFS= read -r go && [ "$go" = go ] && exec "$@""# + (input == nil ? " </dev/null" : "")
    do {
      let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: Arguments(["-c", script, "sh", path] + request.arguments), environment: environment,
        workingDirectory: request.workingDirectory.map { FilePath($0) }, platformOptions: options, input: .inputWriter, output: .sequence,
        error: .sequence
      ) { execution -> ChildSession? in
        guard let session = await started(execution.processIdentifier.value) else {
          try? await execution.standardInputWriter.finish()
          return nil
        }
        _ = try? await execution.standardInputWriter.write(Array("go\n".utf8))
        let writer = execution.standardInputWriter
        let feeder = Task {
          do {
            if let input { for await bytes in input { _ = try await writer.write(bytes) } }
          } catch {
            // The child reads no more: it has ended or soon will, which is what its owner gets to know.
          }
          try? await writer.finish()
        }
        let standardOutput = execution.standardOutput
        let standardError = execution.standardError
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await forward(standardOutput, .standardOutput, output) }
          group.addTask { await forward(standardError, .standardError, output) }
        }
        feeder.cancel()
        await feeder.value
        return session
      }
      if let session = result.closureResult { await sweep(session) }
      return switch result.terminationStatus {
      case .exited(let code): .exited(code)
      case .signaled(let number): .signalled(number)
      }
    } catch {
      failed(String(describing: error))
      return .exited(127)
    }
  }

  private static func forward(_ sequence: SubprocessOutputSequence, _ channel: Channel, _ output: OutputHandler) async {
    do {
      for try await buffer in sequence { await output(channel, buffer.withUnsafeBytes { Array($0) }) }
    } catch {
      // The stream is over for us, whatever the reason; how the child ended is what its owner gets to know.
    }
  }

  /// Ends what a child left behind, in its session and out of it.
  private static func sweep(_ session: ChildSession) async {
    guard session.isAlive else { return }
    session.signal(SIGTERM)
    for round in 0..<150 {
      guard session.isAlive else { return }
      if round >= 50, round % 10 == 0 { session.signal(SIGKILL) }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }
}
