import Events
import HarnessCore
import Testing
import WireFormats

@testable import EmbeddedPipeline

@Suite struct FleetServiceTests {
  @Test(arguments: [(200, 0.03, 0.01, 6, 2), (10, 0, 0, 0, 0), (7, 1, 0, 7, 0), (1000, 0.5, 0.5, 500, 250)])
  func `the shares of faults are spread over the workers`(workers: Int, failing: Double, silent: Double, fail: Int, mute: Int) {
    var configuration = FleetConfiguration()
    (configuration.workers, configuration.failing, configuration.silent) = (workers, failing, silent)
    let simulation = FleetSimulation(configuration: configuration, startedAt: WallTime(epochSeconds: 0))
    let parts = (0..<workers).map(simulation.part)
    #expect(parts.count { $0 == .failing } == fail)
    // Of those that fail none is silent as well.
    #expect(parts.count { $0 == .silent } >= mute)
  }

  @Test func `counters never fall, and a failing worker's breaker opens and tries again`() throws {
    var configuration = FleetConfiguration()
    configuration.failing = 1
    let simulation = FleetSimulation(configuration: configuration, startedAt: WallTime(epochSeconds: 0))
    let counted = [
      #"worker_audio_fragments_total{status="sent"}"#, #"worker_audio_fragments_total{status="fallback"}"#,
      #"worker_fallback_total{reason="error"}"#, #"worker_fallback_total{reason="circuit_open"}"#,
    ]
    var before: [String: Double] = [:]
    var states: [Double] = []
    for second in 0..<120 {
      let lines = simulation.page(3, seconds: Double(second), usage: ProcessUsage()).split(separator: "\n")
      func value(_ name: String) -> Double? { lines.first { $0.hasPrefix(name + " ") }.flatMap { Double($0.split(separator: " ")[1]) } }
      for name in counted {
        let now = try #require(value(name))
        #expect(now >= before[name] ?? 0, "\(name) at \(second) s")
        before[name] = now
      }
      let state = try #require(value("worker_sts_breaker_state"))
      if states.last != state { states.append(state) }
    }
    #expect(states == [0, 1, 2, 1, 2, 1])
  }

  @Test func `each worker has a page of its own, and the discovery names it`() async throws {
    var configuration = FleetConfiguration()
    configuration.workers = 3
    let service = FleetService(configuration: configuration, clock: ScaledClock(wallOrigin: WallTime(epochSeconds: 1_700_000_000)))
    let port = try await service.start()
    let fetcher = HTTPFetcher()
    let page = try await fetcher.get(FetchRequest(try TargetURL("http://127.0.0.1:\(port)/worker/3/metrics")))
    let none = try await fetcher.get(FetchRequest(try TargetURL("http://127.0.0.1:\(port)/worker/4/metrics")))
    await fetcher.shutdown()
    await service.stop()
    #expect(page.status == 200 && String(decoding: page.body, as: UTF8.self).contains("worker_sts_breaker_state 0.0"))
    #expect(none.status == 404)
    let groups = try #require(service.discovery(port: port).arrayValue)
    #expect(groups.count == 3 && groups[2]["labels"]?["__metrics_path__"]?.stringValue == "/worker/3/metrics")
    #expect(groups[2]["targets"]?[0]?.stringValue == "127.0.0.1:\(port)")
  }

  @Test(arguments: [("3%", 0.03), ("0.5", 0.5), ("0%", 0)])
  func `a share is read`(text: String, share: Double) throws {
    #expect(abs(try FleetConfiguration.share(text, of: "--failing") - share) < 1e-12)
  }

  @Test(arguments: ["-1%", "101%", "x", "", "nan"])
  func `what is no share is refused`(text: String) { #expect(throws: Problem.self) { try FleetConfiguration.share(text, of: "--failing") } }
}
