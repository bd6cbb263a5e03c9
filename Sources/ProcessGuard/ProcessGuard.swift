import Synchronization
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Something the guard does when the program is gone, until it is released.
package struct GuardDuty: Sendable, Hashable {
  let id: UInt64
}

/// Owns children that never outlive the program, however it ends.
///
/// While the program lives, it ends its children itself. For the case that it cannot (`kill -9`, a crash) a second process of the same
/// executable, `__guard`, holds the other end of a pipe: when the pipe closes, it ends what is left. `main` calls
/// ``runGuardIfRequested(arguments:)`` before anything else.
package actor ProcessGuard {
  /// The argument that makes the executable a guard.
  package static let guardArgument = "__guard"

  private let link: GuardLink?
  private var nextID: UInt64 = 1
  private var children: [UInt64: GuardedProcess] = [:]
  private var isShutDown = false

  /// A guard that is the same executable as this program; it is started with the first duty.
  package init() { self.init(executable: Self.ownExecutable) }

  /// A guard by its executable, which must call ``runGuardIfRequested(arguments:)`` first; nil for none: children then survive a `kill -9`.
  package init(executable: String?) {
    // Writing to a guard or a child that died must fail, not end the program.
    signal(SIGPIPE, SIG_IGN)
    link = executable.map { GuardLink(executable: $0, arguments: [Self.guardArgument]) }
  }

  /// The executable of this process.
  package static var ownExecutable: String {
    #if os(Linux)
      return "/proc/self/exe"
    #else
      return CommandLine.arguments.first ?? ""
    #endif
  }

  /// Serves as the guard and exits, when the arguments ask for that; else returns.
  package static func runGuardIfRequested(arguments: [String] = CommandLine.arguments) {
    guard arguments.dropFirst().first == guardArgument else { return }
    exit(GuardMain.serve())
  }

  /// Starts a child in a session of its own.
  ///
  /// The child's program runs only after the guard knows of it, so there is no moment at which a `kill -9` could leave it behind.
  /// - Parameters:
  ///   - request: what is run.
  ///   - input: what its standard input gets, in order, as fast as it reads; its end is the end of the stream. Nil for an empty one.
  ///   - output: gets what the child writes, in order; the child waits while it works.
  package func start(
    _ request: ChildRequest, input: AsyncStream<[UInt8]>? = nil, output: @escaping GuardedProcess.OutputHandler = { _, _ in }
  ) async throws(Problem) -> GuardedProcess {
    guard !isShutDown else { throw Problem(.ending, "no child is started any more: the program ends") }
    let duty = newDuty()
    let link = link
    let mark = Self.newMark()
    let child = try await GuardedProcess.launch(request, mark: mark, input: input, output: output) {
      identity throws(Problem) in
      try await link?.send(.session(id: duty.id, pid: identity.pid, startTicks: identity.startTicks, mark: mark))
    }
    if isShutDown {
      await child.terminate(grace: 0)
      throw Problem(.ending, "no child is started any more: the program ends")
    }
    children[duty.id] = child
    Task {
      _ = await child.waitForExit()
      await self.forget(duty)
    }
    return child
  }

  /// Has a file or a directory removed when the program is gone without having released the duty.
  package func removeOnDeath(path: String) async throws(Problem) -> GuardDuty {
    let duty = newDuty()
    try await link?.send(.path(id: duty.id, path))
    return duty
  }

  /// Has a command run when the program is gone without having released the duty, such as `docker compose -p NAME down`; it gets 30 s.
  package func runOnDeath(command: [String]) async throws(Problem) -> GuardDuty {
    guard !command.isEmpty else { throw Problem(.tool, "a command to run has no words") }
    let duty = newDuty()
    try await link?.send(.command(id: duty.id, command))
    return duty
  }

  /// Has a terminal given back when the program is gone while it has the terminal: what it shows, and its modes where they are still ours.
  ///
  /// Nothing is done until ``TerminalDuty/taken`` is said.
  /// - Returns: how to say so; nil where there is no guard.
  package func giveBackOnDeath(_ reset: TerminalReset) async throws(Problem) -> TerminalDuty? {
    guard let link else { return nil }
    let duty = newDuty()
    try await link.send(.terminal(id: duty.id, reset, isHeld: false))
    guard let descriptor = await link.ownDescriptor(), let taken = GuardMessage.held(id: duty.id, true).encoded(),
      let given = GuardMessage.held(id: duty.id, false).encoded()
    else {
      await release(duty)
      return nil
    }
    return TerminalDuty(duty: duty, descriptor: descriptor, taken: taken, given: given)
  }

  /// Takes a duty back: what it was for is done.
  package func release(_ duty: GuardDuty) async {
    try? await link?.send(.release(id: duty.id))
  }

  /// Ends every child (TERM, `grace` seconds, KILL), all at the same time, and takes no further ones.
  package func shutdown(grace: Double = 5) async {
    isShutDown = true
    let remaining = Array(children.values)
    await withTaskGroup(of: Void.self) { group in
      for child in remaining { group.addTask { await child.terminate(grace: grace) } }
    }
  }

  private static let marks = Atomic<UInt64>(0)

  /// Of one child only: our number and start time are no other process's, the count no other child's.
  private static func newMark() -> String {
    let own = ProcessIdentity.of(getpid())
    return "\(getpid()).\(own?.startTicks ?? 0).\(marks.add(1, ordering: .relaxed).newValue)"
  }

  private func newDuty() -> GuardDuty {
    defer { nextID += 1 }
    return GuardDuty(id: nextID)
  }

  private func forget(_ duty: GuardDuty) async {
    children[duty.id] = nil
    await release(duty)
  }
}
