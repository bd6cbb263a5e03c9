import Contracts
import Events
import Judging
import MediaSync
import RuleSupport
import RunModel
import Testing

/// What was judged by a contract that turns out not to hold is judged again by the one that does.
@Suite struct OtherContractTests {
  private static func described(_ trial: inout Trial, _ at: Double, _ contract: String) {
    guard case .description(var description)? = trial.script.events.first?.event else { return }
    description.contract.name = contract
    trial.script.add(at, .harness, .description(description))
  }

  private static func trial(_ first: String, _ second: String?) -> Trial {
    var trial = Trial(.counter(.signal(.fragmentsSent), .atMost, 3, isDelta: false))
    described(&trial, 0.5, first)
    trial.scrape(2, [.fragmentsSent: .number(1)])
    trial.scrape(3, [.fragmentsSent: .number(9)])
    if let second {
      described(&trial, 4, second)
      for at in stride(from: 5.0, through: 19, by: 1) { trial.scrape(at, [.fragmentsSent: .number(2)]) }
    }
    return trial
  }

  @Test func `a verdict by a contract that does not hold is taken back`() {
    #expect(Self.trial("a", nil).standing == .violated)
    #expect(Self.trial("a", "b").standing == .pending)
    // The same contract, described once more, changes nothing.
    #expect(Self.trial("a", "a").standing == .violated)
  }

  @Test func `what metrics showed by it is not known, and it is said why`() {
    var trial = Self.trial("a", "b")
    trial.own(20, .completed(reason: "done"))
    trial.scrape(20.5, [.fragmentsSent: .number(2)])
    trial.own(21, .closed)
    #expect(trial.standing != .violated, "\(trial.verdict.reason)")
  }

  /// A decision that no contract had a part in stands, with its number.
  @Test func `what no contract read is not taken back`() throws {
    var trial = Trial([Expectation(id: "rise", rule: .presentationTimesRise), Expectation(id: "health", rule: .healthy([]))])
    for (at, pts) in [(2.0, 6.0), (3, 5)] {
      trial.stream(at, .alignment(SyncMeasurement(segmentIndex: Int(at), videoPTS: pts, audioPTS: pts), isScored: true))
    }
    trial.script.health(2, .speechService, .unhealthy(status: 500, excerpt: "down"))
    let before = trial.state.verdict.entries.map(\.verdict)
    #expect(before.map(\.standing) == [.violated, .violated])
    Self.described(&trial, 4, "b")
    trial.script.health(5, .speechService, .healthy(status: 200, word: "ok", excerpt: ""))
    #expect(trial.state.verdict.entries.map(\.verdict) == before)
  }

