import Contracts
import Events
import ProcessGuard
import RunModel
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

/// A contract that is found out may turn out to be another one: then everything is read once more by that one, and nothing counts twice.
@Suite struct ContractScoutTests {
  /// Both know the lines "linked" and "cut", with other meanings; each has a line and a series of its own.
  private static func contract(_ name: String, _ templates: [LogTemplate]) -> Contract {
    Contract(
      name: name, summary: "",
      signals: ["sent", "kept", "lost"].map {
        SignalBinding(signal: SignalID("\(name)_\($0)"), title: $0, series: "\(name)_\($0)_total", kind: .counter)
      }, logTemplates: templates, logFormat: .json, logTimeZone: "UTC")
  }
  private static let first = contract(
    "first",
    [
      LogTemplate(happening: "speech-connected", pattern: "linked"), LogTemplate(happening: "fragment-sent", pattern: "cut"),
      LogTemplate(happening: "expected", pattern: "only of first"),
    ])
  private static let second = contract(
    "second",
    [
      LogTemplate(happening: "speech-disconnected", pattern: "linked"), LogTemplate(happening: "fragment-timed-out", pattern: "cut"),
      LogTemplate(happening: "expected", pattern: "only of second"),
    ])

  private static func stage(_ contract: Contract) -> FragmentHappening.Stage { contract.name == "first" ? .sent : .timedOut }

  private static func line(_ number: Int, _ text: String) -> String {
    "{\"timestamp\":\(1_767_139_200 + number),\"level\":\"info\",\"msg\":\"\(text)\",\"sequence_number\":\(number),\"fragment_id\":\"f\(number)\"}\n"
  }

  /// The log says one contract, the metrics that come later the other one, in both directions.
  @Test(.timeLimit(.minutes(1)), arguments: [(first, second), (second, first)])
  func `what was read by the wrong contract is read again by the right one`(wrong: Contract, right: Contract) async throws {
    let isReady = Mutex(false)
    let server = try await ScriptedServer { _ in
      .http(
        isReady.withLock { $0 }
          ? ["sent", "kept", "lost"].map { "# TYPE \(right.name)_\($0) counter\n\(right.name)_\($0)_total 4\n" }.joined()
          : "# TYPE python_info gauge\npython_info 1\n")
    }
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("log", Self.line(0, "only of \(wrong.name)"))
    var plan = WatchPlan(interval: 0.02)
    try plan.add(MetricsPlan.self, server.url("/metrics"))
    try plan.add(LogFilePlan.self, "media-service=\(scratch.file("log"))")
    let clock = realClock()
    let collector = Collector()
    let history = RunHistory(clock: clock, taps: [collector])
    let fetcher = HTTPFetcher()
    let processGuard = ProcessGuard(executable: nil)
    let harness = Harness(
      driver: AttachDriver(plan.endpoints),
      options: HarnessOptions(contract: .auto([wrong, right]), tickSeconds: 0.1, costSeconds: 1), clock: clock, history: history,
      fetcher: fetcher, processGuard: processGuard)
    let run = Task { await harness.run() }
    func contracts() -> [String] {
      collector.events.compactMap { if case .description(let description) = $0 { description.contract.name } else { nil } }
    }
    #expect(await eventually { contracts().last == wrong.name })
    for number in 1...40 { try scratch.append("log", Self.line(number, number == 1 ? "linked" : "cut")) }
    #expect(await eventually { await history.state.fragments.counts == [Self.stage(wrong): 39] })
    isReady.withLock { $0 = true }
    // Lines go on to come while the contract changes.
    for number in 41...80 { try scratch.append("log", Self.line(number, "cut")) }
    #expect(await eventually { contracts().last == right.name })
    for number in 81...100 { try scratch.append("log", Self.line(number, "cut")) }
    #expect(await eventually { collector.lines.count == 101 })
    // As the right contract has it, each line once, and nothing of the wrong one.
    #expect(await eventually { await history.state.fragments.counts == [Self.stage(right): 99] })
    let state = await history.state
    func rows(_ contract: Contract) -> Int {
      state.rows.count { $0.text.hasPrefix(contract.name == "first" ? "sent " : "timed out ") }
    }
    #expect(rows(right) == 99 && rows(wrong) == 0)
    #expect(!state.rows.contains { $0.category == .fragment && $0.text.hasPrefix("no longer") })
    #expect(state.reconnection.episodes.isEmpty == (right.name == "first"))
    #expect(state.rows.contains { $0.text.contains("read again by contract \(right.name)") })
    #expect(state.description?.contractReason.contains("before, it looked like \(wrong.name)") == true)
    #expect(state.metrics.signals.keys.allSatisfy { $0.text.hasPrefix(right.name) })
    #expect(state.logs["media-service"]?.allSatisfy { $0.value.isMatched || $0.value.text.contains("only of") } == true)
    #expect(state.rows.map(\.serial) == state.rows.map(\.serial).sorted())
    run.cancel()
    await run.value
    await server.stop()
    await fetcher.shutdown()
    await processGuard.shutdown(grace: 0.2)
  }

