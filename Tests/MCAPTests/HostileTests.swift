import TestSupport
import Testing

@testable import MCAP

@Suite struct HostileTests {
  /// A file of its beginning and what is put behind it.
  private func file(_ body: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes = MCAPFrame.magic
    bytes.put(MCAPHeader(profile: "", library: ""))
    body(&bytes)
    return bytes
  }

  private func chunk(unpacked: UInt64, crc: UInt32 = 0, compression: String, _ records: [UInt8]) -> [UInt8] {
    file {
      $0.record(.chunk) {
        $0.put(UInt64(0))
        $0.put(UInt64(0))
        $0.put(unpacked)
        $0.put(crc)
        $0.put(compression)
        $0.put(UInt64(records.count))
        $0.append(contentsOf: records)
      }
    }
  }

  /// A file whose summary says what it wants.
  private func summary(_ body: (inout [UInt8]) -> Void) -> [UInt8] {
    file { bytes in
      bytes.record(.dataEnd) { $0.put(UInt32(0)) }
      let start = UInt64(bytes.count)
      body(&bytes)
      bytes.record(.footer) {
        $0.put(start)
        $0.put(UInt64(0))
        $0.put(UInt32(0))
      }
      bytes += MCAPFrame.magic
    }
  }

  @Test(arguments: [[], [0], Array("this is a text file, not a recording".utf8), [UInt8](repeating: 0, count: 4096)] as [[UInt8]])
  func `what is no MCAP is refused`(bytes: [UInt8]) {
    #expect(throws: MCAPError.self) { try readAll(bytes) }
  }

  @Test(arguments: [UInt64(1) << 63, .max, 1 << 40, 1 << 31]) func `a declared length is believed only as far as the file goes`(
    length: UInt64
  ) throws {
    let bytes = file {
      $0.append(MCAPOpcode.metadata.rawValue)
      $0.put(length)
    }
    let read = try readAll(bytes)
    #expect(read.told.isEmpty)
    #expect(read.damages.map(\.error.kind) == [.truncated])
  }

  @Test func `a record above the limit is not read`() throws {
    let bytes = file { $0.record(.attachment) { $0.append(contentsOf: [UInt8](repeating: 0, count: 5000)) } }
    let read = try readAll(bytes, limits: MCAPLimits(recordBytes: 1000))
    #expect(read.damages.map(\.error.kind) == [.tooLarge])
  }

  @Test func `a chunk that unpacks to more than the limit is not unpacked`() throws {
    let bomb = try Zstd.packed([UInt8](repeating: 0, count: 1 << 20), level: 19)
    let read = try readAll(chunk(unpacked: 1 << 20, compression: "zstd", bomb), limits: MCAPLimits(chunkBytes: 1 << 16))
    #expect(read.damages.map(\.error.kind) == [.tooLarge])
  }

  @Test(arguments: [1, 1000, (1 << 20) - 1, (1 << 20) + 1] as [UInt64])
  func `a chunk that unpacks to another size than it declares is not used`(declared: UInt64) throws {
    let bomb = try Zstd.packed([UInt8](repeating: 0, count: 1 << 20), level: 19)
    let read = try readAll(chunk(unpacked: declared, compression: "zstd", bomb))
    #expect(read.told.isEmpty)
    #expect(read.damages.map(\.error.kind) == [.damaged])
  }

  @Test func `chunks packed with lz4 are refused in a sentence`() {
    #expect { try readAll(chunk(unpacked: 1, compression: "lz4", [1])) } throws: { ($0 as? MCAPError)?.kind == .unsupported }
  }

  @Test func `a chunk inside a chunk is not opened`() throws {
    let inner = Array(chunk(unpacked: 0, compression: "", [])[8...])
    let read = try readAll(chunk(unpacked: UInt64(inner.count), compression: "", inner))
    #expect(read.damages.map(\.error.kind) == [.damaged])
  }

  @Test func `an index that names a chunk twice, outside, or itself is refused`() {
    let places: [[(UInt64, UInt64)]] = [
      [(26, 50), (26, 50)], [(26, 50), (40, 50)], [(.max, 10)], [(1 << 40, 10)], [(0, 10)], [(26, .max)], [(26, 0)],
    ]
    for chunks in places {
      let bytes = summary {
        for (offset, length) in chunks {
          $0.put(
            MCAPChunkIndex(
              messageStartTime: 0, messageEndTime: 0, chunkStartOffset: offset, chunkLength: length, messageIndexOffsets: [:],
              messageIndexLength: 0, compression: "", compressedSize: 0, uncompressedSize: 0))
        }
      }
      #expect(throws: MCAPError.self, "\(chunks)") { try MCAPIndex(of: MCAPBytes(bytes)) }
    }
  }

