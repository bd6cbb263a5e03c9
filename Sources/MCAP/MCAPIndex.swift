/// What the summary at the end of a file says: where everything is.
package struct MCAPIndex: Sendable {
  /// The schemas, by number.
  package var schemas: [UInt16: MCAPSchema] = [:]
  /// The channels, by number.
  package var channels: [UInt16: MCAPChannel] = [:]
  /// How much of everything there is; nil where the file does not say.
  package var statistics: MCAPStatistics?
  /// The chunks, in the order of the file.
  package var chunks: [MCAPChunkIndex] = []
  /// The attachments.
  package var attachments: [MCAPAttachmentIndex] = []
  /// The metadata.
  package var metadata: [MCAPMetadataIndex] = []
  /// Where the summary begins.
  package var summaryStart: UInt64 = 0

  /// Nothing.
  package init() {}

  /// Reads the summary of a file.
  /// - Returns: nil where the file has none: it was not written to its end, or its writer made none.
  /// - Throws: `damaged` where there is one that cannot be believed.
  package init?(of source: any MCAPSource, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) {
    let size = try source.size
    let tail = UInt64(MCAPFrame.footerBytes + MCAPFrame.magic.count)
    guard size >= tail + UInt64(MCAPFrame.magic.count) else { return nil }
    let footerStart = size - tail
    let end = try source.read(at: footerStart, count: Int(tail))
    guard end.count == Int(tail), end.suffix(MCAPFrame.magic.count).elementsEqual(MCAPFrame.magic), end[0] == MCAPOpcode.footer.rawValue,
      case .footer(let footer)? = try? MCAPRecord.read(end[0], end, MCAPFrame.headBytes..<MCAPFrame.footerBytes).record,
      footer.summaryStart != 0
    else { return nil }
    guard footer.summaryStart >= UInt64(MCAPFrame.magic.count), footer.summaryStart <= footerStart else {
      throw MCAPError(.damaged, "the summary lies outside the file", at: footerStart)
    }
    guard footerStart - footer.summaryStart <= UInt64(limits.summaryBytes) else {
      throw MCAPError(.tooLarge, "a summary of \(footerStart - footer.summaryStart) bytes is above what is read", at: footer.summaryStart)
    }
    let count = Int(footerStart - footer.summaryStart)
    // With the footer up to its checksum, which it covers.
    let bytes = try source.read(at: footer.summaryStart, count: count + MCAPFrame.footerBytes - 4)
    guard bytes.count == count + MCAPFrame.footerBytes - 4 else { throw MCAPError(.truncated, "the file ends inside its summary") }
    guard footer.summaryCRC == 0 || CRC32.of(bytes) == footer.summaryCRC else {
      throw MCAPError(.damaged, "the summary does not fit its checksum", at: footer.summaryStart)
    }
    summaryStart = footer.summaryStart
    try read(ByteCursor(bytes, 0..<count))
    try check()
  }

  private mutating func read(_ cursor: ByteCursor) throws(MCAPError) {
    var fields = cursor
    while fields.left > 0 {
      let opcode = try fields.u8()
      let part = try fields.take(try fields.u64())
      switch try MCAPRecord.read(opcode, fields.bytes, part.startIndex..<part.endIndex).record {
      case .schema(let schema): schemas[schema.id] = schema
      case .channel(let channel): channels[channel.id] = channel
      case .statistics(let all): statistics = all
      case .chunkIndex(let chunk): chunks.append(chunk)
      case .attachmentIndex(let attachment): attachments.append(attachment)
      case .metadataIndex(let entry): metadata.append(entry)
      case .summaryOffset, .unknown: continue
      default: throw MCAPError(.damaged, "the summary holds what does not belong there", at: summaryStart)
      }
    }
  }

  /// Chunks stand one after the other, before the summary: an index that says otherwise would give messages twice.
  private mutating func check() throws(MCAPError) {
    chunks.sort { $0.chunkStartOffset < $1.chunkStartOffset }
    var end = UInt64(MCAPFrame.magic.count)
    for chunk in chunks {
      let (next, overflow) = chunk.chunkStartOffset.addingReportingOverflow(chunk.chunkLength)
      guard chunk.chunkStartOffset >= end, !overflow, next <= summaryStart, chunk.chunkLength >= UInt64(MCAPFrame.headBytes) else {
        throw MCAPError(.damaged, "the index names a chunk where none can be", at: chunk.chunkStartOffset)
      }
      end = next
    }
  }
}

extension MCAPSource {
  /// The record that begins at an offset of an index.
  package func record(at offset: UInt64, length: UInt64, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) -> MCAPRecord {
    guard length >= UInt64(MCAPFrame.headBytes), length <= UInt64(limits.recordBytes) else {
      throw MCAPError(.tooLarge, "a record of \(length) bytes is above what is read", at: offset)
    }
    let bytes = try read(at: offset, count: Int(length))
    guard bytes.count == Int(length) else { throw MCAPError(.truncated, "the file ends inside a record", at: offset) }
    var head = ByteCursor(bytes)
    let (opcode, declared) = (try head.u8(), try head.u64())
    guard declared == length - UInt64(MCAPFrame.headBytes) else {
      throw MCAPError(.damaged, "the index and the record do not agree on its length", at: offset)
    }
    do { return try MCAPRecord.read(opcode, bytes, MCAPFrame.headBytes..<bytes.count).record } catch { throw error.at(offset) }
  }

  /// A chunk of the index.
  package func chunk(_ index: MCAPChunkIndex, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) -> MCAPChunk {
    guard case .chunk(let chunk) = try record(at: index.chunkStartOffset, length: index.chunkLength, limits: limits) else {
      throw MCAPError(.damaged, "the index names a chunk where none is", at: index.chunkStartOffset)
    }
    return chunk
  }
}
