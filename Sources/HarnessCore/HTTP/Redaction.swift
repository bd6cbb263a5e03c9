/// Takes secrets out of what people get to see: URLs, commands, reasons.
///
/// It works on any text rather than on parsed URLs, so that a mistyped URL does not show its password either.
package enum Redaction {
  /// What stands where a secret stood.
  package static let mask = "***"

  /// The text with the user information of every URL removed and every secret-looking `key=value` masked.
  package static func redact(_ text: String) -> String {
    // Most texts have neither a URL nor a pair.
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { return text }
    return maskPairs(in: stripUserInfo(from: text))
  }

  /// Whether a key names a secret: `token`, `api_key`, `X-Amz-Signature`, … (percent-encoded letters count too).
  package static func isSecretName(_ name: some StringProtocol) -> Bool {
    let plain = percentDecoded(name).lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
    if secretParts.contains(where: { plain.contains($0) }) { return true }
    return secretEndings.contains { plain.hasSuffix($0) }
  }

  private static let secretParts = ["token", "passw", "secret", "signature", "credential", "apikey", "auth", "jwt", "cookie", "session"]
  private static let secretEndings = ["key", "sig", "pass", "pwd", "user"]

  private static func isURLEnd(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
  }

  /// Removes what stands between `://` and the `@` of each authority.
  private static func stripUserInfo(from text: String) -> String {
    let bytes = Array(text.utf8)
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: ":"), index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "/"),
        bytes[index + 2] == UInt8(ascii: "/")
      else {
        kept.append(bytes[index])
        index += 1
        continue
      }
      kept.append(contentsOf: bytes[index..<index + 3])
      index += 3
      var end = index
      while end < bytes.count, !isURLEnd(bytes[end]) { end += 1 }
      if let at = userInfoEnd(bytes[index..<end]) { index = at + 1 }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// Where the user information ends; nil when there is none.
  private static func userInfoEnd(_ rest: ArraySlice<UInt8>) -> Int? {
    let at = UInt8(ascii: "@")
    let authorityEnd = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
    let authority = rest[..<authorityEnd]
    if let found = authority.lastIndex(of: at) { return found }
    // A password with an unescaped slash cuts the authority short: what stands where a port should be is no number then.
    guard authority.first != UInt8(ascii: "["), let colon = authority.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let port = authority[(colon + 1)...]
    guard !port.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
    return rest.lastIndex(of: at)
  }

  /// Masks the value of each `key=value` whose key names a secret.
  private static func maskPairs(in text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "=")) else { return text }
    var result = ""
    var word = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if isPairEnd(character) {
        result += text[word...index]
        word = text.index(after: index)
        index = word
      } else if character == "=", isSecretName(text[word..<index].drop { $0 == "-" }) {
        result += text[word...index] + mask
        index = text.index(after: index)
        while index < text.endIndex, !isPairEnd(text[index]) { index = text.index(after: index) }
        word = index
      } else {
        index = text.index(after: index)
      }
    }
    return result + text[word...]
  }

  private static func isPairEnd(_ character: Character) -> Bool {
    character.isWhitespace || character == "&" || character == "?" || character == "#" || character == ";" || character == "\""
      || character == "'"
  }

  private static func percentDecoded(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        decoded.append(value)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
