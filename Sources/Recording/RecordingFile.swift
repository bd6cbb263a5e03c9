import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the bytes of a recording go.
package protocol RecordingOutput: Sendable {
  /// What it is called in sentences.
  var name: String { get }
  /// Writes all of these at the end.
  func write(_ bytes: [UInt8]) throws(Problem)
  /// Returns once what was written outlives a power cut.
  func sync() throws(Problem)
}

/// A new file that only its user may read, locked as long as it is written.
package final class RecordingFile: RecordingOutput {
  /// Its path.
  package let name: String
  private let descriptor: Int32

  /// Makes a file; one that is there already is never written over.
  package init(creating path: String) throws(Problem) {
    name = path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let hint = errno == EEXIST ? "name another file, or remove it" : nil
      throw Problem(.output, "\(path): \(Self.reason)", hint: hint)
    }
    self.descriptor = descriptor
    // Who tidies up sees by the lock that it is being written.
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit { close(descriptor) }

  /// Writes all of these at the end.
  package func write(_ bytes: [UInt8]) throws(Problem) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done) }
      if count > 0 { done += count } else if errno != EINTR { throw Problem(.output, "\(name): \(Self.reason)") }
    }
  }

  /// Returns once the data is on the disk.
  package func sync() throws(Problem) {
    #if canImport(Glibc)
      let result = fdatasync(descriptor)
    #else
      let result = fsync(descriptor)
    #endif
    // What is no disk (a pipe) cannot be synced, and need not be.
    guard result == 0 || errno == EINVAL || errno == EROFS else { throw Problem(.output, "\(name): \(Self.reason)") }
  }

  /// Takes over who may read another file and when that was last written.
  /// - Returns: whether that could be done.
  func looks(like path: String) -> Bool {
    var other = stat()
    guard stat(path, &other) == 0, fchmod(descriptor, other.st_mode & 0o7777) == 0 else { return false }
    #if canImport(Glibc)
      let times = [other.st_atim, other.st_mtim]
    #else
      let times = [other.st_atimespec, other.st_mtimespec]
    #endif
    return futimens(descriptor, times) == 0
  }

  /// Whether somebody writes a file now.
  package static func isBeingWritten(_ path: String) -> Bool {
    // A pipe would have us wait for whoever writes to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  static var reason: String { String(cString: strerror(errno)).lowercased() }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
