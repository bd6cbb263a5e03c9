import PrometheusText
import Testing

@testable import Contracts
@testable import Events

@Suite struct ContractSignalTests {
  private func resolve(_ text: String, _ bindings: [SignalBinding]) throws -> [SignalID: SignalValue] {
    var parser = ExpositionParser()
    var resolver = SignalResolver(contract: Contract(name: "c", summary: "", signals: bindings))
    return resolver.resolve(try parser.parse(text, format: .text))
  }

  private func binding(
    _ labels: [String: String] = [:], kind: SignalBinding.Kind = .counter, _ aggregation: SignalBinding.Aggregation = .single,
    zero: Bool = false
  ) -> SignalBinding {
    SignalBinding(signal: "s", title: "s", series: "x_total", labels: labels, kind: kind, aggregation: aggregation, absentIsZero: zero)
  }

  @Test func `one series several or none`() throws {
    let text = "x_total{a=\"1\",b=\"1\"} 3\nx_total{a=\"2\",b=\"1\"} 4\ny 9\n"
    #expect(try resolve(text, [binding(["a": "1"])])["s"] == .number(3))
    #expect(try resolve(text, [binding(["b": "1"])])["s"] == .ambiguous(matches: 2))
    #expect(try resolve(text, [binding(["b": "1"], .sum)])["s"] == .number(7))
    #expect(try resolve(text, [binding(["a": "9"])])["s"] == nil)
    #expect(try resolve(text, [binding(["a": "9"], zero: true)])["s"] == .number(0))
    #expect(try resolve("y 9\n", [binding(zero: true)])["s"] == nil)
    #expect(try resolve("# TYPE x_total counter\n", [binding(zero: true)])["s"] == .number(0))
  }

