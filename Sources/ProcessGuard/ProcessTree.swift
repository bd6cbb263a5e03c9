#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A process that cannot be mistaken for a later one with the same number.
struct ProcessIdentity: Hashable, Sendable {
  /// Its number; of a session we made also the session's and the first group's.
  let pid: pid_t
  /// When it began, in clock ticks since boot; 0 where that cannot be known.
  let startTicks: UInt64

  /// The process that now has this number; nil when there is none.
  static func of(_ pid: pid_t) -> ProcessIdentity? {
    #if os(Linux)
      return ProcessTable.entry(pid).map { ProcessIdentity(pid: pid, startTicks: $0.startTicks) }
    #else
      return kill(pid, 0) == 0 || errno == EPERM ? ProcessIdentity(pid: pid, startTicks: 0) : nil
    #endif
  }
}

/// What /proc says about processes.
enum ProcessTable {
  struct Entry {
    var pid: pid_t
    var state: UInt8
    var group: pid_t
    var session: pid_t
    var startTicks: UInt64

    /// Dead already, only not collected.
    var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
  }

  #if os(Linux)
    /// One process; nil when there is none of that number.
    static func entry(_ pid: pid_t) -> Entry? {
      let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return nil }
      // The name may hold anything, blanks and brackets too: fields are counted from its last bracket (proc(5)).
      guard let bracket = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
      let fields = buffer[(bracket + 1)..<count].split(separator: 0x20)
      guard fields.count > 19, let state = fields[0].first, let group = number(fields[2]), let session = number(fields[3]),
        let start = number(fields[19])
      else { return nil }
      return Entry(pid: pid, state: state, group: pid_t(group), session: pid_t(session), startTicks: UInt64(start))
    }

    /// Every process there is.
    static func all() -> [Entry] {
      guard let directory = opendir("/proc") else { return [] }
      defer { closedir(directory) }
      var found: [Entry] = []
      while let item = readdir(directory) {
        let name = withUnsafePointer(to: &item.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if let pid = pid_t(name), let entry = entry(pid) { found.append(entry) }
      }
      return found
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: field, as: UTF8.self)) }
  #endif
}

/// A session that we made for a child, with everything the child started in it.
struct ChildSession: Hashable, Sendable {
  /// The child that leads it.
  let leader: ProcessIdentity

  /// Sends a signal to every process of the session, those in groups of their own too.
  func signal(_ number: CInt) {
    #if os(Linux)
      let members = livingMembers()
      guard !members.isEmpty else { return }
      // The group first, in one call, so that a member that forks meanwhile is hit too.
      if members.contains(where: { $0.group == leader.pid }) { kill(-leader.pid, number) }
      for member in members where member.group != leader.pid { kill(member.pid, number) }
    #else
      kill(-leader.pid, number)
    #endif
  }

  /// Whether anything of it still runs; a process that is only not collected does not count.
  var isAlive: Bool {
    #if os(Linux)
      return !livingMembers().isEmpty
    #else
      return kill(-leader.pid, 0) == 0
    #endif
  }

  #if os(Linux)
    /// The kernel does not give a number to a new process while a session of that number lives; so only when the leader's number belongs to
    /// somebody with another start time is the session gone and the number used again.
    private func livingMembers() -> [ProcessTable.Entry] {
      if let entry = ProcessTable.entry(leader.pid), entry.startTicks != leader.startTicks { return [] }
      return ProcessTable.all().filter { $0.session == leader.pid && !$0.isZombie && $0.startTicks >= leader.startTicks }
    }
  #endif
}
