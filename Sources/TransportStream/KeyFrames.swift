/// Whether decoding of a video stream can begin with a unit, as far as a part of it tells.
enum KeyFrames {
  enum Sight: Sendable { case key, picture, nothing }

  /// What the first picture, or what stands before it, shows; nil for a codec of which that is not known.
  /// - Parameter bytes: some of the unit, without the header of its PES packet.
  static func look(_ streamType: UInt8, _ bytes: UnsafeRawBufferPointer) -> Sight? {
    switch streamType {
    // ITU-T H.264, table 7-1: a sequence parameter set or an IDR slice; any other slice.
    case StreamType.h264:
      first(in: bytes) { code in
        let type = code & 0x1F
        return type == 5 || type == 7 ? .key : (1...4).contains(type) ? .picture : nil
      }
    // ITU-T H.265, table 7-1: parameter sets, and the pictures at which decoding can begin.
    case 0x24:
      first(in: bytes) { code in
        let type = code >> 1 & 0x3F
        return (32...34).contains(type) || (16...21).contains(type) ? .key : type < 10 ? .picture : nil
      }
    // ISO/IEC 13818-2, 6.2.2.1: a sequence header, or a picture without one.
    case 0x01, 0x02: first(in: bytes) { $0 == 0xB3 ? .key : $0 == 0 ? .picture : nil }
    default: nil
    }
  }

  /// What the first byte behind a 00 00 01 says that says anything.
  private static func first(in bytes: UnsafeRawBufferPointer, _ sight: (UInt8) -> Sight?) -> Sight {
    guard bytes.count > 3 else { return .nothing }
    for at in 3..<bytes.count where bytes[at - 1] == 1 && bytes[at - 2] == 0 && bytes[at - 3] == 0 {
      if let found = sight(bytes[at]) { return found }
    }
    return .nothing
  }
}