  @Test func `streams of one endpoint are told apart by their label`() throws {
    let bindings = [
      binding([:], .sum), SignalBinding(signal: .breakerState, title: "b", series: "breaker", kind: .gauge),
    ]
    var parser = ExpositionParser()
    var resolver = SignalResolver(contract: Contract(name: "c", summary: "", signals: bindings))
    let text = "x_total{stream_id=\"a\",k=\"1\"} 3\nx_total{stream_id=\"a\",k=\"2\"} 4\nx_total{stream_id=\"b\"} 5\n"
    let two = try parser.parse(text + "breaker{stream_id=\"a\"} 0\nbreaker{stream_id=\"b\"} 1\n", format: .text)
    #expect(resolver.resolve(two) == ["s": .number(12), .breakerState: .ambiguous(matches: 2)])
    #expect(
      resolver.streams(of: two) == [
        StreamSignals(name: "a", signals: ["s": .number(7), .breakerState: .number(0)]),
        StreamSignals(name: "b", signals: ["s": .number(5), .breakerState: .number(1)]),
      ])
    // One stream is the worker's own, and series without the label are nobody's.
    let one = try parser.parse("x_total{stream_id=\"a\"} 3\nbreaker 0\n", format: .text)
    #expect(resolver.resolve(one)[.breakerState] == .number(0) && resolver.streams(of: one).isEmpty)
  }

  /// Of what could not be read neither an absence nor a sum tells anything.
  @Test func `a lost sample is not nought`() throws {
    let lost = "# TYPE x_total counter\nx_total{a=\"1\",b=1} 3\ny 9\n"
    #expect(try resolve(lost, [binding(zero: true)])["s"] == nil)
    #expect(try resolve(lost + "x_total{a=\"2\"} 4\n", [binding([:], .sum)])["s"] == nil)
    #expect(try resolve(lost + "x_total{a=\"2\"} 4\n", [binding(["a": "2"])])["s"] == .number(4))
    #expect(try resolve("# TYPE x_total counter\nz{b=1} 3\ny 9\n", [binding(zero: true)])["s"] == .number(0))
    let histogram = "# TYPE x_total histogram\nx_total_bucket{le=\"0,1\"} 1\nx_total_bucket{le=\"+Inf\"} 2\nx_total_count 2\n"
    #expect(try resolve(histogram, [binding(kind: .histogram)])["s"] == nil)
  }

  @Test func `histograms are assembled`() throws {
    let text = """
      # TYPE h histogram
      h_bucket{le="1.0"} 2
      h_bucket{le="+Inf"} 5
      h_bucket{le="0.5"} 1
      h_sum 7.5
      h_count 5

      """
    let histogram = SignalBinding(signal: "h", title: "h", series: "h", kind: .histogram)
    #expect(
      try resolve(text, [histogram])["h"]
        == .histogram(HistogramValue(upperBounds: [0.5, 1, .infinity], cumulativeCounts: [1, 2, 5], sum: 7.5, count: 5)))
    let two = "h_bucket{s=\"a\",le=\"+Inf\"} 2\nh_count{s=\"a\"} 2\nh_bucket{s=\"b\",le=\"+Inf\"} 3\nh_count{s=\"b\"} 3\n"
    #expect(try resolve(two, [histogram])["h"] == .ambiguous(matches: 2))
    var summed = histogram
    summed.aggregation = .sum
    #expect(
      try resolve(two, [summed])["h"]
        == .histogram(HistogramValue(upperBounds: [.infinity], cumulativeCounts: [5], sum: nil, count: 5)))
    #expect(try resolve("y 1\n", [histogram])["h"] == nil)
  }

  @Test func `plans follow the shape`() throws {
    var parser = ExpositionParser()
    var resolver = SignalResolver(contract: Contract(name: "c", summary: "", signals: [binding(["a": "1"])]))
    for (text, value) in [
      ("x_total{a=\"1\"} 1\n", 1.0), ("x_total{a=\"1\"} 2\n", 2), ("z 5\nx_total{a=\"1\"} 3\n", 3), ("x_total{a=\"1\"} 4\n", 4),
    ] {
      #expect(resolver.resolve(try parser.parse(text, format: .text))["s"] == .number(value))
    }
  }

  @Test func `a contract is detected by what endpoints expose`() {
    let one = Contract(
      name: "one", summary: "", endpoints: [Endpoint(service: "w", kind: .health, url: "http://w/", healthWord: "ok")],
      signals: [
        SignalBinding(signal: "s", title: "", series: "one_total", kind: .counter),
        SignalBinding(signal: "t", title: "", series: "both", kind: .gauge),
      ])
    var two = Contract(
      name: "two", summary: "", signals: [SignalBinding(signal: "s", title: "", series: "two", kind: .histogram), one.signals[1]])
    two.logTemplates = [LogTemplate(happening: "speech-connected", pattern: "sts connected")]
    var detector = ContractDetector(candidates: [one, two])
    #expect(
      detector.outcome == .undecided(likely: nil, missing: "no metrics endpoint has answered yet, and no log line of a contract was seen"))
    detector.observe(series: ["python_info", "both"], at: "http://w/metrics")
    #expect(
      detector.outcome
        == .undecided(likely: nil, missing: "http://w/metrics shows no series of a contract yet, and no log line of a contract was seen"))
    detector.observe(healthBody: #"{"status":"ok","x":1}"#, of: "w", at: "http://w/")
    #expect(
      detector.outcome
        == .undecided(likely: one, missing: "likely one, as http://w/ says \"ok\", but http://w/metrics shows no series of a contract yet"))
    detector.observe(logLine: #"{"msg":"STS connected"}"#, of: "w")
    #expect(
      detector.outcome == .decided(contract: two, reason: "two: the log of w has its lines, such as \"{\"msg\":\"STS connected\"}\""))
    detector.observe(series: ["one"], at: "http://w/metrics")
    #expect(detector.outcome == .decided(contract: one, reason: "one: one found at http://w/metrics"))
    detector.observe(series: ["two_bucket", "two_sum"], at: "http://v/metrics")
    #expect(
      detector.outcome
        == .decided(contract: two, reason: "two: two_bucket found at http://v/metrics (series of one were found too, but fewer)"))
  }

  /// It is there, and nobody can say how it stands.
  @Test(arguments: [
    ("closed=1", SignalValue.number(0)), ("closed=0,forced_open=1", .unclear("no word of the contract for forced_open")),
    ("closed=0,open=0", .unclear("no state is 1")), ("closed=1,open=1", .unclear("2 states are 1")),
  ]) func `a breaker of a series a state is read, or said not to be understood`(states: String, value: SignalValue) throws {
    var breaker = SignalBinding(signal: .breakerState, title: "b", series: "breaker", kind: .gauge)
    breaker.stateLabel = "state"
    let lines = states.split(separator: ",").map { state in
      let parts = state.split(separator: "=")
      return "breaker{state=\"\(parts[0])\"} \(parts[1])\n"
    }
    #expect(try resolve(lines.joined(), [breaker])[.breakerState] == value)
    #expect(try resolve("other 1\n", [breaker])[.breakerState] == nil)
  }

  @Test func `a sample that another contract read is renewed as a whole`() throws {
    var parser = ExpositionParser()
    let scrape = try parser.parse("x_total{stream_id=\"a\"} 3\nx_total{stream_id=\"b\"} 5\n", format: .text)
    var sample = MetricsSample(
      service: .mediaService, scrape: scrape, signals: ["old": .number(1)], summed: ["old": 4], latencyMilliseconds: 1, byteCount: 1,
      resetSignals: ["old"])
    sample.streams = [StreamSignals(name: "c", signals: [:])]
    sample.streamCount = 7
    var resolver = SignalResolver(contract: Contract(name: "c", summary: "", signals: [binding([:], .sum)]))
    resolver.renew(&sample)
    #expect(sample.signals == ["s": .number(8)] && sample.summed == ["s": 2] && sample.resetSignals.isEmpty)
    #expect(sample.streams.map(\.name) == ["a", "b"] && sample.streamCount == 2)
  }
}
