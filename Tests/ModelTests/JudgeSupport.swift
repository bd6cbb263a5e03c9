import Contracts
import Events
import Judging
import MediaSync
import PrometheusText
import RuleSupport
import RunModel
import SpeechProtocol

/// swift-testing has a type of this name, too.
typealias Expectation = RunModel.Expectation

/// A judged run in a script: what the worker's log, scrapes and the scenario itself tell.
struct Trial {
  var script = Script()

  /// A run of the data model's contract that is judged by one rule; the scenario begins at 1 s.
  init(_ rule: RuleDocument, by deadline: Double? = nil, optional: Bool = false, templates: [HappeningKind] = HappeningKind.ofLogs) {
    var contract = Contract(name: "trial", summary: "")
    contract.logTemplates = templates.map { LogTemplate(happening: $0.word, pattern: "line of \($0.word)") }
    let expectation = Expectation(id: "rule", rule: rule, deadlineSeconds: deadline, isOptional: optional)
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "trial", environment: "embedded", contract: contract, contractReason: "asked for",
          services: [.mediaService, .speechService], startedAt: WallTime(epochSeconds: Script.start), expectations: [expectation])))
    own(1, .began(name: "trial"))
  }

  mutating func own(_ at: Double, _ scenario: ScenarioHappening) {
    script.add(at, .harness, .happening(Happening(.scenario(scenario), service: "dubwatch", provenance: .own)))
  }

  /// The worker's log is read, whatever it says.
  mutating func heard(_ at: Double = 1.1, level: LogLevel = .info, _ text: String = "a line", by service: ServiceName = .mediaService) {
    script.add(at, SourceID(.log, service), .logLines([LogLine(service: service, text: text, level: level)]))
  }

  mutating func told(_ at: Double, _ kind: Happening.Kind) { script.told(at, kind) }

  mutating func fragment(
    _ at: Double, _ stage: FragmentHappening.Stage, _ sequence: Int, _ detail: String? = nil, id: String? = nil
  ) {
    script.told(at, .fragment(FragmentHappening(stage: stage, fragmentID: id, sequenceNumber: sequence, detail: detail)))
  }

  mutating func breaker(_ at: Double, _ state: BreakerState, failures: Int? = nil) {
    script.told(at, .breaker(BreakerTransition(state: state, failureCount: failures)))
  }

  mutating func pressure(_ at: Double, _ action: BackpressureAction, delay: Double? = nil) {
    script.told(at, .backpressure(BackpressureEvent(severity: .medium, action: action, recommendedDelayMilliseconds: delay)))
  }

  mutating func segment(_ at: Double, _ index: Int, _ direction: SegmentHappening.Direction = .output) {
    script.told(at, .segment(SegmentHappening(direction: direction, index: index)))
  }

  mutating func attempt(_ at: Double, _ number: Int, planned: Double? = nil, success: Bool = false) {
    script.told(at, .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: planned, success: success)))
  }

  mutating func stream(_ at: Double, _ happening: StreamHappening, of name: ServiceName = "live/test/out") {
    script.add(
      at, SourceID(.stream, name), .happening(Happening(.stream(happening), service: name, provenance: .observed)))
  }

  mutating func scrape(_ at: Double, _ signals: [SignalID: SignalValue]) { script.signals(at, signals) }

  mutating func scrape(_ at: Double, text: String) {
    var parser = ExpositionParser()
    guard let scrape = try? parser.parse(text, format: .text) else { return }
    let sample = MetricsSample(service: .mediaService, scrape: scrape, signals: [:], latencyMilliseconds: 1, byteCount: 5)
    script.add(at, SourceID(.metrics, .mediaService), .sample(.metrics(sample)))
  }

  /// The steps are over and everything was read.
  mutating func end(_ at: Double, lost: Int = 0) {
    if lost > 0 { script.told(at, .linesLost(LostLines(lines: lost))) }
    own(at, .completed(reason: "all is done"))
    own(at + 1, .closed)
  }

  var verdict: Verdict { script.state().verdict.entries.first?.verdict ?? .open }
  var standing: Verdict.Standing { verdict.standing }
}
