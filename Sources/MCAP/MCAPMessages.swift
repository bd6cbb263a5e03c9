/// The messages of a file in its order, each with its channel: by the index of a file that was written to its end, else by what is there.
///
/// A chunk gives all of its messages or none. What could not be used is in ``damages``.
package struct MCAPMessages {
  /// Something of a file.
  package enum Item: Sendable {
    /// A message and the channel it belongs to.
    case message(MCAPMessage, MCAPChannel)
    /// Texts.
    case metadata(MCAPMetadata)
    /// A file in the file.
    case attachment(MCAPAttachment)
  }

  private var scan: MCAPScan
  private let limits: MCAPLimits
  private var pending: MCAPChunkRecords?
  private var ownDamages: [MCAPDamage] = []
  private var ownDamageCount = 0

  /// The header; nil before it was met, or where it is damaged.
  package private(set) var header: MCAPHeader?
  /// The channels that were met.
  package private(set) var channels: [UInt16: MCAPChannel] = [:]
  /// The schemas that were met.
  package private(set) var schemas: [UInt16: MCAPSchema] = [:]
  /// How many chunks gave their messages.
  package private(set) var chunkCount = 0
  /// Where the last chunk that gave its messages ends; where the header ends before the first.
  package private(set) var readTo: UInt64 = 0

  /// Begins with the first record.
  package init(_ source: any MCAPSource, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) {
    self.limits = limits
    scan = try MCAPScan(source, limits: limits)
  }

  /// What could not be used so far.
  package var damages: [MCAPDamage] { (scan.damages + ownDamages).sorted { $0.range.lowerBound < $1.range.lowerBound } }
  /// How much could not be used so far, however much of it ``damages`` keeps.
  package var damageCount: Int { scan.damageCount + ownDamageCount }
  /// Whether the file was written to its end.
  package var isComplete: Bool { scan.isComplete }

  /// Whether all messages of the chunks that were met were given.
  package var isBetweenChunks: Bool { pending?.isAtEnd ?? true }

  mutating func letGo() {
    pending = nil
    scan.letGo()
  }

  /// The next of it; nil at the end.
  package mutating func next() throws(MCAPError) -> Item? {
    while true {
      if let record = try pending?.next() {
        if let item = try take(record, at: readTo) { return item }
        continue
      }
      pending = nil
      guard let entry = try scan.next() else { return nil }
      if case .chunk(let chunk) = entry.record {
        do throws(MCAPError) {
          pending = try chunk.opened(limits)
          chunkCount += 1
          readTo = entry.offset + entry.length
        } catch {
          guard error.kind != .unsupported else { throw error.at(entry.offset) }
          note(error.at(entry.offset), entry.offset..<(entry.offset + entry.length))
        }
      } else if let item = try take(entry.record, at: entry.offset) {
        return item
      }
    }
  }

  private mutating func take(_ record: MCAPRecord, at offset: UInt64) throws(MCAPError) -> Item? {
    switch record {
    case .header(let found): header = header ?? found
    // What the summary repeats was met before, unless the chunk that said it is damaged.
    case .schema(let schema): schemas[schema.id] = schemas[schema.id] ?? schema
    case .channel(let channel): channels[channel.id] = channels[channel.id] ?? channel
    case .message(let message):
      guard let channel = channels[message.channelID] else {
        let error = MCAPError(.damaged, "a message is of channel \(message.channelID), which is not known", at: offset)
        note(error, offset..<offset)
        return nil
      }
      return .message(message, channel)
    case .metadata(let metadata): return .metadata(metadata)
    case .attachment(let attachment): return .attachment(attachment)
    case .dataEnd, .footer, .chunk, .messageIndex, .chunkIndex, .attachmentIndex, .statistics, .metadataIndex, .summaryOffset, .unknown:
      break
    }
    return nil
  }

  private mutating func note(_ error: MCAPError, _ range: Range<UInt64>) {
    ownDamageCount += 1
    if ownDamages.count < 1000 { ownDamages.append(MCAPDamage(error: error, range: range)) }
  }
}
