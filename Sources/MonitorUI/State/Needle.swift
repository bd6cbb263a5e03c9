/// A text looked for in others, without regard to the case of ASCII letters. `attempt !failed` finds what has the first and not the second;
/// several may be excluded, each after a blank and `!`.
///
/// It works on bytes, so that a filter over thousands of rows costs little, and no text that is typed can cost much: regular expressions
/// can.
struct Needle {
  private let wanted: [UInt8]
  private let unwanted: [[UInt8]]

  init(_ text: String) {
    // "!failed" alone excludes, too.
    let parts = (text.hasPrefix("!") ? " \(text)" : text).split(separator: " !", omittingEmptySubsequences: false)
    wanted = parts.first.map(Self.bytes) ?? []
    unwanted = parts.dropFirst().map(Self.bytes).filter { !$0.isEmpty }
  }

  /// Whether nothing is looked for, so that it is in everything.
  var isEmpty: Bool { wanted.isEmpty && unwanted.isEmpty }

  /// Whether a text contains it; an empty needle is in everything.
  func isIn(_ text: String) -> Bool { isIn(any: [text]) }

  /// Whether one of several texts that belong together contains it, and none what must not be there.
  func isIn(any texts: [String]) -> Bool {
    texts.contains { Self.has($0, wanted) } && !unwanted.contains { word in texts.contains { Self.has($0, word) } }
  }

  private static func bytes(_ text: Substring) -> [UInt8] { text.utf8.map(lower) }

  private static func has(_ text: String, _ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first else { return true }
    var text = text
    return text.withUTF8 { hay in
      guard hay.count >= bytes.count else { return false }
      for start in 0...(hay.count - bytes.count) where lower(hay[start]) == first {
        var length = 1
        while length < bytes.count, lower(hay[start + length]) == bytes[length] { length += 1 }
        if length == bytes.count { return true }
      }
      return false
    }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
