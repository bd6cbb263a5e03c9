import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Follows one path: what was appended since the last look, through truncation, rotation and recreation.
///
/// It looks when asked and never waits; one look reads a bounded number of bytes.
struct FileTail {
  let path: String
  private let start: LogStart
  /// What is read now; nil until there is something.
  private var current: OpenedFile?
  private var offset: Int64 = 0
  /// Up to where the file was written when it was first looked at.
  private var pastEnd: Int64 = 0
  /// Whether what was read last stood in the file when it was first looked at.
  private(set) var isPast = false
  /// Files that came and went under the path and cannot be read any more, as far as that can be seen.
  private(set) var skipped = 0
  private var isFirstLook = true
  /// Set while the beginning of a line that is not wanted is skipped.
  private var skipsToLine = false
  /// What stood right before `offset`, to notice a file that was truncated and has grown past it again.
  private var mark: [UInt8] = []
  /// How many looks in a row found nothing under the path.
  private var looksWithoutPath = 0
  /// What is to be read next, in this order; held open so that no rotation can take it away.
  private var waiting: [Waiting] = []
  /// How what was read, or stood beside the file at the first look, begins. Its number alone may belong to another file by now.
  private var done: [OpenedFile.Identity: [UInt8]] = [:]
  /// What could not be read any more, and how far it was: it is gone on with where the same file comes back.
  private var lost: Lost?
  /// Set when the next look begins with the first that waits.
  private var isLeaving = false

  private struct Lost {
    var identity: OpenedFile.Identity
    var offset: Int64
    var pastEnd: Int64
    var mark: [UInt8]
  }

  private struct Waiting {
    var file: OpenedFile
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
  /// After so many rotations a file needs no rest any more.
  private static let generationsLeft = 4
  /// A rotation leaves the path empty for a moment: only after this many looks it is said.
  private static let looksUntilGone = 15
  /// How many files wait at most; what comes and goes beyond is lost.
  private static let waitingLimit = 16

  init(path: String, start: LogStart) {
    self.path = path
    self.start = start
  }

  /// How much of the file that is read now is written and not read yet, in bytes.
  var unreadBytes: Int { max(0, Int((current?.size ?? 0) - offset)) }

  /// Looks once, reading at most what the buffer holds.
  mutating func look(into buffer: inout [UInt8]) -> Look {
    guard let current else { return openFile() }
    if isLeaving, !waiting.isEmpty { return beginNext() }
    guard let size = current.size else {
      let reason = String(cString: strerror(errno))
      lose(current)
      return .missing(reason)
    }
    if size < offset || (size > offset && !current.holds(mark, before: offset)) {
      pastEnd = 0
      if turnToCopy(of: current) { return .unchanged }
      offset = 0
      mark = []
      skipsToLine = false
      return .restarted(.truncated)
    }
    isPast = offset < pastEnd
    // Not over the end of the past: what is read at once is of one kind.
    let wanted = isPast ? min(buffer.count, Int(pastEnd - offset)) : buffer.count
    let trouble = noteSuccessors(of: current)
    let count = pread(current.descriptor, &buffer, wanted, off_t(offset))
    if count < 0 {
      let reason = String(cString: strerror(errno))
      if errno != EINTR { lose(current) }
      return .missing(reason)
    }
    if count > 0 {
      if count < wanted { isLeaving = isOverdue() }
      offset += Int64(count)
      mark = Array((mark + buffer[max(0, count - Self.markLength)..<count]).suffix(Self.markLength))
      if !waiting.isEmpty { waiting[0].quietLooks = 0 }
      return kept(count, &buffer)
    }
    // What is open stays so: the same file may be under the path again.
    if let trouble { return .missing(trouble.sentence) }
    return atEnd()
  }

  private mutating func lose(_ file: OpenedFile) {
    lost = Lost(identity: file.identity, offset: offset, pastEnd: pastEnd, mark: mark)
    closeFile()
  }

  mutating func closeFile() {
    current?.close()
    current = nil
    for next in waiting { next.file.close() }
    waiting = []
  }

  /// At the end of the open file: is it still what the path names? If not, when the old one is at rest, the next one begins.
  private mutating func atEnd() -> Look {
    guard let next = waiting.first else {
      guard OpenedFile.Identity(ofPath: path) == nil else {
        looksWithoutPath = 0
        return .unchanged
      }
      // Removed or moved away; what a writer still appends to the open file is read until a new one appears.
      looksWithoutPath += 1
      return looksWithoutPath > Self.looksUntilGone ? .missing("removed; waiting for a new file") : .unchanged
    }
    // While nothing is in the new file, its writer may not know of it yet.
    guard next.followsCopy || (next.file.size ?? 0) > 0 || OpenedFile.Identity(ofPath: path) != next.file.identity else {
      return .unchanged
    }
    waiting[0].quietLooks += 1
    // The more came after it, the surer its writer has left it; else rotations every second would run away from their reader.
    let rest = waiting.count < Self.generationsLeft ? Self.looksAtRest / waiting.count : 0
    return next.followsCopy || waiting[0].quietLooks > rest ? beginNext() : .unchanged
  }

