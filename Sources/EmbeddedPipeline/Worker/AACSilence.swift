import TransportStream

/// Silent AAC-LC in ADTS frames, 48 kHz stereo, padded with fill elements to 128 kbit/s; deterministic.
///
/// Formats: ADTS header ISO/IEC 13818-7, 6.2 (7 bytes, no CRC); raw data block ISO/IEC 14496-3, 4.4.2.1: a channel pair
/// element with `max_sfb` 0 in both channels (no spectral data: silence), fill elements, end.
enum AACSilence {
  static let sampleRateHz = 48000
  static let channels = 2
  static let samplesPerFrame = 1024
  static let bitRate = 128_000
  /// Length of a frame, in seconds.
  static let frameSeconds = Double(samplesPerFrame) / Double(sampleRateHz)

  /// Size of a frame in bytes: the bit rate is met exactly over time (341.33 bytes a frame: 341, 341, 342).
  static func frameBytes(_ frame: Int) -> Int { boundary(frame + 1) - boundary(frame) }

  /// Size of a run of frames in bytes.
  static func byteCount(firstFrame: Int, frames: Int) -> Int { boundary(firstFrame + frames) - boundary(firstFrame) }

  private static func boundary(_ frame: Int) -> Int { frame * samplesPerFrame * bitRate / 8 / sampleRateHz }

  /// A run of frames.
  static func frames(firstFrame: Int, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount(firstFrame: firstFrame, frames: count))
    var made: [Int: [UInt8]] = [:]
    for frame in firstFrame..<(firstFrame + max(0, count)) {
      let size = frameBytes(frame)
      if made[size] == nil { made[size] = Self.frame(byteCount: size) }
      bytes += made[size] ?? []
    }
    return bytes
  }

  /// One frame of exactly this many bytes.
  static func frame(byteCount: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.write(0xFFF, 12)  // syncword
    bits.write(0, 1)  // ID: MPEG-4
    bits.write(0, 2)  // layer
    bits.write(1, 1)  // no CRC
    bits.write(1, 2)  // profile: AAC LC
    bits.write(3, 4)  // 48000 Hz
    bits.write(0, 1)  // private
    bits.write(2, 3)  // stereo
    bits.write(0, 4)  // original, home, two copyright bits
    bits.write(byteCount, 13)
    bits.write(0x7FF, 11)  // buffer fullness: variable
    bits.write(0, 2)  // one raw data block
    bits.write(1, 3)  // id_syn_ele: channel pair element
    bits.write(0, 4)  // instance tag
    bits.write(0, 1)  // common_window off
    for _ in 0..<2 {
      bits.write(0, 8)  // global_gain
      bits.write(0, 1)  // ics_reserved_bit
      bits.write(0, 2)  // window_sequence: only long
      bits.write(0, 1)  // window_shape
      bits.write(0, 6)  // max_sfb
      bits.write(0, 1)  // predictor_data_present
      bits.write(0, 3)  // pulse, tns, gain control
    }
    // Fill elements: id 6 (3 bits), count (4), with 15 an 8-bit esc_count: payload is 14 + esc_count bytes; then END (3 bits).
    while true {
      let left = byteCount * 8 - bits.count - 3
      if left < 7 { break }
      let payload = min((left - 7) / 8, 14)
      if (left - 7) / 8 < 15 {
        bits.write(6, 3)
        bits.write(payload, 4)
        bits.fill(payload)
      } else {
        let long = min((left - 15) / 8, 14 + 255)
        bits.write(6, 3)
        bits.write(15, 4)
        bits.write(long - 14, 8)
        bits.fill(long)
      }
    }
    bits.write(7, 3)  // END
    bits.align()
    return bits.bytes + Array(repeating: 0, count: max(0, byteCount - bits.bytes.count))
  }

  /// How many ADTS frames a run of bytes holds; nil when it is not a whole number of frames.
  static func countFrames(_ bytes: some RandomAccessCollection<UInt8>) -> Int? {
    var position = bytes.startIndex
    var count = 0
    while position != bytes.endIndex {
      guard let header = bytes.index(position, offsetBy: 7, limitedBy: bytes.endIndex) else { return nil }
      let head = Array(bytes[position..<header])
      guard head[0] == 0xFF, head[1] & 0xF6 == 0xF0 else { return nil }
      let length = Int(head[3] & 3) << 11 | Int(head[4]) << 3 | Int(head[5]) >> 5
      guard length >= 7, let next = bytes.index(position, offsetBy: length, limitedBy: bytes.endIndex) else { return nil }
      count += 1 + Int(head[6] & 3)
      position = next
    }
    return count
  }
}

/// Collects bits, most significant first.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  mutating func write(_ value: Int, _ width: Int) {
    for bit in stride(from: width - 1, through: 0, by: -1) {
      if count % 8 == 0 { bytes.append(0) }
      if (value >> bit) & 1 == 1 { bytes[bytes.count - 1] |= UInt8(0x80) >> UInt8(count % 8) }
      count += 1
    }
  }

  /// Fill data: extension type 0 (EXT_FILL) and zeroes.
  mutating func fill(_ byteCount: Int) {
    for _ in 0..<byteCount { write(0, 8) }
  }

  mutating func align() { count = bytes.count * 8 }
}