  /// What a log that is read again by the other contract is worth for the time before.
  struct Reading: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Nil where it is not read again.
    var reading: LogReading?
    let standing: Verdict.Standing
    var says = ""
  }

  private static func reading(dropped: Int = 0, _ change: (inout LogReading.Found) -> Void = { _ in }) -> LogReading {
    var found = LogReading.Found()
    found.lowestLevel = .debug
    found.graded = 9
    change(&found)
    return LogReading(contract: "b", lines: 9, dropped: dropped, found: found)
  }

  static let readings = [
    Reading(testDescription: "all of it", reading: reading(), standing: .met),
    Reading(testDescription: "a server's lines beside", reading: reading { $0.aside = 3 }, standing: .met),
    Reading(
      testDescription: "not all of it", reading: reading { $0.unreadable = 1 }, standing: .unobservable,
      says: "not all lines of the log of media-service that were read before contract b was found can be read by it"),
    Reading(
      testDescription: "the first lines are gone", reading: reading(dropped: 4), standing: .unobservable, says: "are no longer kept"),
    Reading(
      testDescription: "nobody looked", reading: LogReading(contract: "b", lines: 9, dropped: 0), standing: .unobservable,
      says: "can be read by it"),
    Reading(testDescription: "it is not read again", reading: nil, standing: .unobservable, says: "was not read again"),
  ]

  @Test(arguments: readings) func `that something never was needs all of the log`(_ item: Reading) {
    var trial = Trial(.events(EventPattern(.fragmentFallback), .atMost, 0))
    trial.heard()
    Self.described(&trial, 20, "b")
    if let reading = item.reading {
      let again = Happening(.logReadAgain(reading), service: .mediaService, provenance: .own)
      trial.script.add(20.1, SourceID(.log, .mediaService), .happening(again))
    }
    trial.fragment(21, .acknowledged, 1)
    trial.end(40)
    #expect(trial.standing == item.standing, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.contains(item.says), "\(trial.verdict.reason)")
  }

  @Test func `what was read by it leaves the state, and what was not stays`() {
    var script = Script()
    var description = RunDescription(
      scenario: nil, environment: "attached", contract: Contract(name: "a", summary: ""), contractReason: "", services: [.mediaService],
      startedAt: WallTime(epochSeconds: Script.start))
    script.add(0, .harness, .description(description))
    script.told(1, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 1)), reportedAt: 1)
    script.told(2, .finding(Finding(id: "log-line-not-json", text: "no JSON")), reportedAt: 2)
    script.told(2, .breaker(BreakerTransition(state: .open)), reportedAt: 2)
    script.told(2.5, .breaker(BreakerTransition(state: .open)), reportedAt: 2.5, by: "media-service-2")
    script.add(3, .harness, .happening(Happening(.mark("here"), service: "dubwatch", provenance: .own)))
    description.contract.name = "b"
    script.add(4, .harness, .description(description))
    let state = script.state()
    #expect(state.findings.isEmpty && state.fragments.counts.isEmpty && state.breaker.entries.isEmpty)
    #expect(state.workerLanes.count == 1 && state.alarms.isEmpty, "\(state.alarms.map(\.text))")
    #expect(state.rows.filter { [.fragment, .breaker, .finding].contains($0.category) }.isEmpty)
    #expect(state.rows.contains { $0.text == "here" } && state.marks.count == 1)
  }

  @Test func `a log of which nothing is read again is no row`() {
    var script = Script()
    for (at, lines) in [(1.0, 0), (2, 3)] {
      let reading = LogReading(contract: "b", lines: lines, dropped: 0, found: LogReading.Found())
      script.add(
        at, SourceID(.log, .mediaService),
        .happening(Happening(.logReadAgain(reading), service: .mediaService, provenance: .own)))
    }
    #expect(script.state().rows.map(\.text) == ["3 lines of the log are read again by contract b"])
  }

  @Test func `what is told once more occurred when its line was read or written`() throws {
    for (reported, read, at) in [(nil, 3.0, 3.0), (2.5, 3, 2.5), (-90, 3, 3)] as [(Double?, Double, Double)] {
      var script = Script()
      var happening = Happening(
        .speechDisconnected(reason: nil), service: .mediaService, provenance: .observed,
        reportedAt: reported.map { WallTime(epochSeconds: Script.start + $0) })
      happening.readAt = WallTime(epochSeconds: Script.start + read)
      script.add(60, SourceID(.log, .mediaService), .happening(happening))
      let row = try #require(script.state().rows.last)
      #expect(abs(row.at.seconds - at) < 0.001, "\(row.at)")
    }
  }

  /// What it asks for was told in time, by a line that the other contract reads.
  @Test func `a deadline that is over when the contract changes waits for what is told once more`() {
    var trial = Trial(.events(EventPattern(.fragmentSent), .atLeast, 1), by: 10)
    Self.described(&trial, 20, "b")
    trial.script.tick(20.05)
    var happening = Happening(
      .fragment(FragmentHappening(stage: .sent, sequenceNumber: 1)), service: .mediaService, provenance: .observed,
      reportedAt: WallTime(epochSeconds: Script.start + 5))
    happening.readAt = WallTime(epochSeconds: Script.start + 5.1)
    trial.script.add(20.1, SourceID(.log, .mediaService), .happening(happening))
    trial.script.tick(30)
    #expect(trial.standing == .met, "\(trial.verdict.reason)")
  }
}
