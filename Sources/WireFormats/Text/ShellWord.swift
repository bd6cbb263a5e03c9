/// Words of a command line as a shell reads them, for commands that are shown to be copied.
package enum ShellWord {
  /// The word, in quotes where it needs them: only printable characters, and to bash, zsh and ksh the same word.
  ///
  /// What must not reach a terminal as it is stands as bytes in `$'...'` (POSIX.1-2024, 2.2.4): escapes of another kind would be another word.
  package static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.utf8.allSatisfy { isLetterOrDigit($0) || "/._-+:@%,".utf8.contains($0) }
    if isPlain { return word }
    if escapeUntrusted(word) == word { return "'" + word.replacing("'", with: "'\\''") + "'" }
    let escaped = word.utf8.map { byte in
      let isPrintable = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
      if isPrintable { return String(UnicodeScalar(byte)) }
      return "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
    }
    return "$'" + escaped.joined() + "'"
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
