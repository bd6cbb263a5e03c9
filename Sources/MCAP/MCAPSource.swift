#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that can be read anywhere: a file, or memory.
package protocol MCAPSource: Sendable {
  /// How many there are now; a file that is being written grows.
  var size: UInt64 { get throws(MCAPError) }
  /// So many bytes from an offset; fewer only where the end comes first.
  func read(at offset: UInt64, count: Int) throws(MCAPError) -> [UInt8]
}

/// A file in memory.
package struct MCAPBytes: MCAPSource {
  private let bytes: [UInt8]

  /// These bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many there are.
  package var size: UInt64 { UInt64(bytes.count) }

  /// A part of them.
  package func read(at offset: UInt64, count: Int) throws(MCAPError) -> [UInt8] {
    guard offset < size else { return [] }
    return Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + max(0, min(count, bytes.count)))])
  }
}

/// A file on disk, open for reading as long as this lives.
package final class MCAPFile: MCAPSource {
  private let descriptor: Int32

  /// Opens a file; one that is no regular file is refused.
  package init(path: String) throws(MCAPError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure("cannot be opened") }
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be looked at") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw MCAPError(.system, "is no regular file") }
  }

  deinit { close(descriptor) }

  /// How many bytes it has now.
  package var size: UInt64 {
    get throws(MCAPError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be looked at") }
      return UInt64(max(0, status.st_size))
    }
  }

  /// A part of it.
  package func read(at offset: UInt64, count: Int) throws(MCAPError) -> [UInt8] {
    guard count > 0, offset < UInt64(Int64.max) else { return [] }
    var failed = false
    let descriptor = descriptor
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { return }
        filled += got
      }
    }
    guard !failed else { throw Self.failure("cannot be read") }
    return bytes
  }

  private static func failure(_ what: String) -> MCAPError { MCAPError(.system, "\(what): \(String(cString: strerror(errno)))") }
}
