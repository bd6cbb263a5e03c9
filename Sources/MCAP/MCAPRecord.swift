/// One record of a file.
package enum MCAPRecord: Hashable, Sendable {
  case header(MCAPHeader)
  case footer(MCAPFooter)
  case schema(MCAPSchema)
  case channel(MCAPChannel)
  case message(MCAPMessage)
  case chunk(MCAPChunk)
  case messageIndex(MCAPMessageIndex)
  case chunkIndex(MCAPChunkIndex)
  case attachment(MCAPAttachment)
  case attachmentIndex(MCAPAttachmentIndex)
  case statistics(MCAPStatistics)
  case metadata(MCAPMetadata)
  case metadataIndex(MCAPMetadataIndex)
  case summaryOffset(MCAPSummaryOffset)
  /// The checksum of all before it; 0 for none.
  case dataEnd(crc: UInt32)
  /// A kind that this reader does not know: passed over.
  case unknown(opcode: UInt8)

  /// Reads the fields of a record.
  /// - Parameters:
  ///   - bytes: what holds them; a message and a chunk keep it alive.
  ///   - range: where they are.
  /// - Returns: the record, and how many bytes follow its known fields: newer writers may add some, which are passed over.
  static func read(_ opcode: UInt8, _ bytes: [UInt8], _ range: Range<Int>) throws(MCAPError) -> (record: MCAPRecord, trailing: Int) {
    var fields = ByteCursor(bytes, range)
    guard let kind = MCAPOpcode(rawValue: opcode) else { return (.unknown(opcode: opcode), fields.left) }
    let record = try read(kind, &fields)
    return (record, fields.left)
  }

  private static func read(_ kind: MCAPOpcode, _ f: inout ByteCursor) throws(MCAPError) -> MCAPRecord {
    switch kind {
    case .header: return .header(MCAPHeader(profile: try f.string(), library: try f.string()))
    case .footer:
      return .footer(MCAPFooter(summaryStart: try f.u64(), summaryOffsetStart: try f.u64(), summaryCRC: try f.u32()))
    case .schema:
      let (id, name, encoding) = (try f.u16(), try f.string(), try f.string())
      guard id != 0 else { throw MCAPError(.damaged, "a schema has the number 0") }
      return .schema(MCAPSchema(id: id, name: name, encoding: encoding, data: Array(try f.take(UInt64(try f.u32())))))
    case .channel:
      return .channel(
        MCAPChannel(
          id: try f.u16(), schemaID: try f.u16(), topic: try f.string(), messageEncoding: try f.string(), metadata: try f.texts()))
    case .message:
      return .message(
        MCAPMessage(
          channelID: try f.u16(), sequence: try f.u32(), logTime: try f.u64(), publishTime: try f.u64(), data: f.rest()))
    case .chunk:
      return .chunk(
        MCAPChunk(
          messageStartTime: try f.u64(), messageEndTime: try f.u64(), uncompressedSize: try f.u64(), uncompressedCRC: try f.u32(),
          compression: try f.string(), records: try f.take(try f.u64())))
    case .messageIndex: return .messageIndex(try messageIndex(&f))
    case .chunkIndex:
      return .chunkIndex(
        MCAPChunkIndex(
          messageStartTime: try f.u64(), messageEndTime: try f.u64(), chunkStartOffset: try f.u64(), chunkLength: try f.u64(),
          messageIndexOffsets: try f.counts(), messageIndexLength: try f.u64(), compression: try f.string(),
          compressedSize: try f.u64(), uncompressedSize: try f.u64()))
    case .attachment: return .attachment(try attachment(&f))
    case .attachmentIndex:
      return .attachmentIndex(
        MCAPAttachmentIndex(
          offset: try f.u64(), length: try f.u64(), logTime: try f.u64(), createTime: try f.u64(), dataSize: try f.u64(),
          name: try f.string(), mediaType: try f.string()))
    case .statistics:
      return .statistics(
        MCAPStatistics(
          messageCount: try f.u64(), schemaCount: try f.u16(), channelCount: try f.u32(), attachmentCount: try f.u32(),
          metadataCount: try f.u32(), chunkCount: try f.u32(), messageStartTime: try f.u64(), messageEndTime: try f.u64(),
          channelMessageCounts: try f.counts()))
    case .metadata: return .metadata(MCAPMetadata(name: try f.string(), texts: try f.texts()))
    case .metadataIndex:
      return .metadataIndex(MCAPMetadataIndex(offset: try f.u64(), length: try f.u64(), name: try f.string()))
    case .summaryOffset:
      return .summaryOffset(MCAPSummaryOffset(groupOpcode: try f.u8(), groupStart: try f.u64(), groupLength: try f.u64()))
    case .dataEnd: return .dataEnd(crc: try f.u32())
    }
  }

  private static func messageIndex(_ f: inout ByteCursor) throws(MCAPError) -> MCAPMessageIndex {
    var index = MCAPMessageIndex(channelID: try f.u16(), entries: [])
    var part = try f.nested()
    index.entries.reserveCapacity(part.left / 16)
    while part.left > 0 { index.entries.append(MCAPMessageIndex.Entry(logTime: try part.u64(), offset: try part.u64())) }
    return index
  }

  private static func attachment(_ f: inout ByteCursor) throws(MCAPError) -> MCAPAttachment {
    let start = f.position
    let (logTime, createTime, name, mediaType) = (try f.u64(), try f.u64(), try f.string(), try f.string())
    let data = try f.take(try f.u64())
    let end = f.position
    let crc = try f.u32()
    guard crc == 0 || CRC32.of(f.bytes[start..<end]) == crc else {
      throw MCAPError(.damaged, "the attachment \(name.prefix(64)) does not fit its checksum")
    }
    return MCAPAttachment(logTime: logTime, createTime: createTime, name: name, mediaType: mediaType, data: Array(data))
  }
}