  @Test func `a log that is read again says how much of it is left`() {
    var reader = LogReader(id: SourceID(.log, "media-service"), contract: Self.first, hostUTCOffsetSeconds: 0)
    let long = String(repeating: "x", count: 100_000)
    for number in 0..<200 { _ = reader.read([Self.line(number, "cut \(long)")]) }
    reader.use(Self.second)
    let events = reader.read([])
    guard case .happening(let happening)? = events.first, case .logReadAgain(let reading) = happening.kind else {
      Issue.record("\(String(describing: events.first))")
      return
    }
    #expect(reading.contract == "second" && reading.lines + reading.dropped == 200 && reading.dropped > 0)
    #expect(reading.lines * 100_000 <= LogReader.heldBytes && reading.lines * 100_000 > LogReader.heldBytes / 2)
    #expect(events.count == 1 + reading.lines)
    reader.settle()
    reader.use(Self.first)
    #expect(reader.read([]).count == 1, "nothing is kept once it is settled")
  }

  /// What is told late, as no contract was known, is told when its line was read.
  @Test func `what the first contract finds of lines that are no longer kept is said`() {
    var reader = LogReader(id: SourceID(.log, "media-service"), contract: nil, hostUTCOffsetSeconds: 0)
    let long = String(repeating: "x", count: 100_000)
    for number in 0..<200 {
      reader.now = WallTime(epochSeconds: Double(number))
      _ = reader.read([Self.line(number, "cut \(long)")])
    }
    let isReadAgain = reader.use(Self.first)
    #expect(!isReadAgain, "no contract told it before")
    let happenings = reader.read([]).compactMap { if case .happening(let happening) = $0 { happening } else { nil } }
    guard case .logReadAgain(let reading)? = happenings.first?.kind else {
      Issue.record("\(String(describing: happenings.first))")
      return
    }
    #expect(reading.isFirst == true && reading.dropped > 0 && reading.isNews)
    #expect(happenings.last?.readAt == WallTime(epochSeconds: 199) && happenings.last?.isPast == false)
  }

  /// A command or an engine prints what was in the log before it was followed; only a contract reads when it was written.
  @Test func `the past of a log is past also where it was read before a contract was known`() {
    var reader = LogReader(id: SourceID(.log, "media-service"), contract: nil, hostUTCOffsetSeconds: 0)
    let line = Self.line(1, "cut it")
    var matcher = LogMatcher(contract: Self.first, hostUTCOffsetSeconds: 0)
    guard let written = matcher.match(line, service: "media-service").line.reportedAt else {
      Issue.record("the line has no time")
      return
    }
    for (offset, isPast) in [(1.0, true), (-1.0, false)] {
      reader.past = .before(WallTime(epochSeconds: written.epochSeconds + offset))
      reader.use(nil)
      _ = reader.read([line])
      reader.use(Self.first)
      let happenings = reader.read([]).compactMap { if case .happening(let happening) = $0 { happening } else { nil } }
      #expect(happenings.last?.isPast == isPast, "\(happenings)")
      reader.settle()
      reader = LogReader(id: SourceID(.log, "media-service"), contract: nil, hostUTCOffsetSeconds: 0)
    }
  }

  @Test func `loud lines of the time without a contract are said with the first one`() {
    var reader = LogReader(id: SourceID(.log, "media-service"), contract: nil, hostUTCOffsetSeconds: 0)
    _ = reader.read([Self.line(1, "out of memory").replacing("info", with: "critical"), Self.line(2, "only of first")])
    reader.use(Self.first)
    guard case .happening(let happening)? = reader.read([]).first, case .logReadAgain(let reading) = happening.kind else {
      Issue.record("nothing was said")
      return
    }
    #expect(reading.found?.loud.map(\.level) == [.critical] && reading.found?.graded == 2 && !reading.isNews)
  }
}
