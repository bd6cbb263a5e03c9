import Contracts
import Events
import Judging
import PrometheusText
import RunModel

/// Builds the events of a scripted run, numbered and timed.
struct Script {
  private(set) var events: [EventEnvelope] = []
  private var sequence: UInt64 = 0
  /// The wall clock at the run's beginning.
  static let start = 1_767_139_200.0

  /// Adds an event at so many seconds.
  mutating func add(_ seconds: Double, _ source: SourceID, _ event: RunEvent) {
    events.append(
      EventEnvelope(
        sequence: sequence, instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: Self.start + seconds), source: source,
        event: event))
    sequence += 1
  }

  /// Adds a happening that a log line of the worker told.
  mutating func told(
    _ seconds: Double, _ kind: Happening.Kind, reportedAt: Double? = nil, isPast: Bool = false, by service: ServiceName = .mediaService
  ) {
    let reported = reportedAt.map { WallTime(epochSeconds: Self.start + $0) }
    var happening = Happening(kind, service: service, provenance: .observed, reportedAt: reported)
    happening.isPast = isPast
    add(seconds, SourceID(.log, service), .happening(happening))
  }

  /// Puts an event of another script in between; numbers are not made new.
  mutating func insert(_ event: EventEnvelope, at index: Int) { events.insert(event, at: index) }

  mutating func tick(_ seconds: Double) { add(seconds, .harness, .tick) }

  /// The state after all of it.
  func state(_ limits: StateLimits = StateLimits()) -> RunState {
    var fold = RunFold(limits: limits)
    for event in events { fold.take(event) }
    return fold.state
  }
}

extension Script {
  /// Adds a scrape of the worker that shows these signals.
  mutating func signals(
    _ seconds: Double, _ signals: [SignalID: SignalValue], resets: [SignalID] = [], summed: [SignalID: Int] = [:],
    of service: ServiceName = .mediaService, streams: [StreamSignals] = [], isSameProcess: Bool = false
  ) {
    var parser = ExpositionParser()
    guard let scrape = try? parser.parse("up 1\n", format: .text) else { return }
    var sample = MetricsSample(
      service: service, scrape: scrape, signals: signals, summed: summed, latencyMilliseconds: 1, byteCount: 5, resetSignals: resets,
      restartEvidence: resets.isEmpty || isSameProcess ? nil : "a counter fell")
    sample.streams = streams
    sample.streamCount = max(1, streams.count)
    add(seconds, SourceID(.metrics, service), .sample(.metrics(sample)))
  }

  mutating func describe(_ contract: Contract) {
    add(
      0, .harness,
      .description(
        RunDescription(
          scenario: "test", environment: "embedded", contract: contract, contractReason: "asked for",
          services: [.mediaServer, .mediaService, .speechService], startedAt: WallTime(epochSeconds: Self.start))))
  }
}

extension Script {
  /// Adds a health check of a service.
  mutating func health(_ seconds: Double, _ service: ServiceName, _ outcome: HealthOutcome) {
    let sample = HealthSample(service: service, outcome: outcome, latencyMilliseconds: 3, url: "http://localhost/health")
    add(seconds, SourceID(.health, service), .sample(.health(sample)))
  }
}
