import Contracts
import Events
import Foundation
import HarnessConfig
import Judging
import RuleSupport
import RunModel
import TestSupport
import Testing
import WireFormats

/// What the real media-service wrote, at its own pace, with metrics made from it as it makes them, judged as is true of it.
@Suite struct CaptureTests {
  typealias Expectation = RunModel.Expectation

  /// A captured log as a run that begins when its stream was ready.
  static func capture(_ name: String) throws -> FakeRun {
    let text = try String(contentsOfFile: Checkout.fixture("media-service/\(name).log"), encoding: .utf8)
    var run = FakeRun()
    run.contract = try #require(BuiltInContracts.all.first { $0.name == "media-service" })
    run.services = [.mediaService]
    var matcher = LogMatcher(contract: run.contract, hostUTCOffsetSeconds: 0)
    var lines: [(time: Double, text: String, happenings: [Happening])] = []
    for line in text.split(separator: "\n").map(String.init) {
      let match = matcher.match(line, service: .mediaService)
      // A line without a time belongs to the one before.
      lines.append((match.line.reportedAt?.epochSeconds ?? lines.last?.time ?? 0, line, match.happenings))
    }
    lines.removeAll { $0.time == 0 }
    let begin = try #require(lines.first { $0.text.contains("Stream ready event received") } ?? lines.first).time
    run.wallStart = begin - FakeRun.began - 0.05
    run.lines = lines.map { FakeRun.Line(at: max(0.2, $0.time - run.wallStart), text: $0.text, isPast: $0.time < begin) }
    var worker = RealMetrics()
    run.pages = [(0, worker.page)]
    for line in lines where line.time >= begin {
      for happening in line.happenings { worker.note(happening.kind) }
      run.pages.append((line.time - run.wallStart, worker.page))
    }
    run.seconds = (lines.last?.time ?? begin) - run.wallStart + 0.2
    return run
  }

  private static func standings(_ run: FakeRun, _ rules: [(String, RuleDocument)]) -> [String: Verdict] {
    var run = run
    run.expectations = rules.map { Expectation(id: $0.0, rule: $0.1) }
    return run.standings()
  }

