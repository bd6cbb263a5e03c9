import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program's end of the pipes to its guard. Starts the guard with the first duty, and again, with all duties, when it died.
///
/// A message and its answer take tens of microseconds, so they are sent and awaited in place; a stuck guard is given up after
/// ``answerLimit``.
actor GuardLink {
  /// How long an answer may take, in seconds.
  static let answerLimit = 5.0

  private static let markPrefix = ChildSession.markVariable + "="

  private struct Connection {
    var pid: pid_t
    var duties: Int32
    var answers: Int32
  }

  private let executable: String
  private let arguments: [String]
  private var known: [UInt64: GuardMessage] = [:]
  private var connection: Connection?

  init(executable: String, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }

  deinit {
    if let connection { Self.close(connection) }
  }

  /// The process number of the guard that runs; nil when none was needed yet.
  var guardPID: Int32? { connection?.pid }

  /// Closes the pipes: the guard does what it has to do and ends.
  func disconnect() { drop() }

  /// Tells the guard; returns when it knows.
  func send(_ message: GuardMessage) throws(Problem) {
    guard message.encoded() != nil else { throw Problem(.tool, "a path or command for the guard holds control characters") }
    if case .release(let id) = message {
      guard known.removeValue(forKey: id) != nil, connection != nil else { return }
    }
    if connection != nil, deliver(message) {
      note(message)
      return
    }
    // The guard is new or gone: a new one learns everything.
    do throws(Problem) {
      try connect()
      for duty in known.values.sorted(by: { $0.id < $1.id }) + [message] where !deliver(duty) {
        throw Problem(.tool, "the guard process \(executable) does not answer")
      }
      note(message)
    } catch {
      drop()
      if case .release = message { return }
      known[message.id] = nil
      throw error
    }
  }

  private func note(_ message: GuardMessage) {
    switch message {
    case .release, .held: return
    // Should the guard have to be told again, the terminal has been taken meanwhile.
    case .terminal(let id, let reset, _): known[id] = .terminal(id: id, reset, isHeld: true)
    case .session, .path, .command: known[message.id] = message
    }
  }

  /// A descriptor of its own that leads to the guard, for what signal handlers say; nil when there is none to be had.
  func ownDescriptor() -> Int32? {
    guard let connection else { return nil }
    let copy = fcntl(connection.duties, F_DUPFD_CLOEXEC, 0)
    return copy < 0 ? nil : copy
  }

  private func deliver(_ message: GuardMessage) -> Bool {
    guard let connection, let bytes = message.encoded() else { return false }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(connection.duties, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    var waiting = pollfd(fd: connection.answers, events: Int16(POLLIN), revents: 0)
    var ready: Int32
    repeat { ready = poll(&waiting, 1, Int32(Self.answerLimit * 1000)) } while ready < 0 && errno == EINTR
    var answer: UInt8 = 0
    return ready == 1 && read(connection.answers, &answer, 1) == 1
  }

  private func drop() {
    if let connection { Self.close(connection) }
    connection = nil
  }

  private static func close(_ connection: Connection) {
    #if canImport(Glibc)
      Glibc.close(connection.duties)
      Glibc.close(connection.answers)
    #else
      Darwin.close(connection.duties)
      Darwin.close(connection.answers)
    #endif
    var status: Int32 = 0
    // It ends by itself when its pipe closes; whether it has done so yet does not matter here.
    waitpid(connection.pid, &status, WNOHANG)
  }

  private func connect() throws(Problem) {
    drop()
    let cannot = Problem(.tool, "the guard process \(executable) cannot be started, so children would not be ended after a crash")
    guard let duties = Self.pipePair() else { throw cannot }
    guard let answers = Self.pipePair() else {
      Self.closeBoth(duties)
      throw cannot
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, duties.read, 0)
    posix_spawn_file_actions_adddup2(&actions, answers.write, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([CommandLine.arguments.first ?? executable] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // A program that is somebody's child itself does not hand its mark on: who ends it must not end its guard, which has work to do then.
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let variable = next.pointee {
      if strncmp(variable, Self.markPrefix, Self.markPrefix.utf8.count) != 0 { variables.append(variable) }
      next += 1
    }
    variables.append(nil)
    var pid: pid_t = 0
    let result = posix_spawn(&pid, executable, &actions, nil, &words, variables)
    #if canImport(Glibc)
      Glibc.close(duties.read)
      Glibc.close(answers.write)
    #else
      Darwin.close(duties.read)
      Darwin.close(answers.write)
    #endif
    guard result == 0 else {
      Self.closeBoth((read: answers.read, write: duties.write))
      throw cannot
    }
    connection = Connection(pid: pid, duties: duties.write, answers: answers.read)
  }

  private static func closeBoth(_ pair: (read: Int32, write: Int32)) {
    #if canImport(Glibc)
      Glibc.close(pair.read)
      Glibc.close(pair.write)
    #else
      Darwin.close(pair.read)
      Darwin.close(pair.write)
    #endif
  }

  /// A pipe that children do not inherit: an end of it in a child would keep the guard waiting after our death.
  private static func pipePair() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      // A pair of sockets, as the call that makes a pipe without a moment of being inheritable is not visible from Swift.
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
    #else
      guard pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    return (ends[0], ends[1])
  }
}
