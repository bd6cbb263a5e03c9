import NIOCore
import WireFormats

/// Puts packets together from messages: a text, then its attachments.
struct SocketPacketAssembler {
  private var pending: (packet: SocketPacket, count: Int, attachments: [[UInt8]], bytes: Int)?
  /// Bytes of a packet with its attachments.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// - Returns: a packet when this message completes one.
  /// - Throws: when the message is no packet or not the one that must follow; the connection is to be closed then.
  mutating func receive(_ message: EngineMessage) throws(SocketCodecError) -> SocketPacket? {
    switch message {
    case .text(let text):
      guard pending == nil else { throw SocketCodecError(reason: "a text came where an attachment should") }
      let (packet, count) = try SocketPacket.decode(text)
      if !packet.kind.isBinary { return packet }
      if count == 0 { return try Self.complete(packet, []) }
      pending = (packet, count, [], text.readableBytes)
      return nil
    case .binary(let buffer):
      guard var current = pending else { throw SocketCodecError(reason: "an attachment came without its packet") }
      current.bytes += buffer.readableBytes
      guard current.bytes <= limit else { throw SocketCodecError(reason: "the attachments are larger than the limit") }
      current.attachments.append(Array(buffer.readableBytesView))
      if current.attachments.count < current.count {
        pending = current
        return nil
      }
      pending = nil
      return try Self.complete(current.packet, current.attachments)
    }
  }

  private static func complete(_ packet: SocketPacket, _ attachments: [[UInt8]]) throws(SocketCodecError) -> SocketPacket {
    var packet = packet
    packet.data = try packet.data?.attaching(attachments)
    return packet
  }
}

extension JSONValue {
  /// True when an attachment is somewhere inside.
  var hasBinary: Bool {
    switch self {
    case .binary: true
    case .array(let elements): elements.contains { $0.hasBinary }
    case .object(let members): members.values.contains { $0.hasBinary }
    case .null, .bool, .integer, .unsigned, .number, .string: false
    }
  }

  /// The value with a placeholder for every attachment, which goes to the end of the list.
  func detaching(into attachments: inout [[UInt8]]) -> JSONValue {
    switch self {
    case .binary(let bytes):
      attachments.append(bytes)
      return .object(["_placeholder": .bool(true), "num": .int(attachments.count - 1)])
    case .array(let elements): return .array(elements.map { $0.detaching(into: &attachments) })
    case .object(let members):
      // In the order in which the writer puts the keys: some readers expect ascending numbers.
      var out: [String: JSONValue] = [:]
      for key in members.keys.sorted() { out[key] = members[key]?.detaching(into: &attachments) }
      return .object(out)
    case .null, .bool, .integer, .unsigned, .number, .string: return self
    }
  }

  /// The value with its placeholders replaced.
  func attaching(_ attachments: [[UInt8]]) throws(SocketCodecError) -> JSONValue {
    switch self {
    case .array(let elements):
      var out: [JSONValue] = []
      for element in elements { out.append(try element.attaching(attachments)) }
      return .array(out)
    case .object(let members):
      if members["_placeholder"] == .bool(true) {
        guard let number = members["num"]?.intValue, attachments.indices.contains(number) else {
          throw SocketCodecError(reason: "a placeholder names no attachment")
        }
        return .binary(attachments[number])
      }
      var out: [String: JSONValue] = [:]
      for (key, value) in members { out[key] = try value.attaching(attachments) }
      return .object(out)
    case .null, .bool, .integer, .unsigned, .number, .string, .binary: return self
    }
  }
}
