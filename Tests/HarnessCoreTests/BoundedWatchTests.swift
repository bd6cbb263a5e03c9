import Contracts
import Events
import Foundation
import MediaSync
import ProcessGuard
import PrometheusText
import RunModel
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

/// More than anybody can read: what waits is bounded, whatever comes, and of a file nothing is lost.
@Suite(.serialized, .timeLimit(.minutes(4))) struct BoundedWatchTests {
  /// A megabyte of log lines of 400 bytes, each with its number; one of 50 tells something.
  private static func megabyte(from first: Int) -> (bytes: [UInt8], lines: Int) {
    let prefix = "2026-01-01 12:00:00,123 - media_service.worker - INFO - line "
    let rest = " is a line that is longer than those of a service are" + String(repeating: ", and goes on", count: 23) + "\n"
    let lost = " Socket.IO disconnected" + rest.dropFirst(" Socket.IO disconnected".utf8.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1_000_400)
    var lines = 0
    while bytes.count < 1_000_000 {
      let number = first + lines
      bytes += (prefix + NumberText.padded(number, 8) + (number.isMultiple(of: 50) ? lost : rest)).utf8
      lines += 1
    }
    return (bytes, lines)
  }

  /// Whether everything arrives, once and in order.
  private final class Witness: EventTap {
    struct Seen {
      var arrivals: UInt64 = 0
      var lines = 0
      var disorder: [String] = []
      var batches = 0
      var longestBatch = 0
    }

    private let state = Mutex(Seen())
    var seen: Seen { state.withLock { $0 } }

    func record(_ envelope: EventEnvelope) {
      state.withLock { seen in
        guard envelope.number.part == 0 else { return }
        if envelope.sequence != seen.arrivals { seen.disorder.append("#\(envelope.sequence) instead of #\(seen.arrivals)") }
        seen.arrivals = envelope.sequence + 1
        guard case .logLines(let lines) = envelope.event else { return }
        seen.batches += 1
        seen.longestBatch = max(seen.longestBatch, lines.count)
        for line in lines {
          // Behind the prefix, which is of the same length in every line.
          let number = Int(String(decoding: line.text.utf8.dropFirst(61).prefix(8), as: UTF8.self))
          if number != seen.lines { seen.disorder.append("line \(number ?? -1) instead of \(seen.lines)") }
          seen.lines += 1
        }
      }
    }
  }

  @Test func `ten thousand series and fifty megabytes of log a second`() async throws {
    let text = (0..<10_000).map { "series_\($0 / 10){n=\"\($0 % 10)\"} \($0)\n" }.joined()
    let server = try await ScriptedServer { _ in .http(text) }
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log", "")
    var plan = WatchPlan(interval: 0.5)
    try plan.add(MetricsPlan.self, server.url("/metrics"))
    try plan.add(LogFilePlan.self, "worker=\(scratch.file("log"))")
    let clock = realClock()
    let limits = StateLimits(rows: 500, logLines: 1000)
    let witness = Witness()
    let history = RunHistory(clock: clock, limits: limits, taps: [witness])
    let fetcher = HTTPFetcher()
    let processGuard = ProcessGuard(executable: nil)
    let contract = Contract(
      name: "x", summary: "", logTemplates: [LogTemplate(happening: "speech-disconnected", pattern: "Socket.IO disconnected")],
      logFormat: .pythonLogging)
    let harness = Harness(
      driver: AttachDriver(plan.endpoints), options: HarnessOptions(contract: .fixed(contract, reason: "asked for")), clock: clock,
      history: history, fetcher: fetcher, processGuard: processGuard)
    // Somebody who reads nothing while all of it comes.
    let reader = await history.rowReader()
    let running = Task { await harness.run() }
    #expect(await eventually { await history.state.metrics.scrapes.values.first?.last.value.count == 10_000 })
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("log")))
    let began = ContinuousClock.now
    var meter = OwnCostMeter()
    var sizes: [UInt64] = []
    var written = 0
    for index in 0..<50 {
      let (bytes, lines) = Self.megabyte(from: written)
      try file.write(contentsOf: Data(bytes))
      written += lines
      if index % 5 == 4, let cost = meter.measure() { sizes.append(cost.residentBytes) }
      try? await clock.sleep(seconds: max(0, Double(index + 1) * 0.02 - (ContinuousClock.now - began) / .seconds(1)))
    }
    try file.close()
    // The file waits where it is, and is read to its end.
    let total = written
    #expect(await eventually(within: 150, every: .milliseconds(50)) { witness.seen.lines >= total })
    let seen = witness.seen
    #expect(seen.lines == written && seen.disorder.isEmpty, "\(seen.lines) of \(written): \(seen.disorder.prefix(5))")
    #expect(seen.longestBatch <= LogReader.batchLimit)
    if let cost = meter.measure() { sizes.append(cost.residentBytes) }
    let grown = Int64(sizes.last ?? 0) - Int64(sizes.first ?? 0)
    #expect(grown < 120_000_000, "\(sizes.map { $0 / 1_000_000 }) MB")

    // What is kept is as much as may be kept, and the latest.
    let state = await history.state
    #expect(state.lostLines == 0, "a file loses nothing")
    let kept = try #require(state.logs["worker"])
    #expect(kept.count == limits.logLines && kept.total == written)
    #expect(kept.reduce(0) { $0 + $1.value.text.utf8.count } <= limits.logBytes)
    #expect(kept.last?.value.text.contains(NumberText.padded(written - 1, 8)) == true)
    let told = (written + 49) / 50
    #expect(state.rows.count == limits.rows && state.rows.total >= told, "\(state.rows.total) rows of \(told) happenings")
    #expect(state.metrics.scrapes.count == 1)
    #expect(await eventually { await history.state.metrics.scrapes.values.first.map { $0.last.at > state.now } == true }, "it scrapes on")
    await harness.stop()
    await running.value
    // Who read nothing gets what waited, and how much went: together it is all.
    var (rows, skipped) = (0, 0)
    while let batch = await reader.nextRows() {
      rows += batch.rows.count
      skipped += batch.skipped
    }
    #expect(await rows + skipped == history.state.rows.total && rows <= RowQueue.limit)
    await fetcher.shutdown()
    await processGuard.shutdown(grace: 0.2)
  }
}
