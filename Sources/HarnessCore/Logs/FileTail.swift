#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where reading of a file begins when it is there at the first look. A file that appears later is read from its beginning.
public enum LogStart: Sendable, Hashable {
  /// At its beginning.
  case beginning
  /// At its end: only what is written from now on.
  case end
  /// This many bytes before its end, at the next beginning of a line.
  case last(bytes: Int)
}

/// Follows one path: what was appended since the last look, through truncation, rotation and recreation.
///
/// It looks when asked and never waits; one look reads a bounded number of bytes.
struct FileTail {
  /// What one look found.
  enum Look: Equatable {
    /// No file there, or it cannot be read; why.
    case missing(String)
    /// Nothing new.
    case unchanged
    /// This much is in the buffer; whether more is there already.
    case bytes(Int, hasMore: Bool)
    /// The file begins anew (truncated, replaced); nothing read yet.
    case restarted(String)
  }

  let path: String
  private let start: LogStart
  private var descriptor: Int32 = -1
  private var device: UInt64 = 0
  private var inode: UInt64 = 0
  private var offset: Int64 = 0
  private var isFirstLook = true
  /// Set while the beginning of a line that is not wanted is skipped.
  private var skipsToLine = false
  /// What stood right before `offset`, to notice a file that was truncated and has grown past it again.
  private var mark: [UInt8] = []
  /// How many looks in a row found nothing under the path.
  private var looksWithoutPath = 0

  private static let markLength = 32
  /// A rotation leaves the path empty for a moment: only after this many looks it is said.
  private static let looksUntilGone = 15

  init(path: String, start: LogStart) {
    self.path = path
    self.start = start
  }

  /// Looks once, reading at most what the buffer holds.
  mutating func look(into buffer: inout [UInt8]) -> Look {
    guard descriptor >= 0 else { return openFile() }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      closeFile()
      return .missing(String(cString: strerror(errno)))
    }
    if Int64(status.st_size) < offset || (Int64(status.st_size) > offset && !markStands()) {
      offset = 0
      mark = []
      skipsToLine = false
      return .restarted("truncated")
    }
    let count = pread(descriptor, &buffer, buffer.count, off_t(offset))
    if count < 0 {
      let reason = String(cString: strerror(errno))
      if errno != EINTR { closeFile() }
      return .missing(reason)
    }
    if count > 0 {
      offset += Int64(count)
      mark = Array((mark + buffer[max(0, count - Self.markLength)..<count]).suffix(Self.markLength))
      return kept(count, &buffer)
    }
    return replaced()
  }

  mutating func closeFile() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// At the end of the open file: is it still what the path names? The old one was read to its end before this is asked.
  private mutating func replaced() -> Look {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // Removed or moved away; what a writer still appends to the open file is read until a new one appears.
      looksWithoutPath += 1
      return looksWithoutPath > Self.looksUntilGone ? .missing("removed; waiting for a new file") : .unchanged
    }
    looksWithoutPath = 0
    guard UInt64(status.st_dev) != device || UInt64(status.st_ino) != inode else { return .unchanged }
    closeFile()
    switch openFile() {
    case .missing(let reason): return .missing(reason)
    default: return .restarted("replaced")
    }
  }

  private mutating func openFile() -> Look {
    // Not blocking: a FIFO without a writer must not hold us up.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else {
      let reason = errno == ENOENT ? "no such file yet" : String(cString: strerror(errno))
      isFirstLook = false
      return .missing(reason)
    }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      isFirstLook = false
      return .missing("not a regular file")
    }
    descriptor = opened
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    offset = 0
    mark = []
    looksWithoutPath = 0
    skipsToLine = false
    if isFirstLook {
      let size = Int64(status.st_size)
      switch start {
      case .beginning: break
      case .end:
        offset = size
        skipsToLine = !endsLine(before: offset)
      case .last(let bytes):
        offset = max(0, size - Int64(max(0, bytes)))
        skipsToLine = !endsLine(before: offset)
      }
    }
    isFirstLook = false
    return .unchanged
  }

  private func markStands() -> Bool {
    guard !mark.isEmpty else { return true }
    var now = [UInt8](repeating: 0, count: mark.count)
    return pread(descriptor, &now, now.count, off_t(offset - Int64(mark.count))) == mark.count && now == mark
  }

  private func endsLine(before position: Int64) -> Bool {
    guard position > 0 else { return true }
    var byte: UInt8 = 0
    return pread(descriptor, &byte, 1, off_t(position - 1)) == 1 && byte == 0x0A
  }

  /// Removes what belongs to a line whose beginning was not read.
  private mutating func kept(_ count: Int, _ buffer: inout [UInt8]) -> Look {
    let hasMore = count == buffer.count
    guard skipsToLine else { return .bytes(count, hasMore: hasMore) }
    guard let end = buffer[..<count].firstIndex(of: 0x0A) else { return .bytes(0, hasMore: hasMore) }
    skipsToLine = false
    let rest = count - end - 1
    for index in 0..<rest { buffer[index] = buffer[end + 1 + index] }
    return .bytes(rest, hasMore: hasMore)
  }
}
