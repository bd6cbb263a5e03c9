/// Makes a file piece by piece. It does no I/O: what is ready is taken with ``take()`` and written by its owner, in order, to the end.
///
/// Schemas and channels go before the first message that needs them. With chunks, each chunk names the channels of its messages anew, so
/// that one can be read without those before it.
package struct MCAPWriter {
  /// What is written beside the messages.
  package struct Options: Hashable, Sendable {
    /// How big a chunk gets before it is closed, in unpacked bytes; nil for messages without chunks.
    package var chunkBytes: Int?
    /// The level of zstd, 1 to 19; nil for chunks that are not packed.
    package var zstdLevel: Int32?
    /// Whether an index of its messages follows each chunk.
    package var hasMessageIndex = true
    /// Whether the summary has an index of the chunks.
    package var hasChunkIndex = true
    /// Whether it has statistics.
    package var hasStatistics = true
    /// Whether it repeats the schemas.
    package var repeatsSchemas = true
    /// Whether it repeats the channels.
    package var repeatsChannels = true
    /// Whether it has an index of the attachments.
    package var hasAttachmentIndex = true
    /// Whether it has an index of the metadata.
    package var hasMetadataIndex = true
    /// Whether it says where its groups are.
    package var hasSummaryOffsets = true

    /// All of it, in chunks of 1 MiB.
    package init(chunkBytes: Int? = 1 << 20, zstdLevel: Int32? = 3) {
      self.chunkBytes = chunkBytes
      self.zstdLevel = zstdLevel
    }
  }

  private let options: Options
  private var output: [UInt8] = []
  private var crc = CRC32()
  private var schemas: [UInt16: MCAPSchema] = [:]
  private var schemaOrder: [UInt16] = []
  private var channels: [UInt16: MCAPChannel] = [:]
  private var channelOrder: [UInt16] = []
  private var chunk = ChunkDraft()
  private var summary = SummaryDraft()
  private var isFinished = false

  /// Where the file has come to, in bytes; what is in an open chunk is not in it.
  package private(set) var position: UInt64 = 0
  /// How much of everything there is so far.
  package var statistics: MCAPStatistics { summary.statistics }
  /// How many bytes the open chunk has, unpacked.
  package var openBytes: Int { chunk.bytes.count }

  /// A file with its header.
  package init(_ header: MCAPHeader, options: Options = Options()) {
    self.options = options
    emit { bytes in
      bytes.append(contentsOf: MCAPFrame.magic)
      bytes.put(header)
    }
  }

  /// Goes on with a file whose data section was read to its end: what was known of it comes with it.
  /// - Parameters:
  ///   - position: where its data ends, which is where the next bytes belong.
  ///   - crc: the checksum of all before that.
  package init(
    continuing index: MCAPIndex, at position: UInt64, crc: UInt32, options: Options = Options()
  ) {
    self.options = options
    self.position = position
    self.crc = CRC32(crc)
    for schema in index.schemas.values.sorted(by: { $0.id < $1.id }) { know(schema) }
    for channel in index.channels.values.sorted(by: { $0.id < $1.id }) { know(channel) }
    summary = SummaryDraft(continuing: index)
  }

  /// What is ready to be written, once.
  package mutating func take() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Says what messages of a channel look like.
  package mutating func add(_ schema: MCAPSchema) {
    guard schemas[schema.id] == nil else { return }
    know(schema)
    summary.statistics.schemaCount += 1
    if options.chunkBytes == nil {
      emit { $0.put(schema) }
    } else {
      chunk.bytes.put(schema)
    }
  }

  /// Says of a channel that there is one.
  package mutating func add(_ channel: MCAPChannel) {
    guard channels[channel.id] == nil else { return }
    know(channel)
    summary.statistics.channelCount += 1
    if options.chunkBytes == nil { emit { $0.put(channel) } } else { chunk.name(channel) }
  }

  private mutating func know(_ schema: MCAPSchema) {
    schemas[schema.id] = schema
    schemaOrder.append(schema.id)
  }

  private mutating func know(_ channel: MCAPChannel) {
    channels[channel.id] = channel
    channelOrder.append(channel.id)
  }

  /// Adds a message. Its channel must be known.
  package mutating func add(_ message: MCAPMessage) throws(MCAPError) {
    guard let channel = channels[message.channelID] else {
      throw MCAPError(.damaged, "a message is of channel \(message.channelID), which is not known")
    }
    summary.note(message)
    guard let limit = options.chunkBytes else { return emit { $0.put(message) } }
    chunk.name(channel)
    chunk.add(message)
    if chunk.bytes.count >= limit { try closeChunk() }
  }

  /// Ends the open chunk: what is in it can be read from now on.
  package mutating func closeChunk() throws(MCAPError) {
    guard !chunk.bytes.isEmpty else { return }
    let draft = chunk
    chunk = ChunkDraft()
    let packed: [UInt8]
    if let level = options.zstdLevel { packed = try Zstd.packed(draft.bytes, level: level) } else { packed = draft.bytes }
    let compression = options.zstdLevel == nil ? "" : "zstd"
    let start = position
    emit { bytes in
      bytes.record(.chunk) {
        $0.put(draft.startTime)
        $0.put(draft.endTime)
        $0.put(UInt64(draft.bytes.count))
        $0.put(CRC32.of(draft.bytes))
        $0.put(compression)
        $0.put(UInt64(packed.count))
        $0.append(contentsOf: packed)
      }
    }
    var index = MCAPChunkIndex(
      messageStartTime: draft.startTime, messageEndTime: draft.endTime, chunkStartOffset: start, chunkLength: position - start,
      messageIndexOffsets: [:], messageIndexLength: 0, compression: compression, compressedSize: UInt64(packed.count),
      uncompressedSize: UInt64(draft.bytes.count))
    let indexStart = position
    if options.hasMessageIndex {
      for entry in draft.indexes {
        index.messageIndexOffsets[entry.channelID] = position
        emit { $0.put(entry) }
      }
      index.messageIndexLength = position - indexStart
    }
    summary.chunks.append(index)
    summary.statistics.chunkCount += 1
  }

  /// Adds a file. An open chunk is ended first, so that what came before it stands before it.
  package mutating func add(_ attachment: MCAPAttachment) throws(MCAPError) {
    try closeChunk()
    let start = position
    emit { $0.put(attachment) }
    summary.statistics.attachmentCount += 1
    summary.attachments.append(
      MCAPAttachmentIndex(
        offset: start, length: position - start, logTime: attachment.logTime, createTime: attachment.createTime,
        dataSize: UInt64(attachment.data.count), name: attachment.name, mediaType: attachment.mediaType))
  }

  /// Adds texts. An open chunk is ended first.
  package mutating func add(_ metadata: MCAPMetadata) throws(MCAPError) {
    try closeChunk()
    let start = position
    emit { $0.put(metadata) }
    summary.statistics.metadataCount += 1
    summary.metadata.append(MCAPMetadataIndex(offset: start, length: position - start, name: metadata.name))
  }

  /// Ends the file.
  package mutating func finish() throws(MCAPError) {
    guard !isFinished else { return }
    isFinished = true
    try closeChunk()
    let sum = crc.value
    emit { $0.record(.dataEnd) { $0.put(sum) } }
    let start = position
    emit { [summary, options, schemas, channels, schemaOrder, channelOrder] bytes in
      bytes = summary.bytes(
        at: start, options, schemas: schemaOrder.compactMap { schemas[$0] }, channels: channelOrder.compactMap { channels[$0] })
      bytes.append(contentsOf: MCAPFrame.magic)
    }
  }

  private mutating func emit(_ body: (inout [UInt8]) -> Void) {
    var bytes: [UInt8] = []
    body(&bytes)
    crc.add(bytes)
    position += UInt64(bytes.count)
    if output.isEmpty { output = bytes } else { output.append(contentsOf: bytes) }
  }
}
