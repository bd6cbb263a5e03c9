/// Something of a file that could not be used.
package struct MCAPDamage: Hashable, Sendable, CustomStringConvertible {
  /// What is the matter.
  package let error: MCAPError
  /// The bytes that were passed over.
  package let range: Range<UInt64>

  /// What is the matter, and how much was passed over.
  package var description: String { "\(error), \(range.upperBound - range.lowerBound) bytes passed over" }
}

/// Reads the records of a file one after the other, chunks as they are.
///
/// What is broken is passed over: the next record, or where a length cannot be believed the next chunk whose checksum holds. A file that ends
/// inside a record ends with the record before.
package struct MCAPScan {
  /// A record and where it stands.
  package struct Entry: Sendable {
    /// Where it begins.
    package let offset: UInt64
    /// Its size, with opcode and length.
    package let length: UInt64
    /// The record.
    package let record: MCAPRecord
  }

  private let source: any MCAPSource
  private let limits: MCAPLimits
  private let size: UInt64
  private var window: [UInt8] = []
  private var windowStart: UInt64 = 0
  private(set) var offset: UInt64
  private var isAtEnd = false
  /// How many bytes were unpacked and read in places that turned out to begin no chunk.
  private(set) var triedBytes: UInt64 = 0

  /// What could not be used so far.
  package private(set) var damages: [MCAPDamage] = []
  /// How much could not be used so far, however much of it ``damages`` keeps.
  package private(set) var damageCount = 0
  /// Whether the file was written to its end: its last record is a footer, and after it stands what ends a file.
  package private(set) var isComplete = false

  /// How much is read from a file at once.
  private static let windowBytes = 1 << 18
  /// How many damages are kept; a file of rubbish has no end of them.
  private static let damageLimit = 1000
  /// How many bytes of what turned out to be no chunk are looked at beyond the size of the file: a file may be made so that each of its bytes
  /// seems to begin one that reaches to its end.
  private static let trialBytes: UInt64 = 64 << 20
  /// How many bits of what begins a file may be wrong: more, and it is another kind of file.
  private static let magicBits = 4

  /// Begins with the first record.
  /// - Throws: what is no MCAP at all is `foreign`.
  package init(_ source: any MCAPSource, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) {
    self.source = source
    self.limits = limits
    size = try source.size
    offset = UInt64(MCAPFrame.magic.count)
    let start = try source.read(at: 0, count: MCAPFrame.magic.count)
    if start.isEmpty { throw MCAPError(.truncated, "the file is empty") }
    let wrong = zip(start, MCAPFrame.magic).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    guard wrong <= Self.magicBits else { throw MCAPError(.foreign, "this is no MCAP file") }
    if start.count < MCAPFrame.magic.count { throw MCAPError(.truncated, "the file ends after \(start.count) bytes") }
    if wrong > 0 { pass(MCAPError(.damaged, "the first bytes are damaged", at: 0), 0..<offset) }
  }

  /// Lets go of what was read ahead.
  mutating func letGo() {
    window = []
    windowStart = 0
  }

  /// The next record that can be read; nil at the end.
  package mutating func next() throws(MCAPError) -> Entry? {
    while !isAtEnd {
      let start = offset
      do throws(MCAPError) {
        guard let entry = try readRecord() else { return nil }
        return entry
      } catch {
        guard error.kind != .system else { throw error }
        try recover(from: start, error.at(start))
      }
    }
    return nil
  }

  private mutating func readRecord() throws(MCAPError) -> Entry? {
    guard size - offset >= UInt64(MCAPFrame.headBytes) else {
      isAtEnd = true
      if offset < size { pass(MCAPError(.truncated, "the file ends inside a record", at: offset), offset..<size) }
      return nil
    }
    var head = ByteCursor(try bytes(at: offset, count: MCAPFrame.headBytes))
    let (opcode, length) = (try head.u8(), try head.u64())
    guard opcode != 0 else { throw MCAPError(.damaged, "a record has the opcode 0") }
    guard length <= size - offset - UInt64(MCAPFrame.headBytes) else { throw MCAPError(.truncated, "the file ends inside a record") }
    guard length <= UInt64(limits.recordBytes) else { throw MCAPError(.tooLarge, "a record of \(length) bytes is above what is read") }
    let count = Int(length) + MCAPFrame.headBytes
    let start = offset
    let (record, trailing) = try MCAPRecord.read(opcode, try bytes(at: start, count: count), MCAPFrame.headBytes..<count)
    if trailing > 0, case .chunk = record { throw MCAPError(.damaged, "a chunk is longer than its fields") }
    let end = start + UInt64(count)
    if trailing > MCAPFrame.chunkFieldBytes, try isChunk(at: start) {
      pass(MCAPError(.damaged, "a chunk does not call itself one", at: start), start..<start)
      offset = end
      let chunk = try MCAPRecord.read(MCAPOpcode.chunk.rawValue, try bytes(at: start, count: count), MCAPFrame.headBytes..<count).record
      return Entry(offset: start, length: UInt64(count), record: chunk)
    }
    // A wrong length may have swallowed what follows: chunks prove themselves.
    if trailing > MCAPFrame.chunkFieldBytes, let chunk = try findChunk(from: start + 1, to: end) {
      pass(MCAPError(.damaged, "a record is longer than its fields", at: start), start..<chunk)
      offset = chunk
      return try readRecord()
    }
    offset = end
    if case .footer = record { try finish(after: end) }
    return Entry(offset: start, length: UInt64(count), record: record)
  }

  private mutating func finish(after footer: UInt64) throws(MCAPError) {
    let rest = try source.read(at: footer, count: MCAPFrame.magic.count + 1)
    guard rest == MCAPFrame.magic else { throw MCAPError(.damaged, "after the last record stands something else", at: footer) }
    isComplete = true
    isAtEnd = true
  }

  private mutating func recover(from start: UInt64, _ error: MCAPError) throws(MCAPError) {
    if let chunk = try findChunk(from: start + 1, to: size) {
      pass(error, start..<chunk)
      offset = chunk
    } else {
      pass(error, start..<size)
      isAtEnd = true
    }
  }

  private mutating func pass(_ error: MCAPError, _ range: Range<UInt64>) {
    damageCount += 1
    if damages.count < Self.damageLimit { damages.append(MCAPDamage(error: error, range: range)) }
  }

  /// Bytes of the file, by a window that is read at once.
  private mutating func bytes(at offset: UInt64, count: Int) throws(MCAPError) -> [UInt8] {
    if offset < windowStart || offset + UInt64(count) > windowStart + UInt64(window.count) {
      window = try source.read(at: offset, count: max(count, min(Self.windowBytes, Int(size - offset))))
      windowStart = offset
      guard window.count >= count else { throw MCAPError(.truncated, "the file ends inside a record") }
    }
    let from = Int(offset - windowStart)
    return from == 0 && count == window.count ? window : Array(window[from..<(from + count)])
  }
}

