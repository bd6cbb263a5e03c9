import Contracts
import Events
import PrometheusText
import TestSupport
import Testing

@testable import HarnessConfig

/// The thirteen differences between the data model and the media service as built: each is seen where a series or a line shows it, and a
/// service that is otherwise in one of them is not accused of it.
@Suite struct DifferenceTests {
  private static func differences(_ metrics: String, _ lines: [String]) throws -> [ContractDifference] {
    var parser = ExpositionParser()
    let scrape = try parser.parse(metrics, format: .text)
    let spec = BuiltInContracts.spec018
    var check = ContractCheck(spec, scrape: scrape, others: BuiltInContracts.all)
    check.noteDifferences(of: BuiltInContracts.mediaService, from: spec, scrape: scrape, lines: lines)
    return check.differences
  }

  private static func line(_ second: Int, _ logger: String, _ text: String, _ level: String = "INFO") -> String {
    "2026-01-01 00:00:\(second < 10 ? "0" : "")\(second),000 - media_service.\(logger) - \(level) - \(text)"
  }

  static let metrics = """
    # TYPE media_service_worker_sts_fragments_sent_total counter
    media_service_worker_sts_fragments_sent_total{stream_id="test"} 9
    # TYPE media_service_worker_sts_fragments_processed_total counter
    media_service_worker_sts_fragments_processed_total{stream_id="test",status="success"} 8
    # TYPE media_service_worker_circuit_breaker_state gauge
    media_service_worker_circuit_breaker_state{stream_id="test"} 2
    # TYPE media_service_worker_circuit_breaker_fallbacks_total counter
    media_service_worker_circuit_breaker_fallbacks_total{stream_id="test"} 1
    # TYPE media_service_worker_av_sync_delta_ms gauge
    media_service_worker_av_sync_delta_ms{stream_id="test"} 464

    """
  static let lines = [
    line(1, "sts.socketio_client", "Socket.IO connected"),
    line(2, "sts.fragment_tracker", "Fragment timeout: id=a, elapsed=8000ms, timeout=8000ms", "WARNING"),
    line(3, "sts.socketio_client", "Socket.IO disconnected", "WARNING"),
    "2026-01-01 00:00:04,000 - socketio.client - INFO - Connection failed, new attempt in 1.20 seconds",
    line(9, "sts.circuit_breaker", "Circuit open: using fallback for segment 3"),
  ]

