import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A session that we made for a child, with everything the child started, also what left the session (`setsid`, a daemon).
///
/// On Linux its members are the processes of the session, those that inherited the child's mark in their environment (which a new session
/// and a dead parent do not take away), the children of all these, and what was found to belong to it earlier. A program gets away only by
/// clearing its environment, leaving the session and outliving its parent, all before the first look.
final class ChildSession: Sendable {
  /// The variable that holds the mark.
  static let markVariable = "DUBWATCH_CHILD"

  /// The child that leads it.
  let leader: ProcessIdentity
  /// What the child has in ``markVariable``; of one child only as long as the machine runs.
  let mark: String
  private let seen = Mutex<Set<ProcessIdentity>>([])

  init(leader: ProcessIdentity, mark: String) {
    self.leader = leader
    self.mark = mark
  }

  /// Sends a signal to every member, those in groups and sessions of their own too.
  func signal(_ number: CInt) {
    #if os(Linux)
      let members = livingMembers()
      guard !members.isEmpty else { return }
      // The group first, in one call, so that a member that forks meanwhile is hit too.
      let hasGroup = members.contains { $0.group == leader.pid && $0.session == leader.pid }
      if hasGroup { kill(-leader.pid, number) }
      for member in members where !hasGroup || member.group != leader.pid { kill(member.pid, number) }
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
    private func livingMembers() -> [ProcessTable.Entry] {
      // The kernel does not give a number to a new process while a session of that number lives; so only when the leader's number belongs to
      // somebody with another start time is the session gone and the number used again.
      let isReused = ProcessTable.entry(leader.pid).map { $0.startTicks != leader.startTicks } ?? false
      let variable = "\(Self.markVariable)=\(mark)"
      let known = seen.withLock { $0 }
      var others: [ProcessTable.Entry] = []
      var members: [ProcessTable.Entry] = []
      for entry in ProcessTable.all() where entry.startTicks >= leader.startTicks && !entry.isZombie {
        let isMember =
          (entry.session == leader.pid && !isReused) || known.contains(entry.identity) || ProcessTable.holds(variable, entry.pid)
        if isMember { members.append(entry) } else { others.append(entry) }
      }
      var next = members
      while !next.isEmpty {
        let parents = Set(next.map(\.pid))
        next = others.filter { parents.contains($0.parent) && !ProcessTable.isGuard($0.pid) }
        others.removeAll { entry in next.contains { $0.pid == entry.pid } }
        members += next
      }
      let identities = Set(members.map(\.identity))
      seen.withLock { $0 = identities }
      return members
    }
  #endif
}
