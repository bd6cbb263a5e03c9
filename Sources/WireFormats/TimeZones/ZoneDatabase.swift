/// The time zones of the system.
package enum ZoneDatabase {
  /// Where systems keep them: Linux and macOS, and macOS as it is now.
  static let folders = ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/var/db/timezone/zoneinfo"]

  /// The rules of a zone by its IANA name, such as `Europe/Berlin`; nil where the system has none of that name, or no database at all.
  package static func rules(of name: String) -> ZoneRules? {
    // A name leads to a file below the database and nowhere else.
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") }) else { return nil }
    for folder in folders {
      if let bytes = SmallFile.bytes(of: folder + "/" + name, atMost: 1 << 17), let rules = ZoneRules(tzif: bytes) { return rules }
    }
    return nil
  }

  /// Whether there is a database.
  package static var isThere: Bool { rules(of: "UTC") != nil }
}
