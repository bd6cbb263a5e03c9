import Foundation
import HarnessModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process is told by the machine it runs on; read once at the edge and passed in.
enum Host {
  /// The wall clock.
  static func wallClock() -> WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(epochSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }

  /// Seconds east of UTC, of local time now.
  static func utcOffsetSeconds() -> Int {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return local.tm_gmtoff
  }

  /// The environment's variables.
  static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// Whether a file descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
