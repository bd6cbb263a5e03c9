import Events
import HarnessConfig
import Judging
import PrometheusText
import RunModel

/// Measures the fold of a run: what one event costs, judged and looked back at, what a scrape costs a series; and the reading of logs
/// before it.
///
/// `FoldBench [events|scrapes|lines|logs]`: all of it, or one for a profile.
@main struct FoldBench {
  static func main() {
    let part = CommandLine.arguments.dropFirst().first
    if part ?? "events" == "events" { for name in ["watch", "circuit-breaker"] { events(name) } }
    if part ?? "scrapes" == "scrapes" { for series in [50, 1000, 10_000] { scrapes(series) } }
    if part ?? "lines" == "lines" { lines() }
    if part ?? "logs" == "logs" { LogBench.run() }
  }

  /// A run of a scenario's expectations, or of none.
  private static func fold(_ scenario: String) -> RunFold {
    let contract = BuiltInContracts.spec018
    let judged = BuiltInScenarios.all.first { $0.name == scenario }
    var fold = RunFold(looksBack: true)
    take(
      &fold, 0,
      .description(
        RunDescription(
          scenario: scenario, environment: "bench", contract: contract, contractReason: "asked for",
          services: [.mediaServer, .mediaService, .speechService], startedAt: WallTime(epochSeconds: 0),
          expectations: judged?.expectations ?? [])), .harness)
    take(
      &fold, 0.1, .happening(Happening(.scenario(.began(name: scenario)), service: "dubwatch", provenance: .own)), .harness)
    return fold
  }

  private static func take(_ fold: inout RunFold, _ seconds: Double, _ event: RunEvent, _ source: SourceID) {
    _ = fold.take(event, at: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: seconds), from: source)
  }

  /// One round of what a run says within a segment, without its scrapes.
  private static func round(_ index: Int) -> [(RunEvent, SourceID)] {
    var events: [(RunEvent, SourceID)] = []
    for service in [ServiceName.mediaServer, .mediaService, .speechService] {
      let health = HealthSample(
        service: service, outcome: .healthy(status: 200, word: "ok", excerpt: "{\"status\":\"ok\"}"), latencyMilliseconds: 2,
        url: "http://x")
      events.append((.sample(.health(health)), SourceID(.health, service)))
    }
    let log = SourceID(.log, .mediaService)
    for stage in [FragmentHappening.Stage.sent, .processed] {
      events.append((.logLines([LogLine(service: .mediaService, text: "fragment \(stage) \(index)", level: .info, isMatched: true)]), log))
      let fragment = FragmentHappening(stage: stage, fragmentID: "f\(index)", sequenceNumber: index)
      events.append((.happening(Happening(.fragment(fragment), service: .mediaService, provenance: .observed)), log))
    }
    let segment = SegmentHappening(direction: .output, index: index)
    events.append((.happening(Happening(.segment(segment), service: .mediaService, provenance: .observed)), log))
    let path = MediaPath(name: "live/test/in", isReady: true, bytesReceived: UInt64(index) * 1000)
    events.append(
      (
        .sample(.mediaPaths(MediaPathsSample(service: .mediaServer, paths: [path], latencyMilliseconds: 1))),
        SourceID(.mediaServer, .mediaServer)
      ))
    for _ in 0..<6 { events.append((.tick, .harness)) }
    return events
  }

  private static func events(_ scenario: String) {
    var fold = fold(scenario)
    var costs: [Double] = []
    let clock = ContinuousClock()
    for index in 0..<20_000 {
      let at = 1 + Double(index) * 0.5
      for (place, (event, source)) in round(index).enumerated() {
        let began = clock.now
        take(&fold, at + Double(place) * 0.01, event, source)
        costs.append(nanoseconds(clock.now - began))
      }
    }
    let kind = fold.state.verdict.isJudged ? "\(fold.state.verdict.entries.count) expectations" : "unjudged"
    print("fold \(scenario) (\(kind)): \(summary(costs)) ns an event, \(costs.count) events")
  }

  private static func scrapes(_ count: Int) {
    var fold = fold("circuit-breaker")
    var parser = ExpositionParser()
    var costs: [Double] = []
    let clock = ContinuousClock()
    // The samples are made before: what is measured is the fold alone, as it stands in a run of an hour.
    let samples = (0..<200).compactMap { index -> MetricsSample? in
      let text = (0..<count).map { "series_\($0 / 10){n=\"\($0 % 10)\"} \(index + $0)\n" }.joined()
      guard let scrape = try? parser.parse(text, format: .text) else { return nil }
      return MetricsSample(
        service: .mediaService, scrape: scrape, signals: [.fragmentsSent: .number(Double(index)), .breakerState: .number(0)],
        latencyMilliseconds: 1, byteCount: text.utf8.count)
    }
    for index in 0..<max(samples.count, 3600 * 50 / count) {
      let sample = samples[index % samples.count]
      let began = clock.now
      take(&fold, 1 + Double(index), .sample(.metrics(sample)), SourceID(.metrics, .mediaService))
      costs.append(nanoseconds(clock.now - began) / Double(count))
    }
    print("fold scrape of \(count) series: \(summary(costs)) ns a series")
  }

  private static func lines() {
    var fold = fold("circuit-breaker")
    let text =
      "2026-01-01 12:00:00,123 - media_service.worker - INFO - something that is about as long as log lines of services usually are"
    var costs: [Double] = []
    let clock = ContinuousClock()
    for index in 0..<4000 {
      let batch = (0..<256).map { LogLine(service: .mediaService, text: "\(text) \($0)", level: .info) }
      let began = clock.now
      take(&fold, 1 + Double(index) * 0.002, .logLines(batch), SourceID(.log, .mediaService))
      costs.append(nanoseconds(clock.now - began) / 256)
    }
    let median = costs.sorted()[costs.count / 2]
    print("fold log lines: \(summary(costs)) ns a line, \(Int(Double(text.utf8.count + 4) / median * 1000)) MB/s at the median")
  }

  static func nanoseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
  }

  static func summary(_ costs: [Double]) -> String {
    let sorted = costs.sorted()
    func at(_ share: Double) -> Int { Int(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))].rounded()) }
    return "median \(at(0.5)), p90 \(at(0.9)), p99 \(at(0.99)), max \(at(1))"
  }
}
