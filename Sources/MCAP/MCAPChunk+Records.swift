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

  /// The schemas, channels and messages in it, in order: all of them, or none.
  package func contents(_ limits: MCAPLimits = MCAPLimits()) throws(MCAPError) -> [MCAPRecord] {
    let bytes = try unpacked(limits)
    var fields = ByteCursor(bytes)
    var result: [MCAPRecord] = []
    while fields.left > 0 {
      let (opcode, length) = (try fields.u8(), try fields.u64())
      let part = try fields.take(length)
      let record = try MCAPRecord.read(opcode, bytes, part.startIndex..<part.endIndex).record
      switch record {
      case .schema, .channel, .message: result.append(record)
      case .unknown: continue
      default: throw MCAPError(.damaged, "a chunk holds something else than schemas, channels and messages")
      }
    }
    return result
  }
}
