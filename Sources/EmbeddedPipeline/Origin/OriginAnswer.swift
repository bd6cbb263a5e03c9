import Events
import SocketIO
import WireFormats

/// What a port answers: everything, or one of MediaMTX's own ports.
enum OriginRole: Sendable {
  case everything, api, metrics

  /// The path that a request target names; nil when the target is for the origin itself, or no media is here. Not checked yet.
  func mediaName(_ target: String) -> Substring? {
    guard self == .everything else { return nil }
    let path = Self.path(target)
    if ["/health", "/metrics", "/control"].contains(path) || path.hasPrefix("/v3/") { return nil }
    return path.dropFirst()
  }

  /// A request target without its query.
  static func path(_ target: String) -> Substring { target.prefix { $0 != "?" } }
}

/// A whole answer.
struct OriginAnswer: Error {
  var status: Int
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  /// What it says, for the log.
  var text = ""

  /// A sentence, as MediaMTX's API gives its errors.
  init(_ status: Int, _ sentence: String) {
    self.init(status: status, json: [status < 400 ? "status" : "error": .string(sentence)])
    text = sentence
  }

  init(status: Int = 200, json: JSONValue) {
    self.status = status
    headers = [("Content-Type", "application/json; charset=utf-8")]
    body = json.serialized()
  }

  /// Text without a content type, as MediaMTX gives its metrics.
  init(metrics: String) {
    status = 200
    body = Array(metrics.utf8)
  }
}

/// A path as the API shows it.
struct OriginPathState: Sendable {
  var name: String
  var publisherID: String
  var readyAt: WallTime?
  var tracks: [String]
  var bytesReceived: UInt64
  var bytesSent: UInt64
  var readers: [String]

  /// In MediaMTX's shape (API v3). Publishers and readers are of a kind of their own: MPEG-TS over HTTP.
  var json: JSONValue {
    [
      "name": .string(name), "confName": "all_others", "source": ["type": "mpegtsConn", "id": .string(publisherID)],
      "ready": .bool(readyAt != nil), "readyTime": readyAt.map { .string(LogText.utcDate($0)) } ?? .null,
      "tracks": .array(tracks.map { .string($0) }), "bytesReceived": .integer(Int64(clamping: bytesReceived)),
      "bytesSent": .integer(Int64(clamping: bytesSent)),
      "readers": .array(readers.map { ["type": "mpegtsConn", "id": .string($0)] }),
    ]
  }

  /// Its series in MediaMTX's shape. No value needs escaping: `OriginPathName` lets none through.
  var metrics: String {
    let labels = "{name=\"\(name)\",state=\"\(readyAt == nil ? "notReady" : "ready")\"}"
    return "paths\(labels) 1\npaths_bytes_received\(labels) \(bytesReceived)\npaths_bytes_sent\(labels) \(bytesSent)\n"
      + "paths_readers\(labels) \(readers.count)\n"
  }
}

/// What the origin says of itself; pure.
enum OriginAnswers {
  private static let maxItems = 1000

  static func answer(method: String, target: String, role: OriginRole, paths: [OriginPathState], uptimeSeconds: Double) -> OriginAnswer {
    let path = OriginRole.path(target)
    let isAPI = path.hasPrefix("/v3/") && role != .metrics
    let isMetrics = path == "/metrics" && role != .api
    guard isAPI || isMetrics || path == "/health" else { return OriginAnswer(404, "there is nothing at this URL") }
    guard method == "GET" || method == "HEAD" else {
      var refusal = OriginAnswer(405, "this URL is only read")
      refusal.headers.append(("Allow", "GET, HEAD"))
      return refusal
    }
    if isMetrics { return OriginAnswer(metrics: paths.isEmpty ? "paths 0\n" : paths.map(\.metrics).joined()) }
    if !isAPI {
      return OriginAnswer(json: [
        "status": "healthy", "service": "stream-origin", "paths": .int(paths.count),
        "uptime_seconds": .number((uptimeSeconds * 1000).rounded() / 1000),
      ])
    }
    let get = "/v3/paths/get/"
    if path.hasPrefix(get) {
      let found = paths.first { $0.name == path.dropFirst(get.count) }
      return found.map { OriginAnswer(json: $0.json) } ?? OriginAnswer(404, "path not found")
    }
    return path == "/v3/paths/list" ? list(target, paths) : OriginAnswer(404, "there is nothing at this URL")
  }

  private static func list(_ target: String, _ paths: [OriginPathState]) -> OriginAnswer {
    var page = 0
    var size = 100
    for field in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1)
      guard let name = parts.first, name == "page" || name == "itemsPerPage" else { continue }
      guard parts.count == 2, let value = Int(parts[1]), value >= (name == "page" ? 0 : 1) else {
        return OriginAnswer(400, "invalid \(name)")
      }
      if name == "page" { page = value } else { size = min(value, maxItems) }
    }
    let pages = (paths.count + size - 1) / size
    let items = page < pages ? paths[(page * size)..<min(paths.count, (page + 1) * size)] : []
    return OriginAnswer(json: [
      "itemCount": .int(paths.count), "pageCount": .int(pages), "items": .array(items.map(\.json)),
    ])
  }
}
