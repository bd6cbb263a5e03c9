import Contracts
import Events
import PrometheusText
import TestSupport
import Testing

@testable import HarnessConfig

@Suite struct BuiltInContractTests {
  @Test func `all load and are valid`() throws {
    #expect(try ContractLoader.parse(yaml: BuiltInContracts.files[0].yaml, file: "spec-018.yaml") == BuiltInContracts.spec018)
    #expect(try ContractLoader.parse(yaml: BuiltInContracts.files[1].yaml, file: "media-service.yaml") == BuiltInContracts.mediaService)
    #expect(BuiltInContracts.all.map(\.name).starts(with: ["spec-018", "media-service"]))
    #expect(BuiltInContracts.all.map(\.name) == BuiltInContracts.files.map(\.name), "none is left out")
    for contract in BuiltInContracts.all {
      #expect(contract.problems().isEmpty)
      #expect(LogMatcher(contract: contract, hostUTCOffsetSeconds: 0).mistakes.isEmpty)
      #expect(try ContractLoader.load(contract.name) == contract)
    }
  }

  @Test func `the encodings of the breaker differ`() {
    #expect([0, 1, 2].map { BuiltInContracts.spec018.breakerState(code: $0) } == [.closed, .open, .halfOpen])
    #expect([0, 1, 2].map { BuiltInContracts.mediaService.breakerState(code: $0) } == [.closed, .halfOpen, .open])
    #expect(BuiltInContracts.mediaService.breakerState(code: 3) == nil)
  }

  @Test func `the backoffs differ`() {
    #expect(BuiltInContracts.spec018.thresholds.backoff.delays == [2, 4, 8, 16, 32])
    #expect(BuiltInContracts.mediaService.thresholds.backoff.delays == [1, 2, 4, 8, 16])
    #expect(BuiltInContracts.mediaService.thresholds.backoff.jitterSeconds == 0.5)
    #expect(!BuiltInContracts.mediaService.thresholds.timeoutsCountAsFailures)
    #expect(BuiltInContracts.spec018.thresholds == Thresholds())
  }

