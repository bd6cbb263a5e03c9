import Events
import WireFormats

/// MediaMTX's answer; field names differ between versions, and all are read.
///
/// 0.17: `/v1/paths/list`, paths as members of an object. 1.0 and 1.1: `/v2/paths/list`. From 1.2 on `/v3/paths/list`: `ready`,
/// `readyTime`, `bytesReceived`; in newer ones `available` beside it, `inboundBytes`, and since 1.16 `online` and `onlineTime`, which alone
/// tell of a publisher where `alwaysAvailable` plays a file in its place.
enum MediaPathList {
  /// Where MediaMTX lists its paths, the newest version first.
  static let places = [
    (path: "/v3/paths/list", versions: "1.2 and newer"), (path: "/v2/paths/list", versions: "1.0 and 1.1"),
    (path: "/v1/paths/list", versions: "0.x"),
  ]

  /// The paths of one page and how many pages there are; nil when it is no such list.
  /// - Parameter isOldest: whether it was asked for where version 0 has it, whose empty list is an object.
  static func parse(_ body: [UInt8], isOldest: Bool = false) -> (paths: [MediaPath], pageCount: Int)? {
    guard let json = JSONValue(parsing: body) else { return nil }
    let pages = Int(min(json["pageCount"]?.countValue ?? 1, 1_000_000))
    let items: [(name: String?, item: JSONValue)]
    switch json["items"] {
    // An empty list is `null` in some versions.
    case .null?: return ([], pages)
    case .array(let list)?: items = list.map { ($0["name"]?.stringValue, $0) }
    case .object(let members)? where isOldest || !members.isEmpty: items = members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    default: return nil
    }
    let paths = items.compactMap { name, item in name.flatMap { path($0, item) } }
    // A list of connections, of sessions or of configurations is none of paths.
    return items.isEmpty || !paths.isEmpty ? (paths, max(pages, 0)) : nil
  }

  /// Texts of a server are kept as long as it is up, and shown in a row: no name that is meant is longer.
  private static let mostBytes = 256
  private static let mostTracks = 64

  private static func cut(_ text: String) -> String {
    text.utf8.count > mostBytes ? String(decoding: text.utf8.prefix(mostBytes), as: UTF8.self) + "…" : text
  }

  private static let flags = ["online", "ready", "sourceReady", "available"]

  private static func path(_ name: String, _ item: JSONValue) -> MediaPath? {
    // Only `online` tells of a publisher where the server has one: `available`, and `ready` with it, are also what a file fills in for.
    let said = flags.compactMap { item[$0]?.boolValue }
    guard !said.isEmpty || item["readyTime"] != nil else { return nil }
    let hasNoSource = item["source"] == .null
    let tracks = item["tracks"]?.arrayValue ?? item["tracks2"]?.arrayValue ?? []
    var path = MediaPath(
      name: cut(name), isReady: (said.first ?? (item["readyTime"]?.stringValue != nil)) && !hasNoSource,
      tracks: tracks.prefix(mostTracks).compactMap { ($0.stringValue ?? $0["codec"]?.stringValue ?? $0["type"]?.stringValue).map(cut) },
      bytesReceived: item["inboundBytes"]?.countValue ?? item["bytesReceived"]?.countValue ?? 0,
      bytesSent: item["outboundBytes"]?.countValue ?? item["bytesSent"]?.countValue ?? 0,
      readerCount: item["readers"]?.arrayValue?.count ?? 0, sourceType: (item["source"]?["type"]?.stringValue).map(cut))
    path.sourceID = item["source"]?["id"]?.stringValue.flatMap { $0.isEmpty ? nil : cut($0) }
    path.publishedAt = (item["onlineTime"]?.stringValue ?? item["readyTime"]?.stringValue).map(cut)
    path.isSlate = !path.isReady && item["available"]?.boolValue == true
    return path
  }
}