  @Test func `what a series or a line shows is seen, and the rest is known`() throws {
    let found = try Self.differences(Self.metrics, Self.lines)
    #expect(found.map(\.number) == Array(1...13))
    // A gauge that is not negative shows nothing of its sign.
    #expect(
      found.filter { $0.standing == .seen }.map(\.number) == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11], "\(found.filter { $0.standing != .seen })")
    #expect(found.allSatisfy { ($0.evidence != nil) == ($0.standing != .known) })
    #expect([4, 11, 12].allSatisfy { found[$0].standing == .known })
    // Nothing read: nothing seen.
    #expect(try Self.differences("# nothing\n", []).allSatisfy { $0.standing == .known })
  }

  @Test func `half-open that begins long after the cooldown is seen`() throws {
    let lines = [
      Self.line(1, "worker.worker_runner", "Error processing audio segment: model", "ERROR"),
      "2026-01-01 00:01:10,000 - media_service.sts.circuit_breaker - DEBUG - Circuit breaker: success recorded, state=half_open",
    ]
    #expect(try Self.differences("# nothing\n", lines)[12].standing == .seen)
  }

  /// What is otherwise in the service: text taken out of the scrape or the log, and what stands there instead.
  struct Change: Sendable, CustomTestStringConvertible {
    let number: Int
    var metrics: [(String, String)] = []
    var lines: [(String, String)] = []
    /// Whether the change shows itself; else nothing shows any more.
    var shows = true
    var testDescription: String { "difference \(number)" }
  }

  static let changes: [Change] = [
    Change(
      number: 1,
      metrics: [
        (Self.metrics, "# TYPE worker_audio_fragments_total counter\nworker_audio_fragments_total{status=\"sent\"} 9\n")
      ]),
    Change(number: 2, metrics: [("stream_id=\"test\",", ""), ("{stream_id=\"test\"}", "")]),
    Change(number: 3, metrics: [("status=\"success\"", "status=\"processed\"")]),
    Change(number: 4, metrics: [("circuit_breaker_state{stream_id=\"test\"} 2", "circuit_breaker_state{stream_id=\"test\"} 1")]),
    Change(number: 5, metrics: [("{stream_id=\"test\"} 464", "{stream_id=\"test\"} -464")]),
    Change(
      number: 6,
      metrics: [("fallbacks_total{stream_id=\"test\"}", "fallbacks_total{stream_id=\"test\",reason=\"circuit_open\"}")]),
    Change(
      number: 7,
      metrics: [
        (
          "# TYPE media_service_worker_av",
          "# TYPE worker_reconnection_total counter\nworker_reconnection_total 1\n# TYPE media_service_worker_av"
        )
      ]),
    Change(
      number: 8, lines: [("*", #"{"timestamp":1767139200.1,"level":"info","msg":"fragment sent","sequence_number":4}"#)]),
    Change(
      number: 9,
      lines: [("Circuit open: using fallback for segment 3", "Circuit breaker: failure recorded, code=TIMEOUT, count=5, state=open")]),
    Change(number: 10, lines: [("new attempt in 1.20 seconds", "new attempt in 2.00 seconds")]),
    Change(
      number: 11,
      lines: [
        (
          "media_service.sts.socketio_client - WARNING - Socket.IO disconnected",
          "media_service.worker.worker_runner - INFO - Using fallback for segment 7"
        )
      ]),
    Change(number: 12, lines: [("*", #"INFO:     127.0.0.1:5 - "GET /health HTTP/1.1" 503 Service Unavailable"#)]),
    Change(number: 13, shows: false),
  ]

  @Test(arguments: changes) func `a service that is otherwise is not accused`(_ change: Change) throws {
    var metrics = Self.metrics
    for (old, new) in change.metrics {
      #expect(metrics.contains(old))
      metrics = metrics.replacing(old, with: new)
    }
    var lines = Self.lines
    for (old, new) in change.lines {
      guard old != "*" else {
        lines = [new]
        continue
      }
      #expect(lines.contains { $0.contains(old) })
      lines = lines.flatMap { $0.replacing(old, with: new).split(separator: "\n").map(String.init) }
    }
    let found = try #require(try Self.differences(metrics, lines).first { $0.number == change.number })
    #expect(found.standing == (change.shows ? .absent : .known), "\(found)")
  }

  @Test func `the real service shows five of them in its samples`() throws {
    let lines = try ["normal", "reconnect", "backpressure"].flatMap { try Fixtures.lines("media-service/\($0).log") }
    let found = try Self.differences(Fixtures.text("media-service/metrics-after.txt"), lines)
    for number in [1, 2, 3, 7, 8] { #expect(found[number - 1].standing == .seen, "\(found[number - 1])") }
    #expect(found[4].standing == .known, "\(found[4])")
    #expect(!found.contains { $0.standing == .absent }, "\(found.filter { $0.standing == .absent })")
  }

  /// What collectors put around a line is none of its form.
  @Test(arguments: [
    (
      #"{"log":"2026-01-01 00:00:01,000 - media_service.sts.socketio_client - INFO - Socket.IO connected\\n","stream":"stdout","time":"2026-01-01T00:00:01Z"}"#,
      ContractDifference.Standing.seen
    ),
    (#"media-service-1  | {"timestamp":1767139200.1,"level":"info","msg":"fragment sent","sequence_number":4}"#, .absent),
    (#"INFO:     127.0.0.1:5 - "GET /health HTTP/1.1" 200 OK"#, .known),
  ]) func `the form of a log is that of its own lines`(line: String, standing: ContractDifference.Standing) throws {
    let found = try Self.differences("# nothing\n", [line])
    #expect(found[7].standing == standing, "\(found[7])")
  }

  @Test(arguments: [
    (#"127.0.0.1 - "GET /health HTTP/1.1" 200 502"#, ContractDifference.Standing.known),
    (#"127.0.0.1 - "GET /healthz HTTP/1.1" 200 502 "-" "curl""#, .known), (#"127.0.0.1 - "GET /health HTTP/1.1" 503 19"#, .absent),
    (#"127.0.0.1 - "GET /health?full HTTP/1.1" 500 -"#, .absent), ("GET /health 502", .absent), ("GET /health took 503 ms", .known),
  ]) func `a health check failed where its status says so`(line: String, standing: ContractDifference.Standing) throws {
    let found = try Self.differences("# nothing\n", [line])
    #expect(found[11].standing == standing, "\(found[11])")
  }
}
