import CNcurses

/// Which locale the terminal's thread works in.
enum LocaleChoice {
  /// The value of the first of LC_ALL, LC_CTYPE and LANG that is set and not empty.
  static func name(in environment: [String: String]) -> String? {
    ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
  }

  /// Whether a name asks for something other than UTF-8 in so many words: `C`, `POSIX`, or another codeset as in `de_DE.ISO-8859-1`.
  static func refusesUnicode(_ name: String) -> Bool {
    if name == "C" || name == "POSIX" { return true }
    guard let codeset = name.split(separator: "@", maxSplits: 1).first?.split(separator: ".", maxSplits: 1).dropFirst().first else {
      return false
    }
    return !["utf8", "utf-8"].contains(codeset.lowercased())
  }

  /// Sets LC_CTYPE of the calling thread and returns whether it can encode Unicode. A locale that is not installed, or none at all, falls
  /// back to C.UTF-8, since terminals of today speak UTF-8.
  static func apply(_ environment: [String: String]) -> Bool {
    var isUTF8 = false
    let wanted = name(in: environment)
    if let wanted {
      if refusesUnicode(wanted) {
        _ = dw_use_locale("C", &isUTF8)
        return false
      }
      // An installed locale without a codeset in its name, as `de_DE`, may still be another than UTF-8.
      if dw_use_locale(wanted, &isUTF8) { return isUTF8 }
    }
    for fallback in ["C.UTF-8", "en_US.UTF-8", "UTF-8"] where dw_use_locale(fallback, &isUTF8) && isUTF8 { return true }
    _ = dw_use_locale("C", &isUTF8)
    return false
  }
}
