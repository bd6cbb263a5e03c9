import Events
import Foundation
import MediaSync
import PrometheusText
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct OwnMetricsTests {
  private func state(_ events: [RunEvent]) async -> RunState {
    let history = RunHistory(clock: realClock())
    for event in events { await history.emit(event, from: .harness) }
    return await history.state
  }

  private let events: [RunEvent] = [
    .sample(.ownCost(OwnCost(cpuPercent: 2.5, residentBytes: 50_000_000))),
    .happening(Happening(.finding(Finding(id: "metrics-empty", text: "x")), service: "media-service", provenance: .own)),
    .happening(Happening(.finding(Finding(id: "gone", text: "x")), service: "w", provenance: .own)),
    .happening(Happening(.finding(Finding(id: "gone", text: "x", holds: false)), service: "w", provenance: .own)),
    .sample(
      .health(
        HealthSample(
          service: "a\"b\n", outcome: .healthy(status: 200, word: nil, excerpt: ""), latencyMilliseconds: 1, url: ""))),
    .sample(.health(HealthSample(service: "c", outcome: .unclear(status: 200, word: "x", excerpt: ""), latencyMilliseconds: 1, url: ""))),
  ]

  @Test(arguments: [false, true])
  func `the page is read back by our own strict parser`(openMetrics: Bool) async throws {
    let run = await state(events)
    let text = OwnMetrics(run).text(openMetrics: openMetrics)
    var parser = ExpositionParser()
    let scrape = try parser.parse(text, format: openMetrics ? .openMetrics : .text)
    #expect(scrape.remarks.isEmpty, "\(scrape.remarks.sentence ?? "")")
    #expect(ExpositionLint.remarks(of: scrape).isEmpty)
    func value(_ name: String, _ labels: [SeriesLabel] = []) -> Double? { scrape.value(of: SeriesKey(name: name, labels: labels)) }
    // What is wrong now, as the screen lists it: the finding that holds, and the service of which nobody can say how it is.
    #expect(run.alarms.count == 2 && value("dubwatch_findings") == 2)
    for alarm in run.alarms { #expect(value("dubwatch_finding_active", [SeriesLabel(name: "finding", value: alarm.id)]) == 1) }
    #expect(value("dubwatch_own_cpu_ratio") == 0.025)
    #expect(value("dubwatch_own_memory_bytes") == 50_000_000)
    #expect(value("dubwatch_service_healthy", [SeriesLabel(name: "service", value: "a\"b\n")]) == 1)
    #expect(value("dubwatch_events_total") == 6)
  }

  @Test func `what is not known has no sample`() async {
    let text = OwnMetrics(await state(events)).text(openMetrics: false)
    for name in ["dubwatch_breaker_state", "dubwatch_content_offset_seconds", "dubwatch_dub_coverage_ratio", "dubwatch_expectations"] {
      #expect(text.contains("# TYPE \(name) gauge\n") && !text.contains("\n\(name)"))
    }
    #expect(!text.contains(#"service="c""#))
  }

  @Test func `what was known once is not told as of now`() {
    func add(_ run: inout RunState, _ seconds: Double, _ event: RunEvent, _ source: SourceID) {
      run.apply(
        EventEnvelope(
          sequence: UInt64(seconds * 10), instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: 1e9 + seconds),
          source: source,
          event: event))
    }
    var run = RunState()
    let health = HealthSample(service: "a", outcome: .healthy(status: 200, word: nil, excerpt: ""), latencyMilliseconds: 1, url: "")
    add(&run, 1, .sample(.health(health)), SourceID(.health, "a"))
    add(
      &run, 2, .happening(Happening(.stream(.opened(StreamFacts())), service: "out", provenance: .own)), SourceID(.stream, "out"))
    let offset = ContentOffset(segmentIndex: 0, offsetMilliseconds: 40, markCount: 5)
    add(&run, 3, .happening(Happening(.stream(.contentOffset(offset)), service: "out", provenance: .own)), SourceID(.stream, "out"))
    let fresh = OwnMetrics(run).text(openMetrics: false)
    #expect(
      fresh.contains("dubwatch_service_healthy{service=\"a\"} 1") && fresh.contains("dubwatch_content_offset_seconds{stream=\"out\"} 0.04"))
    add(&run, 60, .tick, .harness)
    let old = OwnMetrics(run).text(openMetrics: false)
    #expect(!old.contains("dubwatch_service_healthy{") && !old.contains("dubwatch_content_offset_seconds{"))
  }

  @Test func `promtool is silent on the text form`() async throws {
    let promtool = ["/usr/bin/promtool", Checkout.path(".prometheus/usr/bin/promtool")].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let promtool else { return skip("promtool check metrics", "no promtool: run make setup") }
    let scratch = try Scratch("metrics")
    try scratch.write("page.txt", OwnMetrics(await state(events)).text(openMetrics: false))
    let child = try ChildProgram(["/bin/sh", "-c", "\"$0\" check metrics < \"$1\"", promtool, scratch.file("page.txt")])
    let result = await child.result(within: 30)
    #expect(result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result)")
  }

  @Test func `it is served in the form that is asked for`() async throws {
    let server = OwnMetricsServer { RunState() }
    let port = try await server.start(try MetricsAddress(parsing: ":0"))
    let fetcher = HTTPFetcher()
    func get(_ path: String, _ accept: String?) async throws -> HTTPAnswer {
      try await fetcher.get(FetchRequest(try TargetURL("http://127.0.0.1:\(port)\(path)"), accept: accept))
    }
    let plain = try await get("/metrics", nil)
    let open = try await get("/metrics", "application/openmetrics-text;version=1.0.0,*/*")
    let none = try await get("/", nil)
    await fetcher.shutdown()
    await server.stop()
    #expect(plain.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(String(decoding: plain.body, as: UTF8.self).contains("dubwatch_findings 0\n"))
    #expect(open.contentType?.hasPrefix("application/openmetrics-text; version=1.0.0") == true)
    #expect(none.status == 404)
  }

  @Test(arguments: [(":9200", "127.0.0.1", 9200), ("0.0.0.0:1", "0.0.0.0", 1), ("[::1]:9", "::1", 9)])
  func `an address is read`(text: String, host: String, port: Int) throws {
    let address = try MetricsAddress(parsing: text)
    #expect(address.host == host && address.port == port)
  }

  @Test(arguments: ["", "9200", "a:b", "::1:9", ":70000"])
  func `what is no address is refused`(text: String) { #expect(throws: Problem.self) { try MetricsAddress(parsing: text) } }
}
