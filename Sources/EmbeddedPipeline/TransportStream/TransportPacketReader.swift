#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds the packets of 188 bytes in a stream of bytes that comes in any pieces, and finds them again after garbage.
struct TransportPacketReader: Sendable {
  /// Length of a packet.
  static let packetSize = 188
  /// The byte each packet begins with.
  static let syncByte: UInt8 = 0x47

  /// Bytes that belonged to no packet.
  private(set) var skippedBytes: UInt64 = 0
  /// How often packets were lost and had to be found again.
  private(set) var losses: UInt64 = 0
  private var carry: [UInt8] = []
  /// Unlocked, a packet counts only when the next begins right behind it.
  private var isLocked = true

  init() {}

  /// Gives every whole packet to `body`, in order; what is left over waits for the next piece (at most 188 bytes).
  /// - Parameter atEnd: called after the last packet, as long as the packets' bytes can still be read: they need not be those of `bytes`.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void, atEnd: () -> Void = {}) {
    if carry.isEmpty {
      let used = scan(bytes, body)
      atEnd()
      if used < bytes.count { carry.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[used...])) }
      return
    }
    var joined = carry
    carry = []
    joined.append(contentsOf: bytes)
    joined.withUnsafeBytes { joined in
      let used = scan(joined, body)
      atEnd()
      if used < joined.count { carry.append(contentsOf: UnsafeRawBufferPointer(rebasing: joined[used...])) }
    }
  }

  /// How many bytes were used.
  private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Int {
    let size = Self.packetSize
    var at = 0
    while bytes.count - at >= size {
      if bytes[at] == Self.syncByte {
        if isLocked {
          body(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + size)]))
          at += size
          continue
        }
        if bytes.count - at == size { return at }
        if bytes[at + size] == Self.syncByte {
          isLocked = true
          continue
        }
      }
      if isLocked {
        isLocked = false
        losses += 1
      }
      let next = Self.firstSync(bytes, from: at + 1)
      skippedBytes += UInt64(next - at)
      at = next
    }
    return at
  }

  private static func firstSync(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
    guard let found = memchr(base + start, Int32(syncByte), bytes.count - start) else { return bytes.count }
    return UnsafeRawPointer(found) - base
  }
}

/// The header of a packet (ISO/IEC 13818-1, 2.4.3.2).
struct TransportPacket {
  var pid: Int
  /// A PES packet or a section begins in it.
  var beginsUnit: Bool
  /// The sender of the packet says that it is damaged.
  var isDamaged: Bool
  var isScrambled: Bool
  var hasPayload: Bool
  var continuity: UInt8
  /// From its adaptation field.
  var isRandomAccess = false
  var isDiscontinuous = false
  /// Where the payload begins in the packet; its end without one.
  var payloadStart = 4

  /// Nil when these are not 188 bytes of a packet.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == TransportPacketReader.packetSize, bytes[0] == TransportPacketReader.syncByte else { return nil }
    isDamaged = bytes[1] & 0x80 != 0
    beginsUnit = bytes[1] & 0x40 != 0
    pid = Int(bytes[1] & 0x1F) << 8 | Int(bytes[2])
    isScrambled = bytes[3] & 0xC0 != 0
    hasPayload = bytes[3] & 0x10 != 0
    continuity = bytes[3] & 0x0F
    if bytes[3] & 0x20 != 0 {
      let length = Int(bytes[4])
      guard length <= 183 else { return nil }
      if length > 0 {
        isDiscontinuous = bytes[5] & 0x80 != 0
        isRandomAccess = bytes[5] & 0x40 != 0
      }
      payloadStart = 5 + length
    }
    if !hasPayload { payloadStart = bytes.count }
  }
}
