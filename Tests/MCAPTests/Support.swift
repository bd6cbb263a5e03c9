import Synchronization
import TestSupport
import Testing

@testable import MCAP

/// A message as tests compare it: with its topic, whatever its channel's number.
struct Told: Hashable {
  var topic: String
  var sequence: UInt32
  var logTime: UInt64
  var data: [UInt8]
}

/// Messages of three channels, drawn by a seed.
enum Sample {
  static func messages(_ count: Int, seed: UInt64 = 7) -> [MCAPMessage] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { index in
      let size = Int.random(in: 0..<200, using: &random)
      // Half of it text, so that it packs as real messages do.
      let data = (0..<size).map { $0 % 2 == 0 ? UInt8(65 + $0 % 26) : UInt8.random(in: .min ... .max, using: &random) }
      return MCAPMessage(
        channelID: UInt16(1 + index % 3), sequence: UInt32(index), logTime: 1_000 + UInt64(index) * 10, publishTime: UInt64(index),
        data: data[...])
    }
  }

  static let topics = ["/a", "/b", "/c"]

  /// A file of these messages, and where each chunk ends with how many messages are before it.
  static func file(
    _ messages: [MCAPMessage], perChunk: Int = 20, level: Int32? = 3, isFinished: Bool = true
  ) throws -> (bytes: [UInt8], ends: [(offset: Int, messages: Int)]) {
    var writer = MCAPWriter(MCAPHeader(profile: "test", library: "tests"), options: .init(chunkBytes: 1 << 20, zstdLevel: level))
    writer.add(MCAPSchema(id: 1, name: "s", encoding: "jsonschema", data: Array("{}".utf8)))
    for (index, topic) in topics.enumerated() {
      writer.add(MCAPChannel(id: UInt16(index + 1), schemaID: 1, topic: topic, messageEncoding: "json"))
    }
    var bytes: [UInt8] = []
    var ends: [(Int, Int)] = []
    for (index, message) in messages.enumerated() {
      try writer.add(message)
      if (index + 1) % perChunk == 0 || index + 1 == messages.count {
        let before = bytes.count
        try writer.closeChunk()
        bytes += writer.take()
        ends.append((try chunkEnd(bytes, from: before), index + 1))
      }
    }
    if isFinished { try writer.finish() }
    return (bytes + writer.take(), ends)
  }

  /// Where the first chunk record at or behind an offset ends: its message indexes follow it.
  private static func chunkEnd(_ bytes: [UInt8], from start: Int) throws -> Int {
    var scan = try MCAPScan(MCAPBytes(bytes))
    while let entry = try scan.next() {
      if case .chunk = entry.record, Int(entry.offset + entry.length) > start { return Int(entry.offset + entry.length) }
    }
    throw MCAPError(.damaged, "no chunk")
  }

  static func told(_ messages: [MCAPMessage]) -> [Told] {
    messages.map {
      Told(topic: topics[Int($0.channelID) - 1], sequence: $0.sequence, logTime: $0.logTime, data: Array($0.data))
    }
  }
}

/// All messages that a file gives, and what of it could not be used.
func readAll(_ bytes: [UInt8], limits: MCAPLimits = MCAPLimits()) throws -> (told: [Told], damages: [MCAPDamage], isComplete: Bool) {
  var messages = try MCAPMessages(MCAPBytes(bytes), limits: limits)
  var told: [Told] = []
  while let item = try messages.next() {
    if case .message(let message, let channel) = item {
      told.append(Told(topic: channel.topic, sequence: message.sequence, logTime: message.logTime, data: Array(message.data)))
    }
  }
  return (told, messages.damages, messages.isComplete)
}

/// Bytes that count how many of them are read.
final class CountingSource: MCAPSource {
  private let bytes: MCAPBytes
  private let count = Mutex(0)

  init(_ bytes: [UInt8]) { self.bytes = MCAPBytes(bytes) }

  var size: UInt64 { bytes.size }
  var read: Int { count.withLock { $0 } }

  func read(at offset: UInt64, count: Int) throws(MCAPError) -> [UInt8] {
    let part = try bytes.read(at: offset, count: count)
    self.count.withLock { $0 += part.count }
    return part
  }
}
