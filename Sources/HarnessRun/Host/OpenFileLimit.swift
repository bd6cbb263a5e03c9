import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many files and connections this process may have open at once.
package enum OpenFileLimit {
  /// What is asked for where the machine allows it: a watch of 200 endpoints with its logs and streams.
  static let wanted: rlim_t = 4096
  /// Below this a run would take its own shortage for the services': each has its sockets, its log, its children and their pipes.
  static let least: rlim_t = 128

  /// Raises the limit as far as is wanted and allowed.
  /// - Throws: a `Problem` of code `environment` when it stays below what a run takes.
  package static func raise() throws(Problem) {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    if limit.rlim_cur < wanted {
      var raised = limit
      raised.rlim_cur = min(limit.rlim_max, wanted)
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    if let problem = problem(allowed: limit.rlim_cur) { throw problem }
  }

  /// What is wrong with a limit; nil when it is enough.
  static func problem(allowed: rlim_t) -> Problem? {
    guard allowed < least else { return nil }
    return Problem(
      .environment, "only \(allowed) files may be open at once, and dubwatch needs \(least)",
      hint: "raise the limit with `ulimit -n \(wanted)`")
  }

  #if os(Linux)
    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
  #else
    private static var resource: Int32 { RLIMIT_NOFILE }
  #endif
}
