#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The runtime's own crash report, which on a terminal waits half a minute for a key.
package enum Backtraces {
  /// Starts this program again in its own place with the report off: the runtime reads the variable before `main`.
  package static func turnOff() {
    #if os(Linux)
      guard getenv("SWIFT_BACKTRACE") == nil, isatty(0) == 1 || isatty(1) == 1 else { return }
      setenv("SWIFT_BACKTRACE", "enable=no", 1)
      // When this fails, the program goes on as it is: only a crash would then be slow to end.
      // By its own path where that is known, so that `ps` and `pkill` still see its name.
      var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      if readlink("/proc/self/exe", &path, path.count - 1) > 0 { execv(path, CommandLine.unsafeArgv) }
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }
}