  @Test func `a summary that begins outside, or behind itself, is refused or none`() throws {
    for start in [0, 1, 7, 1 << 40, UInt64.max] {
      let bytes = file {
        $0.record(.footer) {
          $0.put(start)
          $0.put(start)
          $0.put(UInt32(0))
        }
        $0 += MCAPFrame.magic
      }
      if start == 0 {
        #expect(try MCAPIndex(of: MCAPBytes(bytes)) == nil)
      } else {
        #expect(throws: MCAPError.self) { try MCAPIndex(of: MCAPBytes(bytes)) }
      }
    }
  }

  @Test func `files of rubbish behind a good beginning end without a message`() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<300 {
      let count = Int.random(in: 1..<3000, using: &random)
      let bytes = file { for _ in 0..<count { $0.append(UInt8.random(in: 0...9, using: &random)) } }
      #expect(try readAll(bytes).told.isEmpty)
      _ = try? MCAPIndex(of: MCAPBytes(bytes))
    }
  }

  @Test(arguments: ConformanceCase.all) func `cases with any of their bytes changed end without a trap`(_ item: ConformanceCase) throws {
    for index in item.bytes.indices {
      for value in [0, 1, 0x06, 0x7F, 0x80, 0xFF] as [UInt8] {
        var bytes = item.bytes
        bytes[index] = value
        _ = try? readAll(bytes)
        _ = try? MCAPIndex(of: MCAPBytes(bytes))
      }
    }
  }

  /// Heads of chunks, each of which seems to reach to the end of the file.
  private func nested(_ count: Int) -> [UInt8] {
    let fixed = MCAPFrame.headBytes + MCAPFrame.chunkFieldBytes
    // A record of no kind first, so that what follows is searched.
    return file { bytes in
      bytes.append(0)
      for index in 0..<count {
        let rest = (count - index - 1) * fixed
        bytes.append(MCAPOpcode.chunk.rawValue)
        bytes.put(UInt64(rest + MCAPFrame.chunkFieldBytes))
        for _ in 0..<2 { bytes.put(UInt64(0)) }
        bytes.put(UInt64(rest))
        bytes.put(UInt32(1))
        bytes.put("")
        bytes.put(UInt64(rest))
      }
    }
  }

  @Test func `a file of chunks in chunks costs no more than a few times its size, and is one damage`() throws {
    let source = CountingSource(nested(8000))
    // Two copies of each would be tried: 8000 of 400 kB on the average.
    var scan = try MCAPScan(source)
    while try scan.next() != nil {}
    #expect(scan.damages.count == 1)
    #expect(scan.triedBytes < 65 << 20)
    #expect(source.read < 70 << 20)
  }

  @Test func `a chunk of very many messages is read one message at a time`() throws {
    var writer = MCAPWriter(MCAPHeader(profile: "", library: ""), options: .init(chunkBytes: .max, zstdLevel: 1))
    writer.add(MCAPChannel(id: 1, schemaID: 0, topic: "/a", messageEncoding: ""))
    for index in 0..<50_000 {
      try writer.add(MCAPMessage(channelID: 1, sequence: UInt32(index), logTime: 0, publishTime: 0, data: []))
    }
    try writer.finish()
    var messages = try MCAPMessages(MCAPBytes(writer.take()))
    var count: UInt32 = 0
    while let item = try messages.next() {
      guard case .message(let message, _) = item else { continue }
      #expect(message.sequence == count)
      count += 1
    }
    #expect(count == 50_000)
    #expect(messages.damages.isEmpty)
    #expect(messages.isBetweenChunks)
  }

  @Test func `of a chunk that ends in something broken no message is given`() throws {
    var records: [UInt8] = []
    records.put(MCAPChannel(id: 1, schemaID: 0, topic: "/a", messageEncoding: ""))
    records.put(MCAPMessage(channelID: 1, sequence: 0, logTime: 0, publishTime: 0, data: []))
    records += [MCAPOpcode.message.rawValue, 200]
    let read = try readAll(chunk(unpacked: UInt64(records.count), compression: "", records))
    #expect(read.told.isEmpty)
    #expect(read.damages.map(\.error.kind) == [.damaged])
  }

  @Test func `a file that is not there, or no file, is said`() {
    #expect(throws: MCAPError.self) { try MCAPFile(path: "/nowhere/x.mcap") }
    #expect(throws: MCAPError.self) { try MCAPFile(path: "/dev/null") }
    #expect(throws: MCAPError.self) { try MCAPFile(path: "/tmp") }
  }
}
