import Events

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process is told by the machine it runs on; read once at the edge and passed in.
package enum Host {
  /// The wall clock.
  package static func wallClock() -> WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(epochSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  /// Seconds east of UTC, of local time now.
  package static func utcOffsetSeconds() -> Int {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return local.tm_gmtoff
  }

  /// The environment's variables.
  package static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// Whether a file descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The path of this program's file; nil where it cannot be told.
  package static var executable: String? {
    #if os(Linux)
      var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let length = readlink("/proc/self/exe", &path, path.count - 1)
      guard length > 0 else { return nil }
      return String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #else
      return CommandLine.arguments.first
    #endif
  }
}

/// Programs of others.
package enum Tools {
  /// The path of a program that the shell would find; nil when it would not.
  package static func find(_ name: String, environment: [String: String]) -> String? {
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
    return folders.map { ($0.isEmpty ? "." : $0) + "/" + name }.first { access($0, X_OK) == 0 }
  }
}
