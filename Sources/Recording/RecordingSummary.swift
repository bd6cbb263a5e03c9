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
  /// Whether the newest verdict is the one with which it was ended, not one on the way there.
  private var isVerdictLast = false
  /// Whether somebody writes it now.
  package private(set) var isBeingWritten = false
  /// Whether it is kept whatever its age.
  package private(set) var isPinned = false
  /// Why it cannot be read; nil where it can.
  package private(set) var trouble: String?

  /// How much of a file's end is searched for a verdict: one is written every 256 KiB.
  private static let tailBytes = 640 << 10

  /// How many verdicts are tried from the end on, where the last ones are damaged.
  private static let marks = 16

  /// How long the run took, in seconds; nil where its end is not in the recording: a verdict on the way may be older than the newest event.
  package var seconds: Double? { isVerdictLast ? verdict?.seconds : nil }

  /// Its name without the folder and the ending: what commands take.
  package var name: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".mcap") ? String(file.dropLast(5)) : file
  }

  /// The word for how the run ended: passed, failed, inconclusive, cut short, watched.
  package var verdictWord: String {
    guard let head else { return "not known" }
    guard head.isJudged else { return "watched" }
    let isWhole = isVerdictLast && verdict?.isWhole == true
    switch verdict?.outcome {
    case .failed?: return "failed"
    // All may be well so far; of what is missing nothing is known.
    case .passed? where isWhole: return "passed"
    case .inconclusive? where isWhole: return "inconclusive"
    case .passed?, .inconclusive?, .open?, nil: return isBeingWritten ? "running" : "cut short"
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
      head = try RecordingHead(beginningOf: file)
      isBeingWritten = RecordingFile.isBeingWritten(path)
      try readVerdict(file)
    } catch {
      trouble = Problem(recording: error).sentence
    }
  }

  /// The marker beside a recording that is kept whatever its age.
  static func pin(_ path: String) -> String { path + ".pin" }

  private mutating func readVerdict(_ file: MCAPFile) throws {
    if let index = try? MCAPIndex(of: file, limits: .listing) {
      isComplete = true
      let marks = index.metadata.filter { $0.name == VerdictMark.name }.suffix(Self.marks)
      for entry in marks.reversed() {
        if case .metadata(let metadata)? = try? file.record(at: entry.offset, length: entry.length, limits: .listing),
          let found = VerdictMark(metadata)
        {
          verdict = found
          isVerdictLast = entry == marks.last
          return
        }
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
