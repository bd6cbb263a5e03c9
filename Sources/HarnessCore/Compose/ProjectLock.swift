#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// That a compose project is being used by one invocation: two that began at the same moment would see none of the other's containers.
///
/// A lock of the kernel's on a file in the folder for temporary files: it goes with the process, however that ends.
struct ProjectLock {
  /// The file.
  let path: String
  private let descriptor: Int32

  /// Takes the lock.
  /// - Returns: nil where another process has it.
  /// - Throws: why the file cannot be had.
  static func take(_ project: String, in folder: String) throws(EnvironmentFailure) -> ProjectLock? {
    let path = "\(folder)/dubwatch-\(getuid())-\(project).lock"
    for _ in 0..<Self.tries {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw EnvironmentFailure("\(path) cannot be opened: \(String(cString: strerror(errno)))") }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        return nil
      }
      // Whoever had it may have removed the file between the two: a lock on a file without a name keeps nobody out.
      var (own, named) = (stat(), stat())
      if fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev {
        return ProjectLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
    }
    return nil
  }

  private static let tries = 8

  /// Gives it back, and removes the file.
  func release() {
    unlink(path)
    close(descriptor)
  }
}
