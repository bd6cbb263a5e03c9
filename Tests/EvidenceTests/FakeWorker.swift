import Events
import RunModel

/// A worker of the data model's contract that keeps it: what it writes into its log and shows in its metrics, segment by segment.
struct FakeWorker {
  private(set) var run = FakeRun()
  private var counters: [String: Double] = [:]
  private var breaker = 0.0
  private var inflight = 0.0
  /// When its process began, by the wall clock.
  private var start = FakeRun.start - 100
  /// The identifiers of the fragments of the session, by their numbers.
  private var ids: [Int: String] = [:]

  init() { page(0) }

  private static let names = [
    "sent", "processed", "fallback", "timeout", "error", "circuit_open", "pause", "slow_down", "none", "reconnections",
  ]

  /// Shows the numbers as they are now.
  mutating func page(_ at: Double) {
    func count(_ name: String) -> Double { counters[name] ?? 0 }
    func family(_ name: String, _ label: String, _ values: [String]) -> String {
      "# TYPE \(name) counter\n" + values.map { "\(name){\(label)=\"\($0)\"} \(count($0))\n" }.joined()
    }
    run.pages.append(
      (
        at,
        family("worker_audio_fragments_total", "status", ["sent", "processed", "fallback"])
          + family("worker_fallback_total", "reason", ["timeout", "error", "circuit_open"])
          + "# TYPE worker_inflight_fragments gauge\nworker_inflight_fragments \(inflight)\n"
          + "# TYPE worker_sts_breaker_state gauge\nworker_sts_breaker_state \(breaker)\n"
          + family("worker_backpressure_events_total", "action", ["pause", "slow_down", "none"])
          + "# TYPE worker_reconnection_total counter\nworker_reconnection_total \(count("reconnections"))\n"
          + "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds \(start)\n"
      ))
  }

  private mutating func count(_ at: Double, _ names: String...) {
    for name in names { counters[name, default: 0] += 1 }
    page(at)
  }

  mutating func begin() {
    run.say(0.4, "info", "worker starting", #""stream_id":"test""#)
    run.say(0.5, "info", "sts connected")
    session(0.6)
  }

  mutating func session(_ at: Double, limit: Int = 3) {
    run.say(at, "info", "stream ready", #""stream_id":"test","session_id":"s\#(at)","max_inflight":\#(limit)"#)
  }

  mutating func cut(_ at: Double, _ index: Int) { run.say(at, "debug", "segment cut", #""segment_index":\#(index)"#) }

  mutating func out(_ at: Double, _ index: Int, dubbed: Bool = true) {
    run.say(at, "info", "segment output", #""segment_index":\#(index),"dubbed":\#(dubbed)"#)
  }

  private func fragment(_ sequence: Int) -> String { #""fragment_id":"\#(ids[sequence] ?? "?")","sequence_number":\#(sequence)"# }

  mutating func sent(_ at: Double, _ sequence: Int) {
    inflight += 1
    count(at, "sent")
    ids[sequence] = "f\(sequence)-\(at)"
    run.say(at, "info", "fragment sent", fragment(sequence))
  }

  mutating func processed(_ at: Double, _ sequence: Int) {
    inflight = max(0, inflight - 1)
    count(at, "processed")
    run.say(at, "info", "fragment processed", fragment(sequence) + #","status":"success","processing_time_ms":1200"#)
  }

  mutating func failed(_ at: Double, _ sequence: Int, _ code: String) {
    inflight = max(0, inflight - 1)
    page(at)
    run.say(at, "warning", "fragment processed", fragment(sequence) + #","status":"failed","error_code":"\#(code)""#)
  }

  mutating func fallback(_ at: Double, _ number: Int, _ reason: String) {
    count(at, "fallback", reason)
    run.say(at, "warning", "fragment fallback", #""sequence_number":\#(number),"segment_index":\#(number),"reason":"\#(reason)""#)
  }

  mutating func breaker(_ at: Double, _ state: String, failures: Int? = nil, trigger: String? = nil) {
    breaker = ["closed": 0, "open": 1, "half-open": 2][state] ?? 0
    page(at)
    let fields = [failures.map { #""failure_count":\#($0)"# }, trigger.map { #""trigger":"\#($0)""# }].compactMap { $0 }
    run.say(
      at, state == "open" ? "warning" : "info", "circuit breaker \(state == "open" ? "opened" : state)",
      ([#""state":"\#(state)""#] + fields).joined(separator: ","))
  }

  mutating func pressure(_ at: Double, _ action: String, delay: Int? = nil) {
    count(at, action)
    let more = delay.map { #","recommended_delay_ms":\#($0)"# } ?? ""
    run.say(at, action == "none" ? "info" : "warning", "backpressure received", #""severity":"medium","action":"\#(action)"\#(more)"#)
  }

  mutating func lost(_ at: Double) {
    inflight = 0
    page(at)
    run.say(at, "warning", "sts disconnected", #""reason":"transport close""#)
  }

  mutating func attempt(_ at: Double, _ number: Int, planned: Double, success: Bool) {
    count(at, "reconnections")
    run.say(
      at, success ? "info" : "warning", "reconnection attempt",
      #""attempt":\#(number),"planned_delay_sec":\#(planned),"success":\#(success)"#)
  }

  mutating func exited(_ at: Double) {
    run.say(at, "critical", "worker exiting", #""status":1,"reason":"the speech service was not reached""#)
  }

  /// The stream goes in and comes out, 15 s later.
  mutating func flows(until end: Double) {
    run.seconds = end
    run.published = 1.2...(end + 2)
    run.output = 16.2...(end + 2)
  }

  mutating func expect(_ expectations: [RunModel.Expectation]) { run.expectations = expectations }
}
