import Events
import MCAP
import RunModel
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of a recording without reading it: its beginning and its newest verdict.
package struct RecordingSummary: Sendable {
  /// Its path.
  package let path: String
  /// Its size, in bytes.
  package private(set) var bytes: UInt64 = 0
  /// When it was last written, by the wall clock.
  package private(set) var modified = WallTime(epochSeconds: 0)
  /// What it says of its run; nil where it cannot be read.
  package private(set) var head: RecordingHead?
  /// The newest verdict in it; nil where none is.
  package private(set) var verdict: VerdictMark?
  /// Whether it was written to its end.
  package private(set) var isComplete = false
  /// Whether somebody writes it now.
  package private(set) var isBeingWritten = false
  /// Whether it is kept whatever its age.
  package private(set) var isPinned = false
  /// Why it cannot be read; nil where it can.
  package private(set) var trouble: String?

  /// How much of a file's end is searched for a verdict: one is written every 256 KiB.
  private static let tailBytes = 640 << 10

  /// Its name without the folder and the ending: what commands take.
  package var name: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".mcap") ? String(file.dropLast(5)) : file
  }

  /// The word for how the run ended: passed, failed, inconclusive, cut short, watched.
  package var verdictWord: String {
    guard let head else { return "not known" }
    guard head.isJudged else { return "watched" }
    switch verdict?.outcome {
    case .passed?: return "passed"
    case .failed?: return "failed"
    case .inconclusive?: return "inconclusive"
    case .open?, nil: return isBeingWritten ? "running" : "cut short"
    }
  }

  /// Reads beginning and end of a file; what is wrong with it is a part of the answer.
  package init(_ path: String) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      trouble = RecordingFile.reason
      return
    }
    bytes = UInt64(max(0, status.st_size))
    #if canImport(Glibc)
      modified = WallTime(epochSeconds: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
    #else
      modified = WallTime(epochSeconds: Double(status.st_mtimespec.tv_sec))
    #endif
    isPinned = access(Self.pin(path), F_OK) == 0
    do {
      let file = try MCAPFile(path: path)
      try readHead(file)
      isBeingWritten = RecordingFile.isBeingWritten(path)
      try readVerdict(file)
    } catch {
      trouble = Problem(recording: error).sentence
    }
  }

  /// The marker beside a recording that is kept whatever its age.
  static func pin(_ path: String) -> String { path + ".pin" }

  private mutating func readHead(_ file: MCAPFile) throws {
    // Enough for all but the longest command line.
    let short = 4 << 10
    let start = try file.read(at: 0, count: short)
    head = try? RecordedEvents(MCAPBytes(start)).head
    guard head == nil else { return }
    let longer = start.count < short ? start : try file.read(at: 0, count: 64 * short)
    head = try RecordedEvents(MCAPBytes(longer)).head
  }

  private mutating func readVerdict(_ file: MCAPFile) throws {
    if let index = try? MCAPIndex(of: file) {
      isComplete = true
      if let entry = index.metadata.last(where: { $0.name == VerdictMark.name }),
        case .metadata(let metadata)? = try? file.record(at: entry.offset, length: entry.length), let found = VerdictMark(metadata)
      {
        verdict = found
        return
      }
    }
    let start = bytes - min(bytes, UInt64(Self.tailBytes))
    let tail = try file.read(at: start, count: Self.tailBytes)
    verdict = Self.newestVerdict(in: tail)
  }

  /// The last verdict in some bytes: it proves itself by its checksum.
  private static func newestVerdict(in bytes: [UInt8]) -> VerdictMark? {
    let word = Array(VerdictMark.name.utf8)
    // Before the word stand the record's opcode and length, and the word's own length.
    let head = 9 + 4
    var index = bytes.count - word.count
    while index >= head {
      if bytes[index] == word[0], bytes[index - head] == MCAPOpcode.metadata.rawValue, bytes[index...].starts(with: word),
        let mark = verdict(in: bytes, at: index - head)
      {
        return mark
      }
      index -= 1
    }
    return nil
  }

  private static func verdict(in bytes: [UInt8], at start: Int) -> VerdictMark? {
    var length: UInt64 = 0
    for offset in 0..<8 { length |= UInt64(bytes[start + 1 + offset]) << UInt64(8 * offset) }
    guard length <= UInt64(bytes.count - start - 9) else { return nil }
    let record = MCAPBytes(Array(bytes[start..<(start + 9 + Int(length))]))
    guard case .metadata(let metadata)? = try? record.record(at: 0, length: length + 9) else { return nil }
    return VerdictMark(metadata)
  }
}
