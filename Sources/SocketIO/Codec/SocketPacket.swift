import NIOCore
import WireFormats

/// Why bytes are no Socket.IO packet, as a clause.
struct SocketCodecError: Error, Hashable {
  let reason: String
}

/// A packet of Socket.IO, protocol 5.
struct SocketPacket: Sendable, Hashable {
  enum Kind: UInt8, Sendable {
    case connect = 0
    case disconnect, event, ack, connectError, binaryEvent, binaryAck

    var isBinary: Bool { self == .binaryEvent || self == .binaryAck }
  }

  var kind: Kind
  var namespace = "/"
  var id: Int64?
  var data: JSONValue?

  /// Names that the protocol keeps for itself; nobody may emit them.
  static let reservedEvents: Set<String> = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]

  /// An event, as a binary one when its arguments hold attachments.
  static func event(_ name: String, _ args: [JSONValue], namespace: String, id: Int64? = nil) -> SocketPacket {
    let data = JSONValue.array([.string(name)] + args)
    return SocketPacket(kind: data.hasBinary ? .binaryEvent : .event, namespace: namespace, id: id, data: data)
  }

  /// An acknowledgement, as a binary one when its arguments hold attachments.
  static func ack(_ args: [JSONValue], namespace: String, id: Int64) -> SocketPacket {
    let data = JSONValue.array(args)
    return SocketPacket(kind: data.hasBinary ? .binaryAck : .ack, namespace: namespace, id: id, data: data)
  }

  /// The Engine.IO messages that carry the packet: the text, then one per attachment.
  func encode() -> [EngineMessage] {
    var attachments: [[UInt8]] = []
    let body = kind.isBinary ? data?.detaching(into: &attachments) : data
    var text = "\(kind.rawValue)"
    if kind.isBinary { text += "\(attachments.count)-" }
    if namespace != "/" { text += "\(namespace)," }
    if let id { text += String(id) }
    var writer = JSONWriter(after: text)
    if let body { writer.value(body) }
    return [.text(ByteBuffer(bytes: writer.bytes))] + attachments.map { .binary(ByteBuffer(bytes: $0)) }
  }

  /// Reads the text part.
  /// - Returns: the packet and the number of attachments that must follow.
  static func decode(_ text: ByteBuffer) throws(SocketCodecError) -> (packet: SocketPacket, attachments: Int) {
    let result = text.withUnsafeReadableBytes { bytes in
      Result { () throws(SocketCodecError) in try decode(bytes) }
    }
    return try result.get()
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer) throws(SocketCodecError) -> (packet: SocketPacket, attachments: Int) {
    guard let first = bytes.first, first >= 0x30, let kind = Kind(rawValue: first - 0x30) else {
      throw SocketCodecError(reason: "unknown packet type")
    }
    var position = 1
    var attachments = 0
    if kind.isBinary {
      guard let count = number(in: bytes, at: &position, digits: 4), position < bytes.count, bytes[position] == UInt8(ascii: "-") else {
        throw SocketCodecError(reason: "bad attachment count")
      }
      attachments = Int(count)
      position += 1
    }
    var packet = SocketPacket(kind: kind)
    if position < bytes.count, bytes[position] == UInt8(ascii: "/") {
      let end = bytes[position...].firstIndex(of: UInt8(ascii: ",")) ?? bytes.count
      guard end - position <= 256, let name = namespace(bytes[position..<end]) else { throw SocketCodecError(reason: "bad namespace") }
      packet.namespace = name
      position = min(end + 1, bytes.count)
    }
    if position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      guard let id = number(in: bytes, at: &position, digits: 18) else { throw SocketCodecError(reason: "bad acknowledgement id") }
      packet.id = id
    }
    if position < bytes.count {
      do {
        packet.data = try JSONValue.parse(bytes, from: position)
      } catch {
        throw SocketCodecError(reason: error.description)
      }
    }
    try packet.check()
    return (packet, attachments)
  }

  private static func namespace(_ bytes: Slice<UnsafeRawBufferPointer>) -> String? {
    let name = bytes.prefix { $0 != UInt8(ascii: "?") }  // Old clients put a query behind the name.
    return String(validating: name, as: UTF8.self)
  }

  private static func number(in bytes: UnsafeRawBufferPointer, at position: inout Int, digits: Int) -> Int64? {
    let start = position
    var value: Int64 = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      guard position - start < digits else { return nil }
      value = value * 10 + Int64(bytes[position] - 0x30)
      position += 1
    }
    return position > start ? value : nil
  }

  private func check() throws(SocketCodecError) {
    let isValid =
      switch (kind, data) {
      case (.connect, nil), (.connect, .object): true
      case (.disconnect, _): true
      case (.connectError, .object), (.connectError, .string), (.connectError, nil), (.connectError, .array): true
      case (.event, .array(let parts)), (.binaryEvent, .array(let parts)):
        switch parts.first {
        case .string(let name): !Self.reservedEvents.contains(name)
        case .integer: true
        default: false
        }
      case (.ack, .array), (.binaryAck, .array): id != nil
      default: false
      }
    if !isValid { throw SocketCodecError(reason: "the data does not fit the packet type") }
  }
}
