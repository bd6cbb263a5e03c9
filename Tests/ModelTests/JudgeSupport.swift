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
  init(
    _ rule: RuleDocument, by deadline: Double? = nil, optional: Bool = false, templates: [HappeningKind] = HappeningKind.ofLogs,
    began: Double = 1
  ) {
    self.init([Expectation(id: "rule", rule: rule, deadlineSeconds: deadline, isOptional: optional)], templates: templates, began: began)
  }

  /// The same, judged by several.
  init(_ expectations: [Expectation], templates: [HappeningKind] = HappeningKind.ofLogs, began: Double = 1) {
    var contract = Contract(name: "trial", summary: "")
    contract.logTemplates = templates.map { LogTemplate(happening: $0.word, pattern: "line of \($0.word)") }
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "trial", environment: "embedded", contract: contract, contractReason: "asked for",
          services: [.mediaService, .speechService], startedAt: WallTime(epochSeconds: Script.start), expectations: expectations)))
    own(began, .began(name: "trial"))
  }

  mutating func own(_ at: Double, _ scenario: ScenarioHappening) {
    script.add(at, .harness, .happening(Happening(.scenario(scenario), service: "dubwatch", provenance: .own)))
  }

  /// Since when the worker's log is read and understood: a line of it comes every few seconds, up to the end. Nil for never.
  var heardSince: Double?
  /// The level of these lines.
  var heardLevel = LogLevel.debug

  /// From now on the worker's log is read and understood, to the end; and it tells that something goes through.
  mutating func heard(_ at: Double = 1.1, level: LogLevel = .debug) {
    heardSince = at
    heardLevel = level
    told(at, .fragment(FragmentHappening(stage: .acknowledged, sequenceNumber: 0)))
  }

  /// One line of a service's log.
  mutating func line(_ at: Double, level: LogLevel? = .info, _ text: String = "a line", by service: ServiceName = .mediaService) {
    script.add(at, SourceID(.log, service), .logLines([LogLine(service: service, text: text, level: level)]))
  }

  mutating func told(_ at: Double, _ kind: Happening.Kind) { script.told(at, kind, reportedAt: at) }

  mutating func fragment(
    _ at: Double, _ stage: FragmentHappening.Stage, _ sequence: Int, _ detail: String? = nil, id: String? = nil
  ) {
    told(at, .fragment(FragmentHappening(stage: stage, fragmentID: id, sequenceNumber: sequence, detail: detail)))
  }

  mutating func breaker(_ at: Double, _ state: BreakerState, failures: Int? = nil) {
    told(at, .breaker(BreakerTransition(state: state, failureCount: failures)))
  }

  mutating func pressure(_ at: Double, _ action: BackpressureAction, delay: Double? = nil) {
    told(at, .backpressure(BackpressureEvent(severity: .medium, action: action, recommendedDelayMilliseconds: delay)))
  }

  mutating func segment(_ at: Double, _ index: Int, _ direction: SegmentHappening.Direction = .output) {
    told(at, .segment(SegmentHappening(direction: direction, index: index)))
  }

  mutating func attempt(_ at: Double, _ number: Int, planned: Double? = nil, success: Bool = false) {
    told(at, .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: planned, success: success)))
  }

  mutating func stream(_ at: Double, _ happening: StreamHappening, of name: ServiceName = "live/test/out") {
    script.add(
      at, SourceID(.stream, name), .happening(Happening(.stream(happening), service: name, provenance: .observed)))
  }

  /// A stream is read that nobody publishes yet.
  mutating func awaits(_ at: Double, _ name: ServiceName = "live/test/out") {
    let standing = SourceStatus.Standing.failing(reason: "404 Not Found", consecutiveFailures: 1, retryInSeconds: 1)
    script.add(at, SourceID(.stream, name), .sourceStatus(SourceStatus(standing: standing, target: name.text, intervalSeconds: 1)))
  }

  mutating func scrape(_ at: Double, _ signals: [SignalID: SignalValue]) { script.signals(at, signals) }

  mutating func scrape(_ at: Double, text: String) {
    var parser = ExpositionParser()
    guard let scrape = try? parser.parse(text, format: .text) else { return }
    let start = scrape.value(of: SeriesKey(name: "process_start_time_seconds"))
    let sample = MetricsSample(
      service: .mediaService, scrape: scrape, signals: [:], latencyMilliseconds: 1, byteCount: 5,
      processStart: start.map { WallTime(epochSeconds: $0) })
    script.add(at, SourceID(.metrics, .mediaService), .sample(.metrics(sample)))
  }

  /// Something is published and comes out, second by second, until then.
  mutating func flow(from begin: Double = 1.2, to end: Double, output name: ServiceName = "live/test/out") {
    let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
    script.add(
      begin, SourceID(.publisher, "publisher"),
      .happening(Happening(.publisher(.started(target: "in")), service: "publisher", provenance: .own)))
    stream(begin, .opened(facts), of: name)
    for second in stride(from: begin + 1, through: end, by: 1) {
      let seconds = second - begin
      script.add(
        second, SourceID(.publisher, "publisher"), .sample(.publisher(PublisherSample(frames: UInt64(30 * seconds), mediaSeconds: seconds)))
      )
      script.add(
        second, SourceID(.stream, name),
        .sample(
          .stream(
            StreamSample(
              facts: facts, videoPackets: UInt64(30 * seconds), audioPackets: UInt64(47 * seconds), videoPTS: seconds, content: .found))))
    }
  }

  /// The steps are over and everything was read.
  mutating func end(_ at: Double, lost: Int = 0) {
    if lost > 0 { told(at, .linesLost(LostLines(lines: lost))) }
    own(at, .completed(reason: "all is done"))
    own(at + 1, .closed)
  }

  /// All of it in the order of its times, with the lines of the log that go without saying.
  var events: [EventEnvelope] {
    var all = script.events
    if let heardSince, let last = all.map(\.instant.seconds).max() {
      var lines = Script()
      for second in stride(from: heardSince, through: last, by: 4) {
        let line = LogLine(
          service: .mediaService, text: "a line", level: heardLevel, reportedAt: WallTime(epochSeconds: Script.start + second),
          isMatched: true)
        lines.add(second, SourceID(.log, .mediaService), .logLines([line]))
      }
      all += lines.events
    }
    let sorted = all.enumerated().sorted { ($0.element.instant, $0.offset) < ($1.element.instant, $1.offset) }
    return sorted.enumerated().map { number, item in
      let event = item.element
      return EventEnvelope(sequence: UInt64(number), instant: event.instant, wall: event.wall, source: event.source, event: event.event)
    }
  }

  var state: RunState {
    var fold = RunFold()
    for event in events { fold.take(event) }
    return fold.state
  }

  var verdict: Verdict { state.verdict.entries.first?.verdict ?? .open }
  var standing: Verdict.Standing { verdict.standing }
}