  private static func expect(
    _ run: FakeRun, _ wanted: [(String, RuleDocument, Verdict.Standing, String)], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = standings(run, wanted.map { ($0.0, $0.1) })
    for (id, _, standing, words) in wanted {
      let verdict = found[id]
      #expect(
        verdict?.standing == standing && verdict?.reason.contains(words) == true,
        "\(id): \(verdict.map { "\($0.standing.word): \($0.reason)" } ?? "-")",
        sourceLocation: sourceLocation)
    }
  }

  @Test func `a normal run`() throws {
    var run = try Self.capture("normal")
    // The fixture once, to its end: after it the worker has nothing more to say.
    run.published = 1.2...61.2
    run.isPublishedOnce = true
    Self.expect(
      run,
      [
        ("sent", .events(EventPattern(.fragmentSent), .equals, 9), .met, "seen 9 times"),
        // Its counters appear with the first event: they rose from 0.
        ("sent-counter", .counter(.signal(.fragmentsSent), .equals, 9, isDelta: true), .met, "rose by 9"),
        // The contract has no such series; the log tells every fallback.
        ("no-fallback", .counter(.signal(.fragmentsFallback), .equals, 0, isDelta: true), .met, "seen 0 times"),
        ("accounted", .fragmentsAccounted, .met, "9 sent, 9 processed"),
        ("in-flight", .inflightLimit(3), .met, "limit 3"),
        // Two lines of level ERROR a segment are harmless, says the contract.
        ("quiet", .logsQuiet(above: .warning, allowed: [], services: []), .met, "18 above warning: 18 expected"),
        ("closed", .breakerStaysClosed, .met, "readings of its gauge"),
        ("sequence", .breakerSequence([.open]), .violated, "never changed by its gauge"),
        ("agrees", .breakerGaugeAgrees(withinSeconds: 2), .unobservable, "would be told at debug"),
        // Nobody read the stream.
        ("unbroken", .outputUnbroken, .unobservable, "only the worker says that 9 segments came out"),
        ("timeout", .counter(.signal(.fallbackTimeout), .equals, 0, isDelta: true), .met, "seen 0 times"),
        ("backoff", .backoff(attempts: 1), .unobservable, "no log line that always tells"),
      ])
  }

  @Test func `a lost speech service`() throws {
    var run = try Self.capture("reconnect")
    // As long as something went in.
    run.seconds = try #require(run.lines.last { $0.text.contains("segment emitted") }).at + 1
    Self.expect(
      run,
      [
        ("accounted", .fragmentsAccounted, .violated, "is lost"),
        ("quiet", .logsQuiet(above: .warning, allowed: [], services: []), .violated, "above warning"),
        ("backoff", .backoff(attempts: 3), .unobservable, "no log line that always tells"),
        // Segments that were never sent are no failures of the breaker.
        ("opens", .breakerOpens(failures: 5), .violated, "never opened, by its gauge; the most failures in a row were 0"),
      ])
  }

  @Test func `a pause`() throws {
    var run = try Self.capture("backpressure")
    let unbroken: [(String, RuleDocument)] = [("unbroken", .outputUnbroken)]
    #expect(Self.standings(run, unbroken)["unbroken"]?.standing == .unobservable)
    Self.expect(run, [("pause-holds", .pauseHolds, .met, "1 pause")])
    // The stream was read, and broke off in the middle of the run.
    run.published = 1.2...(run.seconds + 1)
    run.output = 12...(run.seconds + 1)
    run.outages = [20...(run.seconds - 1)]
    #expect(Self.standings(run, unbroken)["unbroken"]?.standing == .violated)
  }

  /// Segments of another length are what the worker says of them.
  @Test func `the branch with segments of 30 s`() throws {
    let run = try Self.capture("branch-30s")
    let found = Self.standings(run, [("accounted", .fragmentsAccounted), ("sent", .events(EventPattern(.fragmentSent), .atLeast, 2))])
    #expect(found["sent"]?.standing == .met, "\(found["sent"]?.reason ?? "")")
    #expect(found["accounted"]?.standing != .violated || found["accounted"]?.reason.contains("is lost") == true)
  }

  /// The breaker of the real service: no line tells of it, the gauge does; half-open for two seconds.
  @Test func `a breaker that only its gauge tells`() throws {
    var run = FakeRun()
    run.contract = try #require(BuiltInContracts.all.first { $0.name == "media-service" })
    run.services = [.mediaService]
    var worker = RealMetrics()
    run.pages = [(0, worker.page)]
    func stamp(_ at: Double) -> String { RealMetrics.stamp(run.wallStart + at) }
    func say(_ at: Double, _ logger: String, _ level: String, _ text: String) {
      run.lines.append(FakeRun.Line(at: at, text: "\(stamp(at)) - media_service.\(logger) - \(level) - \(text)"))
    }
    for index in 0..<14 {
      let at = 7.2 + 6 * Double(index)
      let id = "aaaaaaaa-0000-4000-8000-0000000000\(index + 10)"
      say(at - 0.1, "buffer.segment_buffer", "INFO", "Audio segment emitted: batch=\(index), duration=6.02s, buffers=282")
      if (6...10).contains(index) {
        say(at, "sts.circuit_breaker", "INFO", "Circuit open: using fallback for segment \(id)")
        say(at + 0.01, "worker.worker_runner", "INFO", "Using fallback for segment \(index)")
        continue
      }
      if index == 11 { worker.breaker = 1 }
      say(at, "sts.socketio_client", "INFO", "Fragment sent: id=\(id), seq=\(index), duration=6015ms")
      worker.note(.fragment(FragmentHappening(stage: .sent, fragmentID: id)))
      run.pages.append((at, worker.page))
      let isGood = !(1...5).contains(index)
      say(
        at + 1.2, "sts.socketio_client", "INFO",
        "Fragment processed: id=\(id), status=\(isGood ? "success" : "failed"), processing_time=0ms")
      if !isGood { say(at + 1.21, "worker.worker_runner", "INFO", "Using fallback for segment \(index)") }
      worker.note(.fragment(FragmentHappening(stage: isGood ? .processed : .failed, fragmentID: id)))
      if index == 5 { worker.breaker = 2 }
      if index == 11 { worker.breaker = 1 }
      run.pages.append((at + 1.25, worker.page))
      if index == 11 {
        worker.breaker = 0
        run.pages.append((at + 2.5, worker.page))
      }
    }
    run.seconds = 92
    Self.expect(
      run,
      [
        ("sequence", .breakerSequence([.open, .halfOpen, .closed]), .met, "by its gauge"),
        ("cooldown", .breakerCooldown, .met, "by its gauge"),
        ("opens", .breakerOpens(failures: 5), .unobservable, "carry no code"),
        ("agrees", .breakerGaugeAgrees(withinSeconds: 2), .unobservable, "would be told at debug"),
        ("while-open", .fallbackWhileOpen, .met, "fallbacks in"),
        ("only-open", .fallbackOnlyWhileOpen, .met, "each while the breaker was open"),
        ("closed", .breakerStaysClosed, .violated, "the gauge read 2 (open)"),
        ("failures", .events(EventPattern(.fragmentFailed, detail: "TIMEOUT"), .equals, 5), .unobservable, "carry no word"),
        ("accounted", .fragmentsAccounted, .met, "fallen back"),
      ])
    // Seen in no reading, the half-open state is not known: neither that it was, nor that it was not.
    run.pages = run.pages.filter { !$0.text.contains("circuit_breaker_state{stream_id=\"test\"} 1.0") }
    Self.expect(run, [("sequence", .breakerSequence([.open, .halfOpen, .closed]), .unobservable, "is not known")])
  }
}

