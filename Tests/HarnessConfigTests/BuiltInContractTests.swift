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
}
