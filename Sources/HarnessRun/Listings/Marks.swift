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
  package static let ascii = Marks(good: "v", warning: "!", bad: "x")

  /// What standard output can show, by the locale of the environment.
  package static var ofLocale: Marks {
    setlocale(LC_CTYPE, "")
    return String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8" ? .unicode : .ascii
  }
}
