extension MCAPChunk {
  /// The records as bytes, unpacked and checked.
  /// - Throws: `tooLarge` above the limit, `unsupported` for a compression that is not zstd, `damaged` where the checksum does not hold.
  func unpacked(_ limits: MCAPLimits) throws(MCAPError) -> [UInt8] {
    guard uncompressedSize <= UInt64(limits.chunkBytes) else {
      throw MCAPError(.tooLarge, "a chunk of \(uncompressedSize) bytes is above what is read")
    }
    let bytes: [UInt8]
    switch compression {
    case "": bytes = Array(records)
    case "zstd": bytes = try Zstd.unpacked(records, size: Int(uncompressedSize))
    case "lz4":
      throw MCAPError(.unsupported, "the chunks are packed with lz4, which is not read: `mcap compress --compression zstd` packs anew")
    default: throw MCAPError(.damaged, "a chunk is packed with something that is not known")
    }
    guard UInt64(bytes.count) == uncompressedSize else { throw MCAPError(.damaged, "a chunk is not of the size it declares") }
    guard uncompressedCRC == 0 || CRC32.of(bytes) == uncompressedCRC else {
      throw MCAPError(.damaged, "a chunk does not fit its checksum")
    }
    return bytes
  }

  /// The schemas, channels and messages in it, in order, one at a time: all of them are known to be readable before the first is given.
  func opened(_ limits: MCAPLimits) throws(MCAPError) -> MCAPChunkRecords {
    let records = MCAPChunkRecords(try unpacked(limits))
    var trial = records
    while try trial.next() != nil {}
    return records
  }

  /// All of them together; for a chunk whose size is known to be bearable.
  package func contents(_ limits: MCAPLimits = MCAPLimits()) throws(MCAPError) -> [MCAPRecord] {
    var records = MCAPChunkRecords(try unpacked(limits))
    var result: [MCAPRecord] = []
    while let record = try records.next() { result.append(record) }
    return result
  }
}

/// The records of an unpacked chunk, read one after the other: what is made of them is never more than one at a time.
struct MCAPChunkRecords {
  private var fields: ByteCursor

  init(_ bytes: [UInt8]) { fields = ByteCursor(bytes) }

  /// Whether all were given.
  var isAtEnd: Bool { fields.left == 0 }

  /// The next schema, channel or message; nil at the end. What is not known is passed over.
  mutating func next() throws(MCAPError) -> MCAPRecord? {
    while fields.left > 0 {
      let (opcode, length) = (try fields.u8(), try fields.u64())
      let part = try fields.take(length)
      let record = try MCAPRecord.read(opcode, fields.bytes, part.startIndex..<part.endIndex).record
      switch record {
      case .schema, .channel, .message: return record
      case .unknown: continue
      default: throw MCAPError(.damaged, "a chunk holds something else than schemas, channels and messages")
      }
    }
    return nil
  }
}
