import Events
import Synchronization
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a service writes its log.
package enum LogDestination: Sendable, Hashable {
  /// Appended to a file, which is made if it is missing.
  case file(String)
  /// Standard output, as a container does.
  case standardOutput
  /// Nowhere.
  case discard
}

/// Told in one sentence when log lines begin to be lost.
package typealias LogLoss = @Sendable (String) -> Void

/// Writes a service's log lines, each in one write, so that a reader never sees lines mixed.
///
/// Not an actor: a service writes between two steps of its own that nothing may come between.
final class LogWriter: Sendable {
  private let shape: ServiceShape
  private let minimum: LogLevel
  private let clock: any RunClock
  private let utcOffsetSeconds: Int
  /// Negative when closed.
  private let descriptor: Mutex<Int32>
  private let ownsDescriptor: Bool
  private let place: String
  private let onLoss: LogLoss?
  /// That lines are lost was said, and none was written since.
  private let isLosing = Mutex(false)

  /// Opens the destination; throws a `Problem` when the file cannot be opened.
  /// - Parameter onLoss: told in one sentence when lines begin to be lost.
  init(
    _ destination: LogDestination, shape: ServiceShape, minimum: LogLevel, clock: any RunClock, onLoss: LogLoss? = nil
  ) throws {
    self.onLoss = onLoss
    self.shape = shape
    self.minimum = minimum
    self.clock = clock
    utcOffsetSeconds = LogText.hostUTCOffset(at: clock.wallNow())
    switch destination {
    case .discard:
      place = ""
      descriptor = Mutex(-1)
      ownsDescriptor = false
    case .standardOutput:
      place = "standard output"
      descriptor = Mutex(1)
      ownsDescriptor = false
    case .file(let path):
      place = "the log file \(EnvironmentReader.quoted(path))"
      let opened = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      if opened < 0 {
        throw Problem(
          .file, "the log file \(EnvironmentReader.quoted(path)) cannot be opened: \(String(cString: strerror(errno)))")
      }
      descriptor = Mutex(opened)
      ownsDescriptor = true
    }
  }

  deinit { close() }

  /// Writes one line, stamped now.
  func write(_ entry: LogEntry) {
    guard entry.level >= minimum else { return }
    let bytes = Array((entry.line(shape: shape, at: clock.wallNow(), utcOffsetSeconds: utcOffsetSeconds) + "\n").utf8)
    let failure: Int32? = descriptor.withLock { descriptor in
      var offset = 0
      while descriptor >= 0, offset < bytes.count {
        let written = bytes[offset...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        // A full disk or a closed pipe must not stop the service: the line is lost, and that is said.
        if written <= 0 { return written < 0 ? errno : ENOSPC }
        offset += written
      }
      return nil
    }
    let isFirst = isLosing.withLock { isLosing in
      defer { isLosing = failure != nil }
      return failure != nil && !isLosing
    }
    if isFirst, let failure { onLoss?("\(place) cannot be written (\(String(cString: strerror(failure)))): lines are lost") }
  }

  /// Closes the file; later lines are dropped.
  func close() {
    descriptor.withLock { descriptor in
      if ownsDescriptor, descriptor >= 0 { closeDescriptor(descriptor) }
      descriptor = -1
    }
  }
}

// The class's own names hide the C functions.
private func writeBytes(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, base, count) }
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
