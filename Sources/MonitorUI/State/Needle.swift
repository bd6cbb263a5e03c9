/// A text looked for in others, without regard to the case of ASCII letters; works on bytes, so that a filter over thousands of rows costs
/// little.
struct Needle {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = text.utf8.map(Self.lower) }

  /// Whether a text contains it; an empty needle is in everything.
  func isIn(_ text: String) -> Bool {
    guard let first = bytes.first else { return true }
    var text = text
    return text.withUTF8 { hay in
      guard hay.count >= bytes.count else { return false }
      for start in 0...(hay.count - bytes.count) where Self.lower(hay[start]) == first {
        var length = 1
        while length < bytes.count, Self.lower(hay[start + length]) == bytes[length] { length += 1 }
        if length == bytes.count { return true }
      }
      return false
    }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
