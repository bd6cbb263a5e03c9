import Events
import Judging
import PrometheusText
import RunModel

/// Builds the events of a scripted run, numbered and timed.
struct Script {
  private(set) var events: [EventEnvelope] = []
  private var parser = ExpositionParser()
  /// The wall clock at the run's beginning: 2025-12-31 12:00:00 UTC.
  static let start = 1_767_182_400.0

  mutating func add(_ seconds: Double, _ source: SourceID, _ event: RunEvent) {
    events.append(
      EventEnvelope(
        sequence: UInt64(events.count), instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: Self.start + seconds),
        source: source, event: event))
  }

  mutating func told(_ seconds: Double, _ kind: Happening.Kind, by service: ServiceName = .mediaService) {
    add(seconds, SourceID(.log, service), .happening(Happening(kind, service: service, provenance: .observed)))
  }

  mutating func own(_ seconds: Double, _ kind: Happening.Kind) {
    add(seconds, .harness, .happening(Happening(kind, service: "dubwatch", provenance: .own)))
  }

  mutating func tick(_ seconds: Double) { add(seconds, .harness, .tick) }

  mutating func reading(_ source: SourceID, every seconds: Double = 1) {
    add(0, source, .sourceStatus(SourceStatus(standing: .reading, target: "http://localhost", intervalSeconds: seconds)))
  }

  mutating func healthy(_ seconds: Double, _ service: ServiceName, _ milliseconds: Double = 3) {
    health(seconds, service, .healthy(status: 200, word: "ok", excerpt: "{\"status\":\"ok\"}"), milliseconds)
  }

  mutating func health(_ seconds: Double, _ service: ServiceName, _ outcome: HealthOutcome, _ milliseconds: Double = 3) {
    let sample = HealthSample(service: service, outcome: outcome, latencyMilliseconds: milliseconds, url: "http://localhost/health")
    add(seconds, SourceID(.health, service), .sample(.health(sample)))
  }

  mutating func metrics(
    _ seconds: Double, _ signals: [SignalID: SignalValue], text: String, of service: ServiceName = .mediaService,
    streams: [StreamSignals] = []
  ) {
    guard let scrape = try? parser.parse(text, format: .text) else { return }
    var sample = MetricsSample(
      service: service, scrape: scrape, signals: signals, latencyMilliseconds: 2, byteCount: text.utf8.count)
    sample.streams = streams
    sample.streamCount = max(1, streams.count)
    add(seconds, SourceID(.metrics, service), .sample(.metrics(sample)))
  }

  mutating func paths(_ seconds: Double, bytes: UInt64, isReady: Bool = true) {
    let paths = ["live/test/in", "live/test/out"].map {
      MediaPath(name: $0, isReady: isReady, bytesReceived: bytes, bytesSent: bytes, readerCount: 1)
    }
    let sample = MediaPathsSample(service: .mediaServer, paths: paths, latencyMilliseconds: 2)
    add(seconds, SourceID(.mediaServer, .mediaServer), .sample(.mediaPaths(sample)))
  }

  func state() -> RunState { fold().state }

  /// The run after all of it, judged.
  func fold(_ limits: StateLimits = StateLimits(), looksBack: Bool = false) -> RunFold {
    var fold = RunFold(limits: limits, looksBack: looksBack)
    for event in events { fold.take(event) }
    return fold
  }
}
