import Events
import HarnessConfig
import MCAP
import PrometheusText
import Recording
import RunModel

/// Measures recordings: events a second into the file, bytes a sample, opening and seeking.
@main struct RecordingBench {
  static func main() async throws {
    try events(200_000)
    for series in [50, 1000] { try samples(series) }
    try await seeks(300_000)
  }

  private static func envelope(_ index: Int, _ seconds: Double, _ event: RunEvent, _ source: SourceID) -> EventEnvelope {
    EventEnvelope(
      sequence: UInt64(index), instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: 1_700_000_000 + seconds),
      source: source, event: event)
  }

  private static var description: RunEvent {
    .description(
      RunDescription(
        scenario: "bench", environment: "bench", contract: BuiltInContracts.spec018, contractReason: "asked for",
        services: [.mediaServer, .mediaService, .speechService], startedAt: WallTime(epochSeconds: 1_700_000_000)))
  }

  /// Of five events three are log lines, one is a tick and one a happening.
  private static func mixed(_ index: Int, at seconds: Double) -> EventEnvelope {
    let log = SourceID(.log, .mediaService)
    switch index % 5 {
    case 0: return envelope(index, seconds, .tick, .harness)
    case 1:
      let fragment = FragmentHappening(stage: .sent, fragmentID: "f\(index)", sequenceNumber: index)
      return envelope(index, seconds, .happening(Happening(.fragment(fragment), service: .mediaService, provenance: .observed)), log)
    default:
      let line = LogLine(service: .mediaService, text: "fragment \(index) sent after \(index % 97) ms", level: .info, isMatched: true)
      return envelope(index, seconds, .logLines([line]), log)
    }
  }

  private static func recording(_ count: Int) throws -> (bytes: [UInt8], seconds: Double) {
    let events = (0..<count).map { $0 == 0 ? envelope(0, 0, description, .harness) : mixed($0, at: Double($0) / 100) }
    let clock = ContinuousClock()
    let began = clock.now
    var writer = RecordingWriter(RecordingHead())
    var bytes: [UInt8] = []
    for event in events {
      try writer.add(event)
      if writer.openBytes == 0 { bytes += writer.take() }
    }
    try writer.finish(isWhole: true)
    bytes += writer.take()
    return (bytes, (clock.now - began) / .seconds(1))
  }

  private static func events(_ count: Int) throws {
    let (bytes, seconds) = try recording(count)
    print("\(count) events: \(Int(Double(count) / seconds)) a second, \(bytes.count / count) bytes each")
  }

  /// Ten minutes of a scrape a second, of which a fifth of the values changes.
  private static func samples(_ series: Int) throws {
    var random = SystemRandomNumberGenerator()
    var values = (0..<series).map { Double($0 * 17) }
    var parser = ExpositionParser()
    var writer = RecordingWriter(RecordingHead())
    try writer.add(envelope(0, 0, description, .harness))
    try writer.flush()
    let head = writer.take().count
    var size = 0
    for second in 1...600 {
      for index in values.indices where Int.random(in: 0..<5, using: &random) == 0 {
        values[index] += index % 3 == 0 ? Double.random(in: 0..<1, using: &random) : Double(Int.random(in: 1..<20, using: &random))
      }
      let text = values.enumerated().map { "worker_series_\($0 / 10)_total{stream=\"s\($0)\"} \($1)\n" }.joined()
      let scrape = try parser.parse("# TYPE worker counter\n" + text, format: .text)
      let sample = MetricsSample(
        service: .mediaService, scrape: scrape, signals: [:], latencyMilliseconds: Double.random(in: 1..<4, using: &random),
        byteCount: text.utf8.count)
      try writer.add(envelope(second, Double(second), .sample(.metrics(sample)), SourceID(.metrics, .mediaService)))
      try writer.flush()
      size += writer.take().count
    }
    try writer.finish(isWhole: true)
    size += writer.take().count
    print(
      "\(series) series, 600 scrapes, a chunk each: \(two(Double(size) / Double(600 * series))) bytes a sample (beside \(head) for the run)"
    )
  }

  private static func seeks(_ count: Int) async throws {
    let (bytes, _) = try recording(count)
    let clock = ContinuousClock()
    var began = clock.now
    let history = try RecordedHistory(MCAPBytes(bytes))
    try await history.readAll()
    print("\(count) events: read and folded in \(two((clock.now - began) / .milliseconds(1))) ms")
    var times: [Double] = []
    for _ in 0..<200 {
      let instant = RunInstant(seconds: Double.random(in: 0..<Double(count) / 100))
      began = clock.now
      _ = try await history.state(at: instant)
      times.append((clock.now - began) / .milliseconds(1))
    }
    times.sort()
    print("seek: p50 \(two(times[100])) ms, p99 \(two(times[198])) ms")
  }

  private static func two(_ value: Double) -> String { String(Double(Int(value * 100)) / 100) }
}
