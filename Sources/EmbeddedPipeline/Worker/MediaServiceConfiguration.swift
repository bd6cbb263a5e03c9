import Events
import SpeechProtocol
import WireFormats

/// What a `media-service` worker is started with.
package struct MediaServiceConfiguration: Sendable, Equatable {
  /// Address to serve `/health` and `/metrics` on.
  package var host = "127.0.0.1"
  /// Port to serve them on; 0 for any free one.
  package var port = 8000
  /// The speech service.
  package var stsURL = "http://127.0.0.1:8080"
  /// Where the input comes from: `http://` (MPEG-TS), `rtmp://` or `rtsp://`; nil for segments of silence, cut by the clock.
  package var inputURL: String?
  /// Where the output goes, likewise; nil for nowhere. Not used without an input.
  package var outputURL: String?
  /// Whether an input that is not there at the start is waited for without end, instead of given up after the contract's tries.
  package var isInputAwaited = false
  /// Whether the first connection to an http input asks a `stream-origin` for the stream from its start.
  package var readsInputFromStart = false
  /// The stream's name.
  package var streamID = "test"
  /// The worker's name.
  package var workerID = "worker-1"
  /// What is logged at least.
  package var logLevel = LogLevel.info
  /// In which shape it shows itself.
  package var shape = ServiceShape.spec018
  /// The rules it goes by.
  package var rules = WorkerRules()
  /// Without an input: after how many segments it ends; nil for one without end.
  package var segmentLimit: Int?
  /// Origins (`http://127.0.0.1:5173`, or `*`) whose web pages may ask the service, beside its own.
  package var allowedOrigins: [String] = []
  /// Whether `POST /control` is answered.
  package var isControlEnabled = false

  /// The defaults.
  package init() {}

  /// The defaults, changed by RTSP_URL (or INPUT_URL), AWAIT_INPUT (true or false), OUTPUT_URL, STS_URL, METRICS_HOST, METRICS_PORT, STREAM_ID, WORKER_ID, LOG_LEVEL,
  /// MAX_INFLIGHT (1 to 10), FRAGMENT_TIMEOUT_MS (1000 to 120000) and SEGMENT_LIMIT; throws a `Problem` in one sentence.
  package init(environment: [String: String]) throws {
    let reader = EnvironmentReader(environment: environment)
    host = reader.text("METRICS_HOST") ?? host
    port = try reader.integer("METRICS_PORT", 0...65535) ?? port
    if let url = reader.text("STS_URL") { stsURL = try Self.checkedURL(url, "STS_URL", schemes: ["http", "ws"]) }
    for name in ["RTSP_URL", "INPUT_URL"] {
      if let url = reader.text(name) { inputURL = try MediaAddress(url, setting: name).url }
    }
    isInputAwaited = try reader.flag("AWAIT_INPUT") ?? isInputAwaited
    if let url = reader.text("OUTPUT_URL") { outputURL = try MediaAddress(url, setting: "OUTPUT_URL").url }
    streamID = try Self.checkedName(reader.text("STREAM_ID") ?? streamID, "STREAM_ID")
    workerID = try Self.checkedName(reader.text("WORKER_ID") ?? workerID, "WORKER_ID")
    logLevel = try reader.logLevel("LOG_LEVEL") ?? logLevel
    rules.maxInflight = try reader.integer("MAX_INFLIGHT", STSLimits.maxInflight) ?? rules.maxInflight
    rules.fragmentTimeoutMilliseconds =
      try reader.integer("FRAGMENT_TIMEOUT_MS", STSLimits.timeoutMilliseconds) ?? rules.fragmentTimeoutMilliseconds
    segmentLimit = try reader.integer("SEGMENT_LIMIT", 1...1_000_000)
  }

  private static func checkedURL(_ text: String, _ name: String, schemes: [String]) throws -> String {
    guard schemes.contains(where: { text.hasPrefix($0 + "://") && text.utf8.count > $0.utf8.count + 3 }) else {
      let wanted = schemes.map { $0 + "://" }.joined(separator: ", ")
      throw Problem(.usage, "\(name) is \(EnvironmentReader.quoted(text)), but must begin with one of \(wanted) and name a host")
    }
    return text
  }

  private static func checkedName(_ text: String, _ name: String) throws -> String {
    guard text.utf8.count <= STSLimits.identifierBytes else {
      throw Problem(.usage, "\(name) is longer than \(STSLimits.identifierBytes) bytes")
    }
    return text
  }
}
