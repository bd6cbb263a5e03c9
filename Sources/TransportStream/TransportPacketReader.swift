#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds the packets of 188 bytes in a stream of bytes that comes in any pieces, and finds them again after garbage.
///
/// Packets may have something between them: 4 bytes of time before each in M2TS files, 16 of error correction behind each in DVB.
package struct TransportPacketReader: Sendable {
  /// Length of a packet.
  package static let packetSize = 188
  /// The byte each packet begins with.
  package static let syncByte: UInt8 = 0x47
  /// How far the begins of two packets may lie apart, in bytes: bare, in M2TS, with error correction.
  package static let allSpacings = [188, 192, 204]

  /// Bytes that belonged to no packet.
  package private(set) var skippedBytes: UInt64 = 0
  /// How often packets were lost and had to be found again.
  package private(set) var losses: UInt64 = 0
  private var carry: [UInt8] = []
  private let spacings: [Int]
  /// How many packets must follow in line until one counts that was searched for.
  private let confirmations: Int
  /// Unlocked, a packet counts only when the next begins right behind it.
  private var isLocked: Bool
  private var hasBegun: Bool
  private var spacing: Int
  /// Bytes between two packets that have not come yet.
  private var gap = 0

  /// A reader of bare packets, the first of which begins with the first byte.
  package init() {
    (spacings, confirmations, isLocked, hasBegun, spacing) = ([Self.packetSize], 1, true, true, Self.packetSize)
  }

  /// A reader that finds out how far packets lie apart; what comes before the first of them is no loss.
  package init(spacings: [Int]) {
    (self.spacings, confirmations, isLocked, hasBegun, spacing) = (spacings, 2, false, false, Self.packetSize)
  }

  /// Gives every whole packet to `body`, in order; what is left over waits for the next piece (at most three packets).
  /// - Parameter atEnd: called after the last packet, as long as the packets' bytes can still be read: they need not be those of `bytes`.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void, atEnd: () -> Void = {}) {
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
    var at = min(gap, bytes.count)
    gap -= at
    while bytes.count - at >= size {
      if bytes[at] == Self.syncByte {
        if isLocked {
          body(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + size)]))
          let next = min(at + spacing, bytes.count)
          gap = at + spacing - next
          at = next
          continue
        }
        switch Self.find(bytes, at, spacings, confirmations) {
        case .found(let found):
          (isLocked, hasBegun, spacing) = (true, true, found)
          continue
        case .unknown: return at
        case .none: break
        }
      }
      if isLocked {
        isLocked = false
        if hasBegun { losses += 1 }
      }
      let next = Self.firstSync(bytes, from: at + 1)
      skippedBytes += UInt64(next - at)
      at = next
    }
    return at
  }

  private enum Sight { case found(Int), unknown, none }

  /// Whether packets follow in line; not known while the bytes that would tell have not come.
  private static func find(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ spacings: [Int], _ confirmations: Int) -> Sight {
    var isUnknown = false
    for spacing in spacings {
      let places = (1...confirmations).map { at + $0 * spacing }
      guard places.allSatisfy({ $0 >= bytes.count || bytes[$0] == syncByte }) else { continue }
      guard places.allSatisfy({ $0 < bytes.count }) else {
        isUnknown = true
        continue
      }
      return .found(spacing)
    }
    return isUnknown ? .unknown : .none
  }

  /// Whether bytes begin a transport stream: five packets in line, with less than one packet of anything before them; nil when there are
  /// too few bytes to say.
  package static func isTransportStream(_ bytes: [UInt8]) -> Bool? {
    bytes.withUnsafeBytes { bytes in
      let first = (0..<min(bytes.count, allSpacings.max() ?? packetSize)).lazy.filter { bytes[$0] == syncByte }
      var isUnknown = bytes.count < allSpacings.max() ?? packetSize
      for at in first {
        switch find(bytes, at, allSpacings, 4) {
        case .found: return true
        case .unknown: isUnknown = true
        case .none: break
        }
      }
      return isUnknown ? nil : false
    }
  }

  private static func firstSync(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
    guard let found = memchr(base + start, Int32(syncByte), bytes.count - start) else { return bytes.count }
    return UnsafeRawPointer(found) - base
  }
}

/// The header of a packet (ISO/IEC 13818-1, 2.4.3.2).
package struct TransportPacket {
  package var pid: Int
  /// A PES packet or a section begins in it.
  package var beginsUnit: Bool
  /// The sender of the packet says that it is damaged.
  package var isDamaged: Bool
  package var isScrambled: Bool
  package var hasPayload: Bool
  package var continuity: UInt8
  /// From its adaptation field.
  package var isRandomAccess = false
  package var isDiscontinuous = false
  /// Where the payload begins in the packet; its end without one.
  package var payloadStart = 4

  /// Nil when these are not 188 bytes of a packet.
  package init?(_ bytes: UnsafeRawBufferPointer) {
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