  /// Whether it is time to leave a file that is written to although another has taken its place; counts the looks.
  private mutating func isOverdue() -> Bool {
    guard let next = waiting.first, !next.followsCopy, next.looks > 0 || (next.file.size ?? 0) > 0 else { return false }
    waiting[0].looks += 1
    return waiting[0].looks > Self.looksUntilLeft
  }

  /// Takes hold of what has taken the place of the last file that is known, with all that came and went between the two.
  /// - Returns: why what the path names now cannot be read.
  private mutating func noteSuccessors(of current: OpenedFile) -> Problem? {
    let last = waiting.last?.file ?? current
    guard let named = OpenedFile.Identity(ofPath: path), named != last.identity else { return nil }
    let newest: OpenedFile
    switch OpenedFile.open(path) {
    // It may have been moved away this moment.
    case .failure(let problem): return named == OpenedFile.Identity(ofPath: path) ? problem : nil
    case .success(let file): newest = file
    }
    hold(between: last, and: newest, current, followsCopy: false)
    guard waiting.count < Self.waitingLimit else {
      newest.close()
      return nil
    }
    waiting.append(Waiting(file: newest))
    return nil
  }

  /// Holds the rotated files that were written to after one and before another.
  private mutating func hold(between last: OpenedFile, and newest: OpenedFile, _ current: OpenedFile, followsCopy: Bool) {
    guard let since = last.writtenAt else { return }
    let known = Set(waiting.map(\.file.identity) + [current.identity, last.identity, newest.identity])
    for found in RotatedFiles(of: path).open() {
      let isNew = found.writtenAt >= since && !known.contains(found.file.identity) && !isDone(found.file)
      // A copy of what is read already has its times.
      let isCopy =
        found.writtenAt == since && (found.isPacked || (last.identity == current.identity && found.file.holds(mark, before: offset)))
      guard isNew, !isCopy else {
        found.file.close()
        continue
      }
      guard !found.isPacked, waiting.count < Self.waitingLimit else {
        skipped += 1
        note(found.file)
        found.file.close()
        continue
      }
      waiting.append(Waiting(file: found.file, followsCopy: followsCopy))
    }
  }

  private mutating func note(_ file: OpenedFile) { if done.count < 1024 { done[file.identity] = file.head(64) } }

  /// It may have grown since; another file under its number begins otherwise.
  private func isDone(_ file: OpenedFile) -> Bool { done[file.identity].map { file.head(64).starts(with: $0) } ?? false }

  private mutating func beginNext() -> Look {
    begin(waiting.removeFirst().file)
    return .restarted(.replaced)
  }

  private mutating func begin(_ file: OpenedFile) {
    if let current {
      note(current)
      current.close()
    }
    isLeaving = false
    current = file
    offset = 0
    pastEnd = 0
    mark = []
    looksWithoutPath = 0
    skipsToLine = false
  }

  /// After a truncation: lines may have been written between our last look and it, and who copies before truncating keeps them beside the
  /// file. If there is such a copy, it is read from where we were, and all copies after it before the file itself.
  private mutating func turnToCopy(of file: OpenedFile) -> Bool {
    guard mark.count == Self.markLength, waiting.isEmpty, let copy = findCopy(of: file) else { return false }
    hold(between: copy, and: file, copy, followsCopy: true)
    waiting.append(Waiting(file: file, followsCopy: true))
    current = copy
    return true
  }

  /// The newest file beside ours that goes on where we were.
  private func findCopy(of file: OpenedFile) -> OpenedFile? {
    var newest: OpenedFile?
    for found in RotatedFiles(of: path).open() {
      guard found.file.identity != file.identity, !found.isPacked, (found.file.size ?? 0) >= offset, found.file.holds(mark, before: offset)
      else {
        found.file.close()
        continue
      }
      newest?.close()
      newest = found.file
    }
    return newest
  }

  private mutating func openFile() -> Look {
    defer { isFirstLook = false }
    switch OpenedFile.open(path) {
    case .failure(let problem): return .missing(problem.sentence)
    case .success(let opened): begin(opened)
    }
    if let lost {
      self.lost = nil
      if let current, current.identity == lost.identity, (current.size ?? 0) >= lost.offset, current.holds(lost.mark, before: lost.offset) {
        (offset, pastEnd, mark) = (lost.offset, lost.pastEnd, lost.mark)
      }
    }
    guard isFirstLook, let current, let size = current.size else { return .unchanged }
    for found in RotatedFiles(of: path).open() {
      note(found.file)
      found.file.close()
    }
    pastEnd = size
    switch start {
    case .beginning: break
    case .end: offset = size
    case .last(let bytes): offset = max(0, size - Int64(max(0, bytes)))
    }
    skipsToLine = offset > 0 && !current.holds([0x0A], before: offset)
    return .unchanged
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
