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
    var parent: pid_t
    var group: pid_t
    var session: pid_t
    /// The device of its terminal; 0 for none.
    var terminal: Int64
    /// The process group in the foreground of its terminal; -1 for none.
    var foreground: pid_t
    var startTicks: UInt64

    /// Dead already, only not collected.
    var isZombie: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
    var identity: ProcessIdentity { ProcessIdentity(pid: pid, startTicks: startTicks) }
  }

  #if os(Linux)
    /// One process; nil when there is none of that number.
    static func entry(_ pid: pid_t) -> Entry? {
      let text = contents("/proc/\(pid)/stat", limit: 1024)
      // The name may hold anything, blanks and brackets too: fields are counted from its last bracket (proc(5)).
      guard let bracket = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
      let fields = text[(bracket + 1)...].split(separator: 0x20)
      guard fields.count > 19, let state = fields[0].first, let parent = number(fields[1]), let group = number(fields[2]),
        let session = number(fields[3]), let terminal = number(fields[4]), let foreground = number(fields[5]),
        let start = number(fields[19])
      else { return nil }
      return Entry(
        pid: pid, state: state, parent: pid_t(parent), group: pid_t(group), session: pid_t(session), terminal: terminal,
        foreground: pid_t(foreground), startTicks: UInt64(start))
    }

    /// Whether a process began with this variable in its environment; false for processes of others, which cannot be looked at.
    static func holds(_ variable: String, _ pid: pid_t) -> Bool {
      contents("/proc/\(pid)/environ", limit: 4 << 20).split(separator: 0).contains { $0.elementsEqual(variable.utf8) }
    }

    /// Whether a process is somebody's guard: it has cleaning up to do and ends by itself.
    static func isGuard(_ pid: pid_t) -> Bool {
      let words = contents("/proc/\(pid)/cmdline", limit: 64 << 10).split(separator: 0, omittingEmptySubsequences: false)
      return words.count > 1 && words[1].elementsEqual(ProcessGuard.guardArgument.utf8)
    }

    private static func contents(_ path: String, limit: Int) -> [UInt8] {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return [] }
      defer { close(descriptor) }
      var all: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      while all.count < limit {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        all.append(contentsOf: buffer[..<count])
      }
      return all
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
