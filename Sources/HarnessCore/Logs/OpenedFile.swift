import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file held open for reading: whoever renames or removes it does not take it away. Its holder closes it.
struct OpenedFile {
  /// What tells two files apart, whatever they are called, while one of them is held open.
  struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  let descriptor: Int32
  let identity: Identity

  /// Opens a path.
  /// - Returns: the file, or why it cannot be read.
  static func open(_ path: String) -> Result<OpenedFile, Problem> {
    // Not blocking: a FIFO without a writer must not hold us up.
    let descriptor = openDescriptor(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(Problem(.file, errno == ENOENT ? "no such file yet" : String(cString: strerror(errno)))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      closeDescriptor(descriptor)
      return .failure(Problem(.file, "not a regular file"))
    }
    return .success(OpenedFile(descriptor: descriptor, identity: Identity(status)))
  }

  func close() { closeDescriptor(descriptor) }

  /// How long it is, in bytes.
  var size: Int64? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : nil
  }

  /// When it was written to last, in nanoseconds since 1970.
  var writtenAt: Int64? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Its first bytes, at most this many.
  func head(_ count: Int) -> [UInt8] { bytes(at: 0, count) }

  /// Whether these bytes stand right before an offset.
  func holds(_ mark: [UInt8], before offset: Int64) -> Bool { mark.isEmpty || bytes(at: offset - Int64(mark.count), mark.count) == mark }

  private func bytes(at offset: Int64, _ count: Int) -> [UInt8] {
    guard offset >= 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(descriptor, &bytes, count, off_t(offset))
    return Array(bytes.prefix(max(0, read)))
  }
}

extension OpenedFile.Identity {
  init(_ status: stat) { self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)) }

  /// Of what a path names now; nil where there is nothing.
  init?(ofPath path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

// Under names of their own: the methods above hide the C functions.
private func openDescriptor(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
