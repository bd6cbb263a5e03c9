/// A chunk that is being filled.
struct ChunkDraft: Sendable {
  var bytes: [UInt8] = []
  private(set) var startTime: UInt64 = 0
  private(set) var endTime: UInt64 = 0
  private var hasMessages = false
  /// The index of each channel that was named, at the channel's number.
  private var places: [Int] = []
  private(set) var indexes: [MCAPMessageIndex] = []

  /// Names a channel, where this chunk has not done so.
  mutating func name(_ channel: MCAPChannel) {
    let id = Int(channel.id)
    if id < places.count, places[id] >= 0 { return }
    while places.count <= id { places.append(-1) }
    places[id] = indexes.count
    indexes.append(MCAPMessageIndex(channelID: channel.id, entries: []))
    bytes.put(channel)
  }

  /// Adds a message of a channel that was named.
  mutating func add(_ message: MCAPMessage) {
    startTime = hasMessages ? min(startTime, message.logTime) : message.logTime
    endTime = max(endTime, message.logTime)
    hasMessages = true
    indexes[places[Int(message.channelID)]].entries.append(
      MCAPMessageIndex.Entry(logTime: message.logTime, offset: UInt64(bytes.count)))
    bytes.put(message)
  }
}
