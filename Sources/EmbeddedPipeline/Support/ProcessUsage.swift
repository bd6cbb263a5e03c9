import Events

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What this process uses, as a Prometheus client exposes it. Services of the embedded pipeline share one process, so their
/// figures are those of the whole program; only the start time is each service's own.
struct ProcessUsage: Sendable {
  var cpuSeconds = 0.0
  var residentBytes: Double?
  var virtualBytes: Double?
  var openDescriptors: Double?
  var maximumDescriptors: Double?

  /// Reads the figures now.
  static func current() -> ProcessUsage {
    var usage = ProcessUsage()
    var time = timespec()
    if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
      usage.cpuSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    var limit = rlimit()
    #if canImport(Glibc)
      let limitResult = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    #else
      let limitResult = getrlimit(RLIMIT_NOFILE, &limit)
    #endif
    if limitResult == 0 { usage.maximumDescriptors = Double(limit.rlim_cur) }
    #if os(Linux)
      if let words = firstLine(of: "/proc/self/statm")?.split(separator: " "), words.count > 1 {
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        usage.virtualBytes = Double(words[0]).map { $0 * page }
        usage.residentBytes = Double(words[1]).map { $0 * page }
      }
      if let directory = opendir("/proc/self/fd") {
        var count = 0
        while readdir(directory) != nil { count += 1 }
        closedir(directory)
        usage.openDescriptors = Double(max(0, count - 3))
      }
    #endif
    return usage
  }

  private static func firstLine(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n").first.map(String.init) : nil
  }

  /// Writes the `process_*` families.
  func write(into writer: inout MetricsWriter, startedAt: WallTime) {
    if let virtualBytes {
      writer.family("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.")
      writer.sample("process_virtual_memory_bytes", [], virtualBytes)
    }
    if let residentBytes {
      writer.family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
      writer.sample("process_resident_memory_bytes", [], residentBytes)
    }
    writer.family("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.")
    writer.sample("process_start_time_seconds", [], (startedAt.epochSeconds * 100).rounded() / 100)
    writer.family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.")
    writer.sample("process_cpu_seconds_total", [], (cpuSeconds * 100).rounded() / 100)
    if let openDescriptors {
      writer.family("process_open_fds", "gauge", "Number of open file descriptors.")
      writer.sample("process_open_fds", [], openDescriptors)
    }
    if let maximumDescriptors {
      writer.family("process_max_fds", "gauge", "Maximum number of open file descriptors.")
      writer.sample("process_max_fds", [], maximumDescriptors)
    }
  }
}
