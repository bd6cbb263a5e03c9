/// Makes identifiers in the form of a UUID.
enum Identifiers {
  /// A random one (version 4).
  static func uuid() -> String {
    var generator = SystemRandomNumberGenerator()
    return text(generator.next(), generator.next())
  }

  /// One that depends on a number and a text alone, for tests and for names that must be the same again.
  static func uuid(seed: UInt64, salt: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in salt.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return text(mixed(seed &+ hash), mixed(seed &+ hash &+ 0x9E37_79B9_7F4A_7C15))
  }

  /// SplitMix64's finaliser.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    let digits = hex((high & ~0xF000) | 0x4000) + hex((low & ~(3 << 62)) | (2 << 62))
    var parts: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      parts.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return parts.joined(separator: "-")
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
