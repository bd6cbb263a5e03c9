/// Names of paths: `live/test/in`.
enum OriginPathName {
  static let maxBytes = 200
  /// What the origin itself answers.
  private static let reserved: Set<Substring> = ["v3", "metrics", "health", "control"]

  /// Why a text is no name for a path; nil when it is one.
  static func fault(_ name: Substring) -> String? {
    if name.isEmpty { return "the URL names no path, such as /live/test/in" }
    if name.utf8.count > maxBytes { return "the path is longer than \(maxBytes) bytes" }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
      return "the path has an empty part, '.' or '..' between its slashes"
    }
    // As MediaMTX has it.
    guard name.utf8.allSatisfy(isAllowed) else { return "the path may hold only letters, digits and _ - / . ~ :" }
    if let first = parts.first, reserved.contains(first) { return "a path must not begin with \(first)" }
    return nil
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "_-/.~:".utf8.contains(byte)
    }
  }
}
