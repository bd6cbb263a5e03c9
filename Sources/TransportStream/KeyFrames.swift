/// Whether decoding of a video stream can begin with a unit, as far as its first bytes tell.
enum KeyFrames {
  /// Nil for a codec of which that is not known.
  /// - Parameter bytes: the begin of the unit, without the header of its PES packet.
  static func begins(_ streamType: UInt8, _ bytes: UnsafeRawBufferPointer) -> Bool? {
    switch streamType {
    case StreamType.h264: H264.looksRandomAccess(bytes)
    // ITU-T H.265, table 7-1: parameter sets, and the pictures at which decoding can begin.
    case 0x24: codes(bytes).contains { (32...34).contains($0 >> 1 & 0x3F) || (16...21).contains($0 >> 1 & 0x3F) }
    // ISO/IEC 13818-2, 6.2.2.1: a sequence header.
    case 0x01, 0x02: codes(bytes).contains(0xB3)
    default: nil
    }
  }

  /// The bytes behind each 00 00 01.
  private static func codes(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    guard bytes.count > 3 else { return [] }
    return (3..<bytes.count).lazy.filter { bytes[$0 - 1] == 1 && bytes[$0 - 2] == 0 && bytes[$0 - 3] == 0 }.map { bytes[$0] }
  }
}
