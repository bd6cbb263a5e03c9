#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What stands before a line of a listing and says how it stands.
package struct Marks: Hashable, Sendable {
  /// It is as it must be.
  package let good: String
  /// It is worth a look.
  package let warning: String
  /// It is not as it must be.
  package let bad: String

  /// For a locale of UTF-8.
  package static let unicode = Marks(good: "✓", warning: "▲", bad: "✗")
  /// For any other.
  package static let ascii = Marks(good: "ok", warning: "! ", bad: "x ")

  /// What standard output can show, by the locale of the environment. Where none is set UTF-8 is assumed, as the screen does.
  package static let ofLocale: Marks = {
    let isNamed = ["LC_ALL", "LC_CTYPE", "LANG"].contains { Host.environment[$0]?.isEmpty == false }
    return !isNamed || codeset == "UTF-8" ? .unicode : .ascii
  }()

  /// The codeset of the environment's locale; that of C where it is not installed.
  private static var codeset: String? {
    #if canImport(Glibc)
      guard let locale = newlocale(1 << LC_CTYPE, "", nil) else { return nil }
      defer { freelocale(locale) }
      return nl_langinfo_l(nl_item(CODESET), locale).map { String(cString: $0) }
    #else
      setlocale(LC_CTYPE, "")
      return String(cString: nl_langinfo(nl_item(CODESET)))
    #endif
  }
}
