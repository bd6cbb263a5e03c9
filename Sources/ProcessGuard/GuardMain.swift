#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The guard itself: a process of its own that waits for the program to be gone and then does what the program cannot do any more.
///
/// It reads duties from standard input. When that ends, however the program ended, it gives the terminal back at once, as somebody looks at
/// it, ends the sessions (TERM, then KILL), runs the commands, removes
/// the paths, and exits. It holds no terminal and ignores what a terminal sends.
struct GuardMain {
  private var sessions: [UInt64: ChildSession] = [:]
  private var commands: [(id: UInt64, words: [String])] = []
  private var paths: [(id: UInt64, path: String)] = []
  private var terminals: [UInt64: (reset: TerminalReset, isHeld: Bool)] = [:]

  /// How long ended sessions have after TERM before KILL, in seconds.
  static let grace = 2.0
  /// How long one command may take, in seconds.
  static let commandLimit = 30.0

  #if canImport(Glibc)
    private static let process = Int32(PRIO_PROCESS.rawValue)
  #else
    private static let process = PRIO_PROCESS
  #endif

  /// Serves until the program is gone and everything is done; the exit status.
  static func serve() -> Int32 {
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH] {
      signal(number, SIG_IGN)
    }
    if getsid(0) != getpid() { setsid() }
    closeInherited()
    // A shell hears of the death at the same moment, and what it writes before us is lost with the screen that is left. Where this may not
    // be asked for, whoever is scheduled first is first.
    let usual = getpriority(Self.process, 0)
    setpriority(Self.process, 0, -10)
    var main = GuardMain()
    main.readDuties()
    for terminal in main.terminals.values where terminal.isHeld { terminal.reset.perform() }
    setpriority(Self.process, 0, usual)
    main.perform()
    return 0
  }

  /// Only standard input and output are ours; anything else would keep somebody's pipe or port open.
  private static func closeInherited() {
    let null = open("/dev/null", O_RDWR)
    if null >= 0, null != 2 { dup2(null, 2) }
    var limit = rlimit()
    #if os(Linux)
      let highest = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? min(limit.rlim_cur, 65536) : 1024
    #else
      let highest = getrlimit(RLIMIT_NOFILE, &limit) == 0 ? min(limit.rlim_cur, 65536) : 1024
    #endif
    for descriptor in 3..<Int32(highest) { close(descriptor) }
  }

  private mutating func readDuties() {
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      pending.append(contentsOf: buffer[..<count])
      while let end = pending.firstIndex(of: GuardMessage.terminator) {
        let message = GuardMessage(decoding: pending[..<end])
        if let message { accept(message) }
        pending.removeSubrange(...end)
        guard message?.isAnswered ?? true else { continue }
        var answer = UInt8(ascii: "+")
        _ = write(1, &answer, 1)
      }
      // A message of more than a mebibyte is none of ours.
      if pending.count > 1 << 20 { pending.removeAll() }
    }
  }

  private mutating func accept(_ message: GuardMessage) {
    switch message {
    case .session(let id, let pid, let start, let mark):
      sessions[id] = ChildSession(leader: ProcessIdentity(pid: pid, startTicks: start), mark: mark)
    case .path(let id, let path): paths.append((id, path))
    case .command(let id, let words): commands.append((id, words))
    case .terminal(let id, let reset, let isHeld): terminals[id] = (reset, isHeld)
    case .held(let id, let isHeld): terminals[id]?.isHeld = isHeld
    case .release(let id):
      sessions[id] = nil
      terminals[id] = nil
      commands.removeAll { $0.id == id }
      paths.removeAll { $0.id == id }
    }
  }

  /// Children first, then what needs them gone; the last path first, as directories come before what is put into them.
  private func perform() {
    for session in sessions.values { session.signal(SIGTERM) }
    Self.wait(seconds: Self.grace) { !sessions.values.contains(where: \.isAlive) }
    // Twice: a member that forked between the look and the signal is seen the second time.
    for _ in 0..<3 where sessions.values.contains(where: \.isAlive) {
      for session in sessions.values { session.signal(SIGKILL) }
      Self.wait(seconds: 0.5) { !sessions.values.contains(where: \.isAlive) }
    }
    for command in commands.reversed() { Self.run(command.words) }
    for path in paths.reversed() { FileRemoval.remove(path.path) }
  }

  /// Runs a command with the terminal's signals as they were, for a limited time.
  private static func run(_ words: [String]) {
    var attributes = posix_spawnattr_t()
    guard posix_spawnattr_init(&attributes) == 0 else { return }
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    sigdelset(&defaults, SIGKILL)
    sigdelset(&defaults, SIGSTOP)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var actions = posix_spawn_file_actions_t()
    guard posix_spawn_file_actions_init(&actions) == 0 else { return }
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var pid: pid_t = 0
    guard let name = words.first, posix_spawnp(&pid, name, &actions, &attributes, &arguments, environ) == 0 else { return }
    var status: Int32 = 0
    var isDone = false
    wait(seconds: commandLimit) {
      isDone = waitpid(pid, &status, WNOHANG) != 0
      return isDone
    }
    guard !isDone else { return }
    kill(-pid, SIGKILL)
    waitpid(pid, &status, 0)
  }

  /// The one place where waiting by looking again is right: nothing here can be waited for, as the processes are not ours.
  private static func wait(seconds: Double, until isDone: () -> Bool) {
    for _ in 0..<Int(seconds / 0.02) {
      if isDone() { return }
      usleep(20_000)
    }
  }
}
