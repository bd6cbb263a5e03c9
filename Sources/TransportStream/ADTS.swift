#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The header of an AAC frame in ADTS (ISO/IEC 13818-7, 6.2; ISO/IEC 14496-3, 1.A.2.2).
package struct ADTSHeader: Sendable, Hashable {
  /// Bytes a header has at least.
  package static let minimumLength = 7
  private static let sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]

  /// Samples per second.
  package var sampleRate: Int
  /// Channels; 0 when the frame itself says which.
  package var channels: Int
  /// Bytes of the frame with its header.
  package var frameLength: Int
  /// Samples of each channel.
  package var samples: Int

  /// Nil when no header begins here.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.minimumLength, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 else { return nil }
    let rate = Int(bytes[2] >> 2 & 0x0F)
    guard rate < Self.sampleRates.count else { return nil }
    sampleRate = Self.sampleRates[rate]
    let configuration = Int(bytes[2] & 1) << 2 | Int(bytes[3] >> 6)
    channels = configuration == 7 ? 8 : configuration
    frameLength = Int(bytes[3] & 3) << 11 | Int(bytes[4]) << 3 | Int(bytes[5] >> 5)
    samples = 1024 * (1 + Int(bytes[6] & 3))
    // Without "protection absent" two bytes of check sum follow the header.
    guard frameLength > (bytes[1] & 1 == 1 ? 7 : 9) else { return nil }
  }

  /// How long samples last, in ticks of 1/90000 s, rounded.
  package func ticks(samples: Int64) -> Int64 {
    let rate = Int64(sampleRate)
    return (samples * TransportClock.ticksPerSecond + rate / 2) / rate
  }
}

/// One AAC frame.
package struct ADTSFrame: Sendable, Hashable {
  package var header: ADTSHeader
  /// Presentation time on the axis of the unit it began in, not wrapped.
  package var pts: Int64
  /// Header and data.
  package var bytes: [UInt8]
}

/// Splits the audio units of one stream into AAC frames; a frame may lie across two units, and garbage between frames is passed over.
package struct ADTSSplitter: Sendable {
  /// Bytes that belonged to no frame.
  package private(set) var skippedBytes: UInt64 = 0
  private var carry: [UInt8] = []
  private var carryPTS: Int64 = 0

  package init() {}

  /// The frames that are whole with this unit. A unit's time is that of the first frame that begins in it.
  package mutating func split(_ unit: ElementaryUnit) -> [ADTSFrame] { split(unit.payload, pts: unit.pts) }

  /// The frames that are whole with this payload.
  package mutating func split(_ payload: [UInt8], pts: Int64) -> [ADTSFrame] {
    let carried = carry.count
    let joined = carried == 0 ? payload : carry + payload
    var origin = carried == 0 ? pts : carryPTS
    carry = []
    return joined.withUnsafeBytes { bytes in
      var frames: [ADTSFrame] = []
      var at = 0
      var samples: Int64 = 0
      // Of the frame that begins at `at`.
      var time = origin
      var isOwn = carried == 0
      while at < bytes.count {
        if !isOwn, at >= carried {
          isOwn = true
          origin = pts
          time = pts
          samples = 0
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
        guard let header = ADTSHeader(rest), Self.isFollowed(rest, after: header.frameLength) else {
          if rest.count < ADTSHeader.minimumLength, rest[0] == 0xFF {
            keep(rest, pts: time)
            return frames
          }
          let next = Self.nextSync(bytes, from: at + 1)
          skippedBytes += UInt64(next - at)
          at = next
          continue
        }
        guard rest.count >= header.frameLength else {
          keep(rest, pts: time)
          return frames
        }
        frames.append(ADTSFrame(header: header, pts: time, bytes: Array(rest[..<header.frameLength])))
        samples += Int64(header.samples)
        time = origin &+ header.ticks(samples: samples)
        at += header.frameLength
      }
      return frames
    }
  }

  /// Less than one frame: at most 8191 bytes.
  private mutating func keep(_ rest: UnsafeRawBufferPointer, pts: Int64) {
    carry = Array(rest)
    carryPTS = pts
  }

  /// A frame counts when the next begins right behind it, as far as bytes are there to tell.
  private static func isFollowed(_ bytes: UnsafeRawBufferPointer, after length: Int) -> Bool {
    guard bytes.count >= length + 2 else { return true }
    return bytes[length] == 0xFF && bytes[length + 1] & 0xF6 == 0xF0
  }

  private static func nextSync(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
    guard let found = memchr(base + start, 0xFF, bytes.count - start) else { return bytes.count }
    return UnsafeRawPointer(found) - base
  }
}