// MARK: - Finding the next chunk

extension MCAPScan {
  /// The bytes that every chunk has before the name of its compression ends at the longest.
  private static let candidateBytes = MCAPFrame.headBytes + MCAPFrame.chunkFieldBytes + 8

  /// Where the next chunk begins whose checksum holds; nil where there is none before the end, or where too much had to be tried.
  private mutating func findChunk(from start: UInt64, to end: UInt64) throws(MCAPError) -> UInt64? {
    var start = start
    while start + UInt64(MCAPFrame.headBytes + MCAPFrame.chunkFieldBytes) <= end {
      // So much more that whatever begins before the end of the window can be looked at in it.
      let bytes = try source.read(at: start, count: Int(min(UInt64(Self.windowBytes + Self.candidateBytes), size - start)))
      let count = min(bytes.count, Self.windowBytes, Int(clamping: end - start))
      guard count > 0 else { return nil }
      for index in 0..<count where bytes[index] == MCAPOpcode.chunk.rawValue {
        let place = start + UInt64(index)
        guard let candidate = candidate(ByteCursor(bytes, index..<bytes.count), at: place) else { continue }
        guard try !proves(candidate, at: place) else { return place }
        guard mayTry else { return nil }
      }
      start += UInt64(count)
    }
    return nil
  }

  private var mayTry: Bool { triedBytes <= size + Self.trialBytes }

  private mutating func isChunk(at offset: UInt64) throws(MCAPError) -> Bool {
    guard mayTry, let candidate = candidate(ByteCursor(try source.read(at: offset, count: Self.candidateBytes)), at: offset) else {
      return false
    }
    return try proves(candidate, at: offset)
  }

  /// What a chunk would be whose head this is: its lengths cost nothing. Compressions have short names.
  private func candidate(_ bytes: ByteCursor, at offset: UInt64) -> (length: UInt64, unpacked: UInt64)? {
    guard size - offset >= UInt64(MCAPFrame.headBytes + MCAPFrame.chunkFieldBytes) else { return nil }
    var head = bytes
    guard let _ = try? head.u8(), let length = try? head.u64(), length <= size - offset - UInt64(MCAPFrame.headBytes),
      length <= UInt64(limits.recordBytes), (try? head.take(16)) != nil, let unpacked = try? head.u64(),
      unpacked <= UInt64(limits.chunkBytes), let crc = try? head.u32(), crc != 0, let name = try? head.string(), name.utf8.count <= 8,
      let packed = try? head.u64(), packed == length &- UInt64(MCAPFrame.chunkFieldBytes + name.utf8.count)
    else { return nil }
    return (length, unpacked)
  }

  /// Whether it is a chunk: it unpacks, and its checksum holds.
  private mutating func proves(_ candidate: (length: UInt64, unpacked: UInt64), at offset: UInt64) throws(MCAPError) -> Bool {
    let count = MCAPFrame.headBytes + Int(candidate.length)
    let bytes = try source.read(at: offset, count: count)
    if bytes.count == count,
      case .chunk(let chunk)? = try? MCAPRecord.read(MCAPOpcode.chunk.rawValue, bytes, MCAPFrame.headBytes..<count).record,
      (try? chunk.unpacked(limits)) != nil
    {
      return true
    }
    triedBytes += UInt64(count) + candidate.unpacked
    return false
  }
}
