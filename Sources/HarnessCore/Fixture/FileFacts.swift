import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the file system says of a file before a tool opens it.
enum FileFacts {
  /// The size of a readable regular file, in bytes; anything else (a pipe would hang its reader) is a failure in words.
  static func size(of path: String) throws(Problem) -> UInt64 {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      throw Problem(.file, errno == ENOENT ? "\(path) does not exist" : "\(path) cannot be read: \(reason)")
    }
    guard facts.st_mode & S_IFMT != S_IFDIR else { throw Problem(.badInput, "\(path) is a directory, not a media file") }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw Problem(.badInput, "\(path) is no regular file") }
    guard access(path, R_OK) == 0 else { throw Problem(.file, "\(path) cannot be read: \(reason)") }
    guard facts.st_size > 0 else { throw Problem(.badInput, "\(path) is empty, so no media file") }
    return UInt64(facts.st_size)
  }

  /// Whether a readable regular file with something in it is there.
  static func isUsable(_ path: String) -> Bool { (try? size(of: path)) != nil }

  /// The last failure of the C library, in words.
  static var reason: String { String(cString: strerror(errno)) }
}
