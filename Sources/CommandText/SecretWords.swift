import HarnessCore
import WireFormats

/// Keeps secrets off the command line, which everybody on the machine can read.
package enum SecretWords {
  /// What stands before the name of a variable, in place of a URL or after `NAME=`.
  private static let marker = "env:"

  /// The words with every `env:VARIABLE` and `NAME=env:VARIABLE` replaced by the variable's value.
  /// - Throws: where a word holds a URL with a secret, or names a variable that is not set. The sentence shows no secret.
  package static func resolved(_ words: [String], environment: [String: String]) throws(Problem) -> [String] {
    var result: [String] = []
    for word in words {
      if let url = urls(in: word).first(where: { Redaction.redact($0) != $0 }) {
        throw Problem(
          .usage,
          "\(escapeUntrusted(Redaction.redact(url))) holds a user, a password or a token, and everybody on this machine can read a command line",
          hint: "put the URL into a variable of the environment and write \(marker)VARIABLE in its place")
      }
      result.append(try resolved(word, environment))
    }
    return result
  }

  /// The URLs in a word, which may stand behind `NAME=` or in a command. A name such as `auth-service` is no secret.
  private static func urls(in word: String) -> [String] {
    var urls: [String] = []
    var rest = word[...]
    while let colon = rest.firstRange(of: "://") {
      let scheme = rest[..<colon.lowerBound].reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
      let url = rest[rest.index(colon.lowerBound, offsetBy: -scheme.count)...].prefix { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
      urls.append(String(url))
      rest = rest[url.endIndex...]
    }
    return urls
  }

  private static func resolved(_ word: String, _ environment: [String: String]) throws(Problem) -> String {
    // `NAME=` and `--option=` may stand before it.
    let start = word.lastIndex(of: "=").map { word.index(after: $0) } ?? word.startIndex
    guard word[start...].hasPrefix(marker) else { return word }
    let name = String(word[start...].dropFirst(marker.count))
    guard !name.isEmpty,
      name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) })
    else { return word }
    guard let value = environment[name], !value.isEmpty else {
      throw Problem(.usage, "\(escapeUntrusted(word)): the variable \(name) is not set, or empty")
    }
    return word[..<start] + value
  }
}
