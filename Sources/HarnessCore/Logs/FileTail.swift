import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where reading of a file begins when it is there at the first look. A file that appears later is read from its beginning.
package enum LogStart: Sendable, Hashable {
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
    /// The file begins anew; nothing read yet.
    case restarted(Restart)
  }

  /// Why a file begins anew.
  enum Restart: Equatable {
    /// It was truncated, and nobody kept a copy.
    case truncated
    /// Another one has taken its place.
    case replaced
  }

  let path: String
  private let start: LogStart
  private var descriptor: Int32 = -1
  private var device: UInt64 = 0
  private var inode: UInt64 = 0
  private var offset: Int64 = 0
  /// Up to where the file was written when it was first looked at.
  private var pastEnd: Int64 = 0
  /// Whether what was read last stood in the file when it was first looked at.
  private(set) var isPast = false
  /// Files that came and went under the path while one before them was still read, as far as that can be seen.
  private(set) var skipped = 0
  private var isFirstLook = true
  /// Set while the beginning of a line that is not wanted is skipped.
  private var skipsToLine = false
  /// What stood right before `offset`, to notice a file that was truncated and has grown past it again.
  private var mark: [UInt8] = []
  /// How many looks in a row found nothing under the path.
  private var looksWithoutPath = 0
  /// The file that is now under the path, while the one before it is still read; held open so that a second rotation cannot take it away.
  private var next: Next?
  /// The file that was seen under the path last, while another one waits to be read.
  private var lastUnderPath: UInt64?
  /// Set when the next look begins with it.
  private var isLeaving = false

  private struct Next {
    var descriptor: Int32
    var device: UInt64
    var inode: UInt64
    /// Whether the file before it is a copy (copy-truncate), which nobody writes to any more.
    var followsCopy = false
    /// Looks since it had something in it, and how many of them in a row found the file before it at rest.
    var looks = 0
    var quietLooks = 0
  }

  private static let markLength = 32
  /// A service writes to the file it has open until it is told of a rotation: the old file has to rest for so many looks (2 s at the
  /// usual ten a second) while there is something in the new one; a file that is never at rest is left after so many.
  static let looksAtRest = 20
  static let looksUntilLeft = 50
  /// A rotation leaves the path empty for a moment: only after this many looks it is said.
  private static let looksUntilGone = 15

  init(path: String, start: LogStart) {
    self.path = path
    self.start = start
  }

  /// How much of the file that is read now is written and not read yet, in bytes.
  var unreadBytes: Int {
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { return 0 }
    return max(0, Int(Int64(status.st_size) - offset))
  }

  /// Looks once, reading at most what the buffer holds.
  mutating func look(into buffer: inout [UInt8]) -> Look {
    guard descriptor >= 0 else { return openFile() }
    if isLeaving, let next {
      begin(next)
      return .restarted(.replaced)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      closeFile()
      return .missing(String(cString: strerror(errno)))
    }
    if Int64(status.st_size) < offset || (Int64(status.st_size) > offset && !markStands(in: descriptor)) {
      pastEnd = 0
      if turnToCopy() { return .unchanged }
      offset = 0
      mark = []
      skipsToLine = false
      return .restarted(.truncated)
    }
    isPast = offset < pastEnd
    // Not over the end of the past: what is read at once is of one kind.
    let wanted = isPast ? min(buffer.count, Int(pastEnd - offset)) : buffer.count
    noteSuccessor()
    let count = pread(descriptor, &buffer, wanted, off_t(offset))
    if count < 0 {
      let reason = String(cString: strerror(errno))
      if errno != EINTR { closeFile() }
      return .missing(reason)
    }
    if count > 0 {
      if count < wanted { isLeaving = isOverdue() }
      offset += Int64(count)
      mark = Array((mark + buffer[max(0, count - Self.markLength)..<count]).suffix(Self.markLength))
      next?.quietLooks = 0
      return kept(count, &buffer)
    }
    return replaced()
  }

  mutating func closeFile() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if let next { close(next.descriptor) }
    next = nil
  }

  /// At the end of the open file: is it still what the path names? If not, when the old one is at rest, the new one begins.
  private mutating func replaced() -> Look {
    if next == nil {
      var status = stat()
      guard stat(path, &status) == 0 else {
        // Removed or moved away; what a writer still appends to the open file is read until a new one appears.
        looksWithoutPath += 1
        return looksWithoutPath > Self.looksUntilGone ? .missing("removed; waiting for a new file") : .unchanged
      }
      looksWithoutPath = 0
      guard UInt64(status.st_dev) != device || UInt64(status.st_ino) != inode else { return .unchanged }
      switch Self.openRegular(path) {
      case .failure(let problem):
        closeFile()
        return .missing(problem.sentence)
      case .success(let opened): next = opened
      }
    }
    guard var next else { return .unchanged }
    var status = stat()
    // While nothing is in the new file, its writer may not know of it yet.
    guard next.followsCopy || (fstat(next.descriptor, &status) == 0 && status.st_size > 0) || !isUnderPath(next) else { return .unchanged }
    next.quietLooks += 1
    self.next = next
    guard next.followsCopy || next.quietLooks > Self.looksAtRest else { return .unchanged }
    begin(next)
    return .restarted(.replaced)
  }

  /// Whether it is time to leave a file that is written to although another has taken its place; counts the looks.
  private mutating func isOverdue() -> Bool {
    guard var next, !next.followsCopy else { return false }
    var status = stat()
    guard next.looks > 0 || (fstat(next.descriptor, &status) == 0 && status.st_size > 0) else { return false }
    next.looks += 1
    self.next = next
    return next.looks > Self.looksUntilLeft
  }

  /// Another file has taken the place of the one that is to be read next: what lies between the two is lost, unless it comes to be
  /// read before it is gone too.
  private mutating func noteSuccessor() {
    guard let next, !next.followsCopy else { return }
    var status = stat()
    guard stat(path, &status) == 0, UInt64(status.st_dev) != next.device || UInt64(status.st_ino) != next.inode else { return }
    if lastUnderPath.map({ $0 != UInt64(status.st_ino) }) == true { skipped += 1 }
    lastUnderPath = UInt64(status.st_ino)
  }

  private func isUnderPath(_ next: Next) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && UInt64(status.st_dev) == next.device && UInt64(status.st_ino) == next.inode
  }

  private mutating func begin(_ opened: Next) {
    if descriptor >= 0 { close(descriptor) }
    next = nil
    lastUnderPath = nil
    isLeaving = false
    descriptor = opened.descriptor
    device = opened.device
    inode = opened.inode
    offset = 0
    pastEnd = 0
    mark = []
    looksWithoutPath = 0
    skipsToLine = false
  }

  /// After a truncation: lines may have been written between our last look and it, and who copies before truncating keeps them beside the
  /// file, under its name and something more. If there is such a copy, it is read from where we were.
  private mutating func turnToCopy() -> Bool {
    guard mark.count == Self.markLength, next == nil, let copy = findCopy() else { return false }
    next = Next(descriptor: descriptor, device: device, inode: inode, followsCopy: true)
    descriptor = copy
    return true
  }

  /// The newest file beside ours that goes on where we were, opened.
  private func findCopy() -> Int32? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var best: (descriptor: Int32, time: Int)?
    while let item = readdir(directory) {
      let other = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard other.hasPrefix(name), other != name, case .success(let opened) = Self.openRegular(folder + "/" + other) else { continue }
      var status = stat()
      guard opened.inode != inode, fstat(opened.descriptor, &status) == 0, Int64(status.st_size) >= offset,
        markStands(in: opened.descriptor)
      else {
        close(opened.descriptor)
        continue
      }
      let time = Self.changeTime(status)
      if let best, best.time >= time {
        close(opened.descriptor)
      } else {
        if let best { close(best.descriptor) }
        best = (opened.descriptor, time)
      }
    }
    return best?.descriptor
  }

  private static func changeTime(_ status: stat) -> Int {
    #if os(Linux)
      status.st_mtim.tv_sec
    #else
      status.st_mtimespec.tv_sec
    #endif
  }

  private static func openRegular(_ path: String) -> Result<Next, Problem> {
    // Not blocking: a FIFO without a writer must not hold us up.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { return .failure(Problem(.file, errno == ENOENT ? "no such file yet" : String(cString: strerror(errno)))) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      return .failure(Problem(.file, "not a regular file"))
    }
    return .success(Next(descriptor: opened, device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
  }

  private mutating func openFile() -> Look {
    defer { isFirstLook = false }
    switch Self.openRegular(path) {
    case .failure(let problem): return .missing(problem.sentence)
    case .success(let opened): begin(opened)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .unchanged }
    if isFirstLook {
      let size = Int64(status.st_size)
      pastEnd = size
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
    return .unchanged
  }

  private func markStands(in descriptor: Int32) -> Bool {
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
    let hasMore = count == buffer.count || (isPast && offset == pastEnd)
    guard skipsToLine else { return .bytes(count, hasMore: hasMore) }
    guard let end = buffer[..<count].firstIndex(of: 0x0A) else { return .bytes(0, hasMore: hasMore) }
    skipsToLine = false
    let rest = count - end - 1
    for index in 0..<rest { buffer[index] = buffer[end + 1 + index] }
    return .bytes(rest, hasMore: hasMore)
  }
}
