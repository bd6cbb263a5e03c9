import Contracts
import Events
import HarnessConfig
import Judging
import RunModel
import Testing

/// A run whose contract turns out to be another one is judged as if that one had been known from the start: what the first one read does not
/// stand, what is read again counts once, and what no contract reads is kept.
@Suite struct OtherContractTests {
  /// Reads the same lines and series, each as something else.
  static let lookAlike: Contract = {
    var contract = BuiltInContracts.spec018
    contract.name = "look-alike"
    let others = [
      "sts connected": "speech-disconnected", "sts disconnected": "speech-connected", "fragment sent": "fragment-failed",
      "worker starting": "service-exited", "stream ready": "reconnection-gave-up", "segment output": "segment-in",
    ]
    for index in contract.logTemplates.indices {
      contract.logTemplates[index].happening = others[contract.logTemplates[index].pattern] ?? contract.logTemplates[index].happening
    }
    contract.breakerEncoding = contract.breakerEncoding.map { row in
      var row = row
      row.value = (row.value + 1).truncatingRemainder(dividingBy: 3)
      return row
    }
    for index in contract.signals.indices where contract.signals[index].labels["status"] != nil {
      contract.signals[index].labels["status"] = contract.signals[index].labels["status"] == "sent" ? "fallback" : "sent"
    }
    return contract
  }()

  private static func run(_ name: String) throws -> FakeRun { try #require(Histories.all.first { $0.name == name }?.run) }

  /// What rests on numbers of the metrics before the change is not known; all else is as it was.
  static let unknown: [String: Set<String>] = [
    "clean": ["gauge-agrees", "sent-rises", "some-in-flight"], "breaker": ["gauge-agrees"], "reconnection": [], "backpressure": [],
    "gives-up": [],
  ]

  @Test(arguments: Histories.all.map(\.name)) func `a run in which all is well meets all by the contract that holds`(_ name: String) throws
  {
    var run = try Self.run(name)
    for until in [run.seconds / 4, run.seconds / 2, run.seconds - 2] {
      run.earlier = (Self.lookAlike, until)
      let state = run.play()
      #expect(state.description?.contract.name == "spec-018")
      for entry in state.verdict.entries where entry.verdict.standing != .met {
        #expect(
          entry.verdict.standing == .unobservable && Self.unknown[name]?.contains(entry.expectation.id) == true,
          "\(entry.expectation.id), changed at \(until): \(entry.verdict.standing) \(entry.verdict.reason)")
      }
    }
  }

  /// The first contract alone would have condemned it.
  @Test func `the look-alike tells another story`() throws {
    var run = try Self.run("clean")
    run.contract = Self.lookAlike
    #expect(run.play().verdict.outcome == .failed)
  }

  @Test func `what no contract reads is kept, and what is read again counts once`() throws {
    var run = try Self.run("clean")
    let whole = run.standings()
    run.earlier = (Self.lookAlike, 40)
    let changed = run.standings()
    for id in ["timestamps", "content", "pts-rise", "healthy", "published", "duration", "output", "output-unbroken", "sent-lines"] {
      #expect(changed[id]?.reason == whole[id]?.reason, "\(id)")
    }
    #expect(changed["output-unbroken"]?.reason.contains("10 segments out") == true, "\(String(describing: changed["output-unbroken"]))")
  }

  @Test func `what went wrong before the change stays wrong`() throws {
    var run = try Self.run("clean")
    run.earlier = (Self.lookAlike, 50)
    run.outages = [25...45]
    run.lines.append(
      FakeRun.Line(at: 20, text: FakeRun.line(20, "critical", "out of memory"), service: .speechService))
    let standings = run.standings()
    #expect(standings["output-unbroken"]?.standing == .violated, "\(String(describing: standings["output-unbroken"]))")
    #expect(standings["logs-quiet"]?.standing == .violated, "\(String(describing: standings["logs-quiet"]))")
    #expect(standings["logs-quiet"]?.evidence.contains { $0.text.contains("out of memory") } == true)
  }

  @Test func `a line that was loud before the scenario is none of it`() throws {
    var run = try Self.run("clean")
    run.earlier = (Self.lookAlike, 50)
    run.lines.append(FakeRun.Line(at: 0.7, text: FakeRun.line(0.7, "critical", "out of memory"), service: .speechService))
    #expect(run.standings()["logs-quiet"]?.standing == .met)
  }

  /// What is told once more occurred when it did, however long ago that is.
  @Test func `what is read again has its own times`() throws {
    var run = try Self.run("breaker")
    let whole = run.play()
    run.earlier = (Self.lookAlike, 80)
    let changed = run.play()
    func times(_ state: RunState) -> [Double] {
      state.rows.filter { $0.category == .breaker }.map { ($0.at.seconds * 1000).rounded() / 1000 }
    }
    #expect(times(changed) == times(whole) && changed.breaker.entries.count == whole.breaker.entries.count)
    #expect(changed.fragments.counts == whole.fragments.counts)
    #expect(!changed.findings.keys.contains { $0.hasPrefix("log-times") })
  }

  @Test func `a log in a form that only the first contract reads is no witness of the time before`() throws {
    var run = try Self.run("clean")
    run.earlier = (Self.lookAlike, 50)
    // Fewer lines than would make another log of it, and yet nobody knows what they told.
    for at in [20.0, 21] { run.lines.append(FakeRun.Line(at: at, text: "2026-01-01 something of which nothing is known \(at)")) }
    let verdict = run.standings()["no-fallback-lines"]
    #expect(verdict?.standing == .unobservable)
    #expect(verdict?.reason.contains("can be read by it") == true, "\(String(describing: verdict))")
  }
}
