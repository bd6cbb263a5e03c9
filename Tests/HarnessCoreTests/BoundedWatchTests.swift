import Contracts
import Events
import Foundation
import MediaSync
import ProcessGuard
import PrometheusText
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

/// More than anybody can read: what waits is bounded, whatever comes.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BoundedWatchTests {
  /// A megabyte of log lines.
  private static let megabyte: Data = {
    let line = #"2026-01-01 12:00:00,123 - media_service.worker - INFO - a line that is about as long as those of a service are"# + "\n"
    return Data(String(repeating: line, count: 1_000_000 / line.utf8.count).utf8)
  }()

  @Test func `ten thousand series and fifty megabytes of log a second`() async throws {
    let text = (0..<10_000).map { "series_\($0 / 10){n=\"\($0 % 10)\"} \($0)\n" }.joined()
    let server = try await ScriptedServer { _ in .http(text) }
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-bounded-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: log) }
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    var plan = WatchPlan(interval: 0.5)
    try plan.add(MetricsPlan.self, server.url("/metrics"))
    try plan.add(LogFilePlan.self, "worker=\(log.path)")
    let clock = realClock()
    let history = RunHistory(clock: clock)
    let fetcher = HTTPFetcher()
    let processGuard = ProcessGuard(executable: nil)
    let harness = Harness(
      driver: AttachDriver(plan.endpoints),
      options: HarnessOptions(contract: .fixed(Contract(name: "x", summary: ""), reason: "asked for")), clock: clock, history: history,
      fetcher: fetcher, processGuard: processGuard)
    let running = Task { await harness.run() }
    #expect(await eventually { await history.state.metrics.scrapes.values.first?.last.value.count == 10_000 })
    let file = try FileHandle(forWritingTo: log)
    let began = ContinuousClock.now
    var meter = OwnCostMeter()
    var sizes: [UInt64] = []
    for index in 0..<250 {
      try file.write(contentsOf: Self.megabyte)
      if index % 25 == 24, let cost = meter.measure() { sizes.append(cost.residentBytes) }
      try? await clock.sleep(seconds: max(0, Double(index + 1) * 0.02 - (ContinuousClock.now - began) / .seconds(1)))
    }
    try file.close()
    // The state keeps 15 minutes of what it may keep; the rest of the file waits where it is.
    let grown = Int64(sizes.last ?? 0) - Int64(sizes.first ?? 0)
    #expect(grown < 120_000_000, "\(sizes.map { $0 / 1_000_000 }) MB")
    let state = await history.state
    #expect(state.lostLines == 0, "a file loses nothing")
    #expect(state.logs["worker"].map { !$0.isEmpty && $0.count <= state.limits.logLines } == true)
    #expect(await eventually { await history.state.metrics.scrapes.values.first.map { $0.last.at > state.now } == true }, "it scrapes on")
    await harness.stop()
    await running.value
    await fetcher.shutdown()
    await processGuard.shutdown(grace: 0.2)
  }
}
