/// What a writer remembers for the end of its file.
struct SummaryDraft: Sendable {
  var statistics = MCAPStatistics()
  var chunks: [MCAPChunkIndex] = []
  var attachments: [MCAPAttachmentIndex] = []
  var metadata: [MCAPMetadataIndex] = []

  init() {}

  init(continuing index: MCAPIndex) {
    statistics = index.statistics ?? MCAPStatistics()
    chunks = index.chunks
    attachments = index.attachments
    metadata = index.metadata
  }

  mutating func note(_ message: MCAPMessage) {
    statistics.messageStartTime =
      statistics.messageCount == 0 ? message.logTime : min(statistics.messageStartTime, message.logTime)
    statistics.messageEndTime = max(statistics.messageEndTime, message.logTime)
    statistics.messageCount += 1
    statistics.channelMessageCounts[message.channelID, default: 0] += 1
  }

  /// The summary with its offsets and the footer, for a place in the file.
  func bytes(at start: UInt64, _ options: MCAPWriter.Options, schemas: [MCAPSchema], channels: [MCAPChannel]) -> [UInt8] {
    var bytes: [UInt8] = []
    var groups: [MCAPSummaryOffset] = []
    func group(_ opcode: MCAPOpcode, _ isWanted: Bool, _ body: (inout [UInt8]) -> Void) {
      guard isWanted else { return }
      let from = bytes.count
      body(&bytes)
      guard bytes.count > from else { return }
      groups.append(
        MCAPSummaryOffset(groupOpcode: opcode.rawValue, groupStart: start + UInt64(from), groupLength: UInt64(bytes.count - from)))
    }
    group(.schema, options.repeatsSchemas) { for schema in schemas { $0.put(schema) } }
    group(.channel, options.repeatsChannels) { for channel in channels { $0.put(channel) } }
    group(.statistics, options.hasStatistics) { $0.put(statistics) }
    group(.chunkIndex, options.hasChunkIndex) { for chunk in chunks { $0.put(chunk) } }
    group(.attachmentIndex, options.hasAttachmentIndex) { for attachment in attachments { $0.put(attachment) } }
    group(.metadataIndex, options.hasMetadataIndex) { for entry in metadata { $0.put(entry) } }
    let isEmpty = bytes.isEmpty
    let offsets = start + UInt64(bytes.count)
    let hasOffsets = options.hasSummaryOffsets && !groups.isEmpty
    if hasOffsets { for group in groups { bytes.put(group) } }
    bytes.append(MCAPOpcode.footer.rawValue)
    bytes.put(UInt64(20))
    bytes.put(isEmpty ? UInt64(0) : start)
    bytes.put(hasOffsets ? offsets : UInt64(0))
    bytes.put(CRC32.of(bytes))
    return bytes
  }
}