/// The page of the real worker: no series before its first event, labels everywhere, the breaker's values the other way round.
struct RealMetrics {
  private var counts: [String: Int] = [:]
  private var inflight = 0
  private var isReady = false
  var breaker = 0

  mutating func note(_ kind: Happening.Kind) {
    isReady = true
    if case .segment(let segment) = kind, segment.direction == .input { counts[segment.track ?? "audio", default: 0] += 1 }
    guard case .fragment(let fragment) = kind else { return }
    switch fragment.stage {
    case .sent:
      counts["sent", default: 0] += 1
      inflight += 1
    case .processed, .failed:
      counts[fragment.stage == .processed ? "success" : "failed", default: 0] += 1
      inflight = max(0, inflight - 1)
    case .timedOut: inflight = max(0, inflight - 1)
    case .acknowledged, .fallback, .unsent: break
    }
  }

  var page: String {
    let prefix = "media_service_worker_"
    var text = "# TYPE \(prefix)info_info gauge\n\(prefix)info_info{version=\"1\"} 1.0\n"
    text += "# TYPE \(prefix)sts_fragments_processed_total counter\n# TYPE \(prefix)circuit_breaker_fallbacks_total counter\n"
    guard isReady else { return text }
    if let sent = counts["sent"] { text += "\(prefix)sts_fragments_sent_total{stream_id=\"test\"} \(sent).0\n" }
    for status in ["success", "failed"] {
      if let count = counts[status] {
        text += "\(prefix)sts_fragments_processed_total{stream_id=\"test\",status=\"\(status)\"} \(count).0\n"
      }
    }
    for track in ["audio", "video"] {
      if let count = counts[track] { text += "\(prefix)segments_processed_total{stream_id=\"test\",type=\"\(track)\"} \(count).0\n" }
    }
    text += "\(prefix)sts_inflight_fragments{stream_id=\"test\"} \(inflight).0\n"
    return text + "\(prefix)circuit_breaker_state{stream_id=\"test\"} \(breaker).0\n"
  }

  /// "2025-12-31 00:00:07,200".
  static func stamp(_ epoch: Double) -> String {
    let milliseconds = Int((epoch * 1000).rounded())
    let time = CivilTime(epochSeconds: milliseconds / 1000)
    let fraction = String(1000 + milliseconds % 1000).dropFirst()
    return "\(time.date) \(time.time),\(fraction)"
  }
}
