import NIOCore
import WireFormats

/// A message of Engine.IO: what travels inside a `message` packet, and one WebSocket frame's content.
enum EngineMessage: Sendable, Hashable {
  case text(ByteBuffer)
  case binary(ByteBuffer)

  var byteCount: Int {
    switch self {
    case .text(let buffer), .binary(let buffer): buffer.readableBytes
    }
  }
}

/// Why bytes are no Engine.IO packet or payload.
enum EngineCodecError: Error, Hashable {
  case empty
  case unknownType(UInt8)
  case badBase64
  case tooManyPackets
}

/// A packet of Engine.IO, protocol 4.
enum EnginePacket: Sendable, Hashable {
  case open(ByteBuffer)
  case close
  case ping(ByteBuffer)
  case pong(ByteBuffer)
  case message(EngineMessage)
  case upgrade
  case noop

  static let probe = ByteBuffer(string: "probe")
  static let plainPing = EnginePacket.ping(ByteBuffer())

  /// Reads a packet from a WebSocket frame.
  static func decode(frame: EngineMessage) throws(EngineCodecError) -> EnginePacket {
    switch frame {
    case .binary(let buffer): .message(.binary(buffer))
    case .text(let buffer): try decode(text: buffer)
    }
  }

  /// Reads a packet from its text form. Data after a packet that carries none is ignored, as other implementations do.
  static func decode(text: ByteBuffer) throws(EngineCodecError) -> EnginePacket {
    var rest = text
    guard let type = rest.readInteger(as: UInt8.self) else { throw .empty }
    switch type {
    case UInt8(ascii: "0"): return .open(rest)
    case UInt8(ascii: "1"): return .close
    case UInt8(ascii: "2"): return .ping(rest)
    case UInt8(ascii: "3"): return .pong(rest)
    case UInt8(ascii: "4"): return .message(.text(rest))
    case UInt8(ascii: "5"): return .upgrade
    case UInt8(ascii: "6"): return .noop
    case UInt8(ascii: "b"):
      guard let bytes = rest.withUnsafeReadableBytes({ Base64.decode($0) }) else { throw .badBase64 }
      return .message(.binary(ByteBuffer(bytes: bytes)))
    default: throw .unknownType(type)
    }
  }

  /// The form in which the packet goes into a WebSocket frame.
  func frame() -> EngineMessage {
    if case .message(.binary(let buffer)) = self { return .binary(buffer) }
    var out = ByteBuffer()
    write(to: &out)
    return .text(out)
  }

  /// Appends the text form: binary messages as `b` and base64.
  func write(to out: inout ByteBuffer) {
    switch self {
    case .open(let data): Self.write(UInt8(ascii: "0"), data, to: &out)
    case .close: out.writeInteger(UInt8(ascii: "1"))
    case .ping(let data): Self.write(UInt8(ascii: "2"), data, to: &out)
    case .pong(let data): Self.write(UInt8(ascii: "3"), data, to: &out)
    case .message(.text(let data)): Self.write(UInt8(ascii: "4"), data, to: &out)
    case .message(.binary(let data)):
      out.writeInteger(UInt8(ascii: "b"))
      out.writeBytes(data.withUnsafeReadableBytes { Base64.encode($0) })
    case .upgrade: out.writeInteger(UInt8(ascii: "5"))
    case .noop: out.writeInteger(UInt8(ascii: "6"))
    }
  }

  private static func write(_ type: UInt8, _ data: ByteBuffer, to out: inout ByteBuffer) {
    out.reserveCapacity(minimumWritableBytes: data.readableBytes + 1)
    out.writeInteger(type)
    out.writeImmutableBuffer(data)
  }

  /// Bytes in a polling payload.
  var payloadSize: Int {
    switch self {
    case .open(let data), .ping(let data), .pong(let data), .message(.text(let data)): data.readableBytes + 1
    case .message(.binary(let data)): (data.readableBytes + 2) / 3 * 4 + 1
    case .close, .upgrade, .noop: 1
    }
  }
}

/// Several packets in the body of a polling request or answer, separated by 0x1E.
enum EnginePayload {
  static let separator: UInt8 = 0x1E
  /// Packets read from one body; more are an error. One-byte packets would otherwise cost far more memory than the body did.
  static let maxPackets = 1 << 16
  /// Packets written into one body: python-engineio refuses more than 16.
  static let maxPacketsWritten = 16

  static func encode(_ packets: [EnginePacket]) -> ByteBuffer {
    var out = ByteBuffer()
    out.reserveCapacity(packets.reduce(packets.count) { $0 + $1.payloadSize })
    for (index, packet) in packets.enumerated() {
      if index > 0 { out.writeInteger(separator) }
      packet.write(to: &out)
    }
    return out
  }

  static func decode(_ body: ByteBuffer) throws(EngineCodecError) -> [EnginePacket] {
    var packets: [EnginePacket] = []
    var start = body.readerIndex
    guard start < body.writerIndex else { throw .empty }
    while true {
      guard packets.count < maxPackets else { throw .tooManyPackets }
      let end = separatorIndex(in: body, from: start) ?? body.writerIndex
      guard let text = body.getSlice(at: start, length: end - start) else { throw .empty }
      packets.append(try EnginePacket.decode(text: text))
      if end == body.writerIndex { return packets }
      start = end + 1
    }
  }

  private static func separatorIndex(in body: ByteBuffer, from start: Int) -> Int? {
    body.withUnsafeReadableBytes { bytes in
      let offset = start - body.readerIndex
      guard offset < bytes.count else { return nil }
      return UnsafeRawBufferPointer(rebasing: bytes[offset...]).firstIndex(of: separator).map { $0 + start }
    }
  }
}
