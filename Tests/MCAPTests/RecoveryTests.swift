import TestSupport
import Testing

@testable import MCAP

@Suite struct RecoveryTests {
  @Test(arguments: [nil, 1, 3] as [Int32?]) func `what was written is read`(level: Int32?) throws {
    let messages = Sample.messages(500)
    let (bytes, _) = try Sample.file(messages, level: level)
    let read = try readAll(bytes)
    #expect(read.told == Sample.told(messages))
    #expect(read.damages.isEmpty)
    #expect(read.isComplete)
  }

  @Test func `every prefix gives exactly the messages of its whole chunks`() throws {
    let messages = Sample.messages(40)
    let (bytes, ends) = try Sample.file(messages, perChunk: 5)
    let told = Sample.told(messages)
    for cut in 8..<bytes.count {
      let whole = ends.last { $0.offset <= cut }?.messages ?? 0
      let read = try readAll(Array(bytes[..<cut]))
      #expect(read.told == Array(told[..<whole]), "cut at \(cut)")
      #expect(!read.isComplete)
    }
    #expect(try readAll(bytes).isComplete)
  }

  @Test func `a prefix without a whole beginning is refused in a sentence`() throws {
    for cut in 0..<8 {
      let (bytes, _) = try Sample.file(Sample.messages(1))
      #expect(throws: MCAPError.self) { try readAll(Array(bytes[..<cut])) }
    }
  }

  @Test func `a flipped bit costs at most its chunk, is said, and gives no wrong message`() throws {
    let messages = Sample.messages(200)
    let (bytes, _) = try Sample.file(messages, perChunk: 20)
    let told = Sample.told(messages)
    let all = Set(told)
    var random = SplitMix(seed: 41)
    for _ in 0..<2000 {
      var broken = bytes
      let place = Int.random(in: 0..<broken.count, using: &random)
      broken[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let read = try readAll(broken)
      #expect(read.told.allSatisfy { all.contains($0) }, "bit of byte \(place)")
      #expect(Set(read.told).count == read.told.count, "bit of byte \(place)")
      #expect(read.told.count >= told.count - 20, "bit of byte \(place)")
      #expect(read.told.count == told.count || !read.damages.isEmpty, "bit of byte \(place)")
    }
  }

  @Test func `a broken length is passed over to the next chunk that proves itself`() throws {
    let messages = Sample.messages(100)
    let (bytes, _) = try Sample.file(messages, perChunk: 20)
    var scan = try MCAPScan(MCAPBytes(bytes))
    var second: UInt64?
    var chunks = 0
    while let entry = try scan.next() {
      if case .chunk = entry.record { chunks += 1 }
      if chunks == 2, second == nil { second = entry.offset }
    }
    for length in [0, 1, 1 << 20, UInt64(1) << 63, .max] {
      var broken = bytes
      let place = Int(try #require(second)) + 1
      withUnsafeBytes(of: length.littleEndian) { broken.replaceSubrange(place..<(place + 8), with: $0) }
      let read = try readAll(broken)
      let told = Sample.told(messages)
      #expect(read.told == Array(told[..<20] + told[40...]), "length \(length)")
      #expect(read.damages.count == 1)
    }
  }

  @Test func `a record whose length swallows chunks gives them back`() throws {
    let messages = Sample.messages(60)
    let (bytes, _) = try Sample.file(messages, perChunk: 20)
    // The header: its length takes in the first two chunks.
    var broken = bytes
    broken[8 + 1 + 1] ^= 0x04
    let read = try readAll(broken)
    #expect(read.told == Sample.told(messages))
    #expect(!read.damages.isEmpty)
  }

  @Test func `a file goes on where its data ended`() throws {
    let messages = Sample.messages(60)
    let (bytes, _) = try Sample.file(Array(messages[..<40]), perChunk: 20)
    let index = try #require(try MCAPIndex(of: MCAPBytes(bytes)))
    var scan = try MCAPScan(MCAPBytes(bytes))
    var end: (offset: UInt64, crc: UInt32)?
    while let entry = try scan.next() { if case .dataEnd(let crc) = entry.record { end = (entry.offset, crc) } }
    let (offset, crc) = try #require(end)
    var writer = MCAPWriter(continuing: index, at: offset, crc: crc)
    for message in messages[40...] { try writer.add(message) }
    try writer.finish()
    let longer = Array(bytes[..<Int(offset)]) + writer.take()
    let read = try readAll(longer)
    #expect(read.told == Sample.told(messages))
    #expect(read.isComplete)
    let newer = try #require(try MCAPIndex(of: MCAPBytes(longer)))
    #expect(newer.chunks.count == 3)
    #expect(newer.statistics?.messageCount == 60)
    #expect(CRC32.of(longer[..<Int(newer.summaryStart - 13)]) == dataEnd(of: longer))
  }

  private func dataEnd(of bytes: [UInt8]) -> UInt32? {
    guard var scan = try? MCAPScan(MCAPBytes(bytes)) else { return nil }
    while let entry = try? scan.next() { if case .dataEnd(let crc) = entry.record { return crc } }
    return nil
  }
}
