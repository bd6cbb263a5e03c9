import Events

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures what this process costs.
struct OwnCostMeter {
  private var lastCPU = OwnCostMeter.cpuSeconds()
  private var lastWall = ContinuousClock.now

  /// The share of a core since the measurement before, and the memory now; nil when no time has passed.
  mutating func measure() -> OwnCost? {
    let cpu = Self.cpuSeconds()
    let wall = ContinuousClock.now
    let passed = (wall - lastWall).components
    let seconds = Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    guard seconds > 0.05 else { return nil }
    defer {
      lastCPU = cpu
      lastWall = wall
    }
    return OwnCost(cpuPercent: max(0, (cpu - lastCPU) / seconds * 100), residentBytes: Self.residentBytes())
  }

  /// User and system time of all threads, in seconds (getrusage(2)).
  private static func cpuSeconds() -> Double {
    var usage = rusage()
    #if canImport(Glibc)
      let whose = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
      let whose = RUSAGE_SELF
    #endif
    guard getrusage(whose, &usage) == 0 else { return 0 }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// Resident memory; 0 where it cannot be read.
  private static func residentBytes() -> UInt64 {
    #if os(Linux)
      let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return 0 }
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 128)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return 0 }
      let fields = buffer[..<count].split(separator: 0x20)
      guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
      return pages * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    #else
      var information = mach_task_basic_info()
      var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
      let result = withUnsafeMutablePointer(to: &information) { pointer in
        pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
          task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
        }
      }
      return result == KERN_SUCCESS ? information.resident_size : 0
    #endif
  }
}