  @Test func `every metric of the data model is bound`() {
    let series = Set(BuiltInContracts.spec018.signals.map(\.series))
    #expect(
      series == [
        "worker_audio_fragments_total", "worker_fallback_total", "worker_inflight_fragments", "worker_av_sync_delta_ms",
        "worker_sts_breaker_state", "worker_backpressure_events_total", "worker_reconnection_total",
      ])
  }

  @Test func `written and read back they are equal`() throws {
    for contract in BuiltInContracts.all {
      #expect(try ContractLoader.parse(yaml: ContractWriter.yaml(contract), file: "written.yaml") == contract)
    }
    let own = try ContractLoader.load(Checkout.fixture("contracts/extends.yaml"))
    #expect(try ContractLoader.parse(yaml: ContractWriter.yaml(own), file: "written.yaml") == own)
  }

  @Test func `anything written is read back`() throws {
    var seed = SplitMix(seed: 3)
    let pieces = [
      "a", " ", "\"", "\\", "\n", "\t", "#", ":", "- ", "é", "✅", "'", "{{", "}}", "true", "~", "1.5", "\u{85}", "\u{2028}", "\u{7f}", "*x",
      "&y", "%", "@",
    ]
    for _ in 0..<200 {
      func text() -> String {
        (0..<Int.random(in: 1...8, using: &seed)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &seed)] }.joined()
      }
      let contract = Contract(
        name: "x", summary: text(),
        signals: [
          SignalBinding(
            signal: SignalID("own" + text()), title: text(), series: "s", labels: ["l" + text(): text()], kind: .gauge, unit: text())
        ],
        logTemplates: [
          LogTemplate(happening: "finding", pattern: "abc" + text(), logger: text(), constants: ["id": text(), "text": text()])
        ],
        hiddenSuffixes: [text()], goodWords: ["w" + text(), "ok"])
      #expect(try ContractLoader.parse(yaml: ContractWriter.yaml(contract), file: "written.yaml") == contract)
    }
  }

  @Test(arguments: HappeningKind.ofLogs) func `a template of every kind is written and read back`(_ kind: HappeningKind) throws {
    let fields = try #require(kind.line).fields
    var template = LogTemplate(happening: kind.word, pattern: "a line that tells it", until: kind == .finding ? "session-opened" : nil)
    for field in fields {
      switch field.domain {
      case .text: template.constants[field.name] = "some text"
      case .integer: template.constants[field.name] = "3"
      case .number: template.constants[field.name] = "2.5"
      case .duration: template.constants[field.name] = "500ms"
      case .flag: template.constants[field.name] = "true"
      case .word(let words): template.constants[field.name] = words.first
      }
      template.fields[field.name] = "their_\(field.name)"
    }
    template.selection = ["breaker": "sts", "their": "true"]
    let keys = LogKeys(time: "zeit.um", message: "text")
    let contract = Contract(name: "x", summary: "every kind", logTemplates: [template], logKeys: keys)
    #expect(contract.problems().filter { $0.path.hasPrefix("log_templates") } == [])
    let yaml = ContractWriter.yaml(contract)
    #expect(yaml.contains("  - happening: \(kind.word)\n"))
    let again = try ContractLoader.parse(yaml: yaml, file: "written.yaml")
    #expect(again == contract)
    #expect(again.logTemplates.first.flatMap { HappeningKind.ofLogs($0.happening) } == kind)
  }

  @Test func `extending keeps what is not said`() throws {
    let base = BuiltInContracts.spec018
    let own = try ContractLoader.load(Checkout.fixture("contracts/extends.yaml"))
    #expect(own.name == "our-worker")
    #expect(own.signals.count == base.signals.count + 1)
    #expect(own.signals.first { $0.signal == .inflightFragments }?.series == "our_inflight")
    #expect(own.signals.last?.signal == "queue_length")
    #expect(own.logTemplates.count == base.logTemplates.count + 1)
    #expect(own.logTemplates.first?.until == "fragment-sent")
    #expect(own.endpoints.filter { $0.kind == .metrics }.map(\.url) == ["http://worker.example:9100/metrics"])
    #expect(own.endpoints.count == base.endpoints.count)
    #expect(own.thresholds.syncMilliseconds == 80)
    #expect(own.thresholds.backoff == base.thresholds.backoff)
    #expect(own.logTimeZone == "Europe/Berlin")
  }

  @Test func `auto detects them`() throws {
    var detector = ContractDetector(candidates: BuiltInContracts.all)
    let before = try Fixtures.scrape("media-service/metrics-before.txt")
    detector.observe(series: before.layout.series.map(\.name), at: "http://localhost:8080/metrics")
    guard case .undecided(likely: nil, _) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    detector.observe(healthBody: #"{"status":"ok"}"#, of: "media-service", at: "http://localhost:8080/health")
    guard case .undecided(let likely, _) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    #expect(likely == BuiltInContracts.mediaService)
    let during = try Fixtures.scrape("media-service/metrics-during.txt")
    detector.observe(series: during.layout.families.map(\.name) + during.layout.series.map(\.name), at: "http://localhost:8080/metrics")
    guard case .decided(let contract, let reason) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    #expect(contract == BuiltInContracts.mediaService)
    #expect(reason.hasPrefix("media-service: media_service_worker_"))
    #expect(reason.hasSuffix(" found at http://localhost:8080/metrics"))

    var other = ContractDetector(candidates: BuiltInContracts.all)
    other.observe(series: ["worker_audio_fragments_total"], at: "http://localhost:8000/metrics")
    #expect(
      other.outcome
        == .decided(
          contract: BuiltInContracts.spec018, reason: "spec-018: worker_audio_fragments_total found at http://localhost:8000/metrics"))
  }

  /// The branches of the media service share its series: their lines tell them apart.
  @Test(arguments: [
    ("normal", "media-service"), ("reconnect", "media-service"), ("branch-30s", "media-service-30s"),
    ("branch-024-vad", "media-service-vad"),
  ])
  func `auto tells the branches apart`(log: String, contract: String) throws {
    let lines = try Fixtures.lines("media-service/\(log).log")
    let during = try Fixtures.scrape("media-service/metrics-during.txt")
    // The metrics first, then the log, and the other way round.
    for isLogFirst in [true, false] {
      var detector = ContractDetector(candidates: BuiltInContracts.all)
      if !isLogFirst { detector.observe(series: during.layout.series.map(\.name), at: "http://w/metrics") }
      for line in lines { detector.observe(logLine: line, of: .mediaService) }
      if isLogFirst { detector.observe(series: during.layout.series.map(\.name), at: "http://w/metrics") }
      guard case .decided(let found, let reason) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
      #expect(found.name == contract, "\(reason)")
      #expect(!detector.isSettled)
    }
  }

  @Test func `a speech service beside a worker is no other contract`() throws {
    let speech = ["sts_fragment_processing_seconds_bucket", "sts_fragments_in_flight", "sts_sessions_active", "sts_fragment_errors_total"]
    var detector = ContractDetector(candidates: BuiltInContracts.all)
    detector.observe(series: speech, at: "http://sts/metrics")
    guard case .decided(let alone, _) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    #expect(alone.name == "sts-service" && !detector.isSettled)
    detector.observe(series: ["worker_sts_breaker_state"], at: "http://worker/metrics")
    guard case .decided(let beside, _) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    #expect(beside.name == "spec-018")
  }

  private static func told(_ log: String, _ contract: String) throws -> [String] {
    var matcher = LogMatcher(contract: try ContractLoader.load(contract), hostUTCOffsetSeconds: 0)
    matcher.reference = WallTime(epochSeconds: 1_795_708_800)
    return try Fixtures.lines("media-service/\(log).log").flatMap { line in
      matcher.match(line, service: .mediaService).happenings.map { $0.kind.row(syncMilliseconds: 120)?.sentence ?? "" }
    }
  }

  @Test func `the branches tell of their states`() throws {
    let vad = try Self.told("branch-024-vad", "media-service-vad")
    #expect(vad.contains { $0.hasPrefix("the output is buffering, 1 of ") })
    #expect(vad.contains { $0.hasPrefix("the output is primed with ") })
    #expect(vad.contains { $0.hasPrefix("audio is cut at silences below -50.0dB") })
    #expect(vad.contains { $0.hasSuffix("cut by max_duration") })
    #expect(vad.count { $0.hasPrefix("put out so far") } == 4)
    let long = try Self.told("branch-30s", "media-service-30s")
    #expect(long.contains("a stream begins, with segments of 30 s"), "\(long.prefix(5))")
    #expect(long.contains { $0.hasPrefix("the client library has 45 s") })
    #expect(long.contains { $0.hasPrefix("the client library did not reconnect") })
    #expect(long.contains("reconnected, the stream is opened anew"))
    #expect(try ContractLoader.load("media-service-30s").thresholds.backoff.delays == [2, 4, 8, 16, 32, 60, 60, 60, 60, 60])
  }

  /// Lines that reports of the branches tell of, and no sample shows as a whole.
  @Test func `a publisher that dies and a stream without audio are findings`() throws {
    for (line, id) in [
      ("2026-01-01 00:00:00,000 - media_service.pipeline.ffmpeg_output - WARNING - Restart attempt 2/3", "publisher-restarts"),
      ("2026-01-01 00:00:00,000 - media_service.worker.worker_runner - ERROR - Audio track required", "video-only"),
    ] {
      var matcher = LogMatcher(contract: try ContractLoader.load("media-service-30s"), hostUTCOffsetSeconds: 0)
      let kinds = matcher.match(line, service: .mediaService).happenings.map(\.kind)
      #expect(kinds.contains { if case .finding(let finding) = $0 { finding.id == id } else { false } }, "\(line)")
    }
  }

  @Test func `the template is a contract that reads what it speaks of`() throws {
    let contract = try ContractLoader.parse(yaml: BuiltInContracts.template, file: "template.yaml")
    let metrics = """
      # TYPE my_fragments_total counter
      my_fragments_total{state="sent"} 3
      # TYPE my_inflight gauge
      my_inflight 1
      # TYPE my_breaker_state gauge
      my_breaker_state 1
      # TYPE my_queue_depth gauge
      my_queue_depth 4

      """
    let lines = [
      #"{"timestamp":"2026-01-01T00:00:00Z","level":"info","msg":"fragment sent","seq":4}"#,
      #"{"timestamp":"2026-01-01T00:00:01Z","level":"warn","msg":"breaker state change","breaker":"sts","to":"open"}"#,
      #"{"timestamp":"2026-01-01T00:00:02Z","level":"error","msg":"queue full","depth":4}"#,
      #"{"timestamp":"2026-01-01T00:00:03Z","level":"error","msg":"retrying metrics export"}"#,
    ]
    var parser = ExpositionParser()
    let scrape = try parser.parse(metrics, format: .text)
    var check = ContractCheck(contract, scrape: scrape, others: BuiltInContracts.all)
    check.read(lines: lines, contract: contract, scrape: scrape, others: BuiltInContracts.all)
    #expect(check.isKept && check.unknownLineCount == 0, "\(check)")
    #expect(check.logRows.allSatisfy { $0.lines == 1 })
    #expect(contract.thresholds == Thresholds())
  }

  @Test func `signals are taken away, and limits may carry their unit`() throws {
    let yaml =
      "name: mine\nextends: media-service-30s\nwithout_signals: [errors, av_sync_corrections]\nthresholds: {segment_s: 500ms, breaker_cooldown_s: 1m}\n"
    let contract = try ContractLoader.parse(yaml: yaml, file: "mine.yaml")
    let base = try ContractLoader.load("media-service-30s")
    #expect(contract.signals.map(\.signal) == base.signals.map(\.signal).filter { $0 != .errors && $0 != .syncCorrections })
    #expect(contract.thresholds.segmentSeconds == 0.5 && contract.thresholds.breakerCooldownSeconds == 60)
  }

  /// Only what the winner's own worker says, and tells candidates apart by, settles the choice.
  @Test(arguments: [
    (ServiceName.speechService, "fragment sent", false), (.mediaService, "nothing that a contract knows", false),
    (.mediaService, "fragment sent", true),
  ]) func `a log settles a contract by lines of its worker that tell it from others`(service: ServiceName, text: String, isSettled: Bool) {
    var detector = ContractDetector(candidates: BuiltInContracts.all)
    let line = #"{"timestamp":1767139200,"level":"info","msg":"fragment sent","sequence_number":4,"fragment_id":"a"}"#
    detector.observe(logLine: line, of: .mediaService)
    guard case .decided(let contract, _) = detector.outcome else { Issue.record("\(detector.outcome)"); return }
    #expect(contract.name == "spec-018")
    let other = line.replacing("fragment sent", with: text)
    for _ in 0..<5000 { detector.observe(logLine: other, of: service) }
    #expect(detector.isSettled == isSettled)
  }
}
