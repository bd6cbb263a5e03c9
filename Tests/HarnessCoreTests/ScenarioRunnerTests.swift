import Contracts
import Events
import Judging
import MediaSync
import ProcessGuard
import RuleSupport
import RunModel
import Synchronization
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct ScenarioRunnerTests {
  /// An environment that writes no log and answers nothing; a fault it knows makes the worker say something.
  final class StageDriver: EnvironmentDriver {
    let name = "stage"
    let ownsServices = true
    let failure: EnvironmentFailure?
    let stops = Mutex(0)
    let disconnects = Mutex(0)
    let published = Mutex<[PublishPlan]>([])
    private let sink = Mutex<(any EventSink)?>(nil)

    /// How long after it was done a fault is known to be done, in real seconds.
    let answersAfter: Double

    /// Whether it takes forever to start.
    let hangs: Bool
    /// Why nothing can be published; nil where it can.
    let deafness: EnvironmentFailure?

    init(failure: EnvironmentFailure? = nil, answersAfter: Double = 0, hangs: Bool = false, deafness: EnvironmentFailure? = nil) {
      self.hangs = hangs
      self.deafness = deafness
      self.failure = failure
      self.answersAfter = answersAfter
    }

    var faultMeans: [any FaultMeans] { [StageMeans(driver: self)] }

    func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
      if let failure { throw failure }
      if hangs { try? await Task.sleep(for: .seconds(3600)) }
      self.sink.withLock { $0 = sink }
      return EnvironmentEndpoints()
    }

    func disconnect() async {
      disconnects.withLock { $0 += 1 }
      let sink = sink.withLock { $0 }
      await sink?.emit(.logLines([LogLine(service: .mediaService, text: "lost")]), from: SourceID(.log, .mediaService))
      await sink?.emit(
        .happening(Happening(.speechDisconnected(reason: "fault"), service: .mediaService, provenance: .observed)),
        from: SourceID(.log, .mediaService))
      try? await Task.sleep(for: .seconds(answersAfter))
    }

    /// What goes in comes out.
    func publish(_ plan: PublishPlan, into sink: any EventSink) async throws(EnvironmentFailure) {
      if let deafness { throw deafness }
      published.withLock { $0.append(plan) }
      let publisher = SourceID(.publisher, "publisher")
      await sink.emit(.happening(Happening(.publisher(.started(target: "in")), service: "publisher", provenance: .own)), from: publisher)
      await sink.emit(.sample(.publisher(PublisherSample(frames: 30_000, mediaSeconds: 1000))), from: publisher)
      let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
      await sink.emit(
        .sample(.stream(StreamSample(facts: facts, videoPackets: 30_000, audioPackets: 47_000, content: .off))),
        from: SourceID(.stream, "live/test/out"))
    }
    func stop() async { stops.withLock { $0 += 1 } }
  }

  /// The stage's one fault is a disconnect.
  struct StageMeans: FaultMeans {
    let kind = FaultKind.Means.speech
    let driver: StageDriver

    func can(_ fault: Fault) async -> FaultAbility { fault.kind == .speechOutage ? .unable("not on this stage") : .able }

    func begin(_ fault: Fault, lease: Double?) async throws {
      guard fault.kind == .speechDisconnect else { throw FaultRefusal("the stage cannot do \(fault.kind.id)") }
      await driver.disconnect()
    }

    func end(_ fault: Fault) async throws {}
  }

  private static let lost = RunModel.Expectation(id: "lost", rule: .events(EventPattern(.speechDisconnected), .atLeast, 1))

  private static func scenario(_ steps: [ScenarioStep], limit: Double = 20, loop: Double = 0.5) -> Scenario {
    Scenario(
      name: "stage", sentence: "", publish: PublishPlan(length: .loop(seconds: loop)), steps: steps, expectations: [lost],
      timeLimitSeconds: limit, expectedSeconds: 1)
  }

  private func play(
    _ scenario: Scenario, on driver: StageDriver = StageDriver(), endsEarly: Bool = false, cancelAfter seconds: Double? = nil,
    meanwhile: (Harness) async -> Void = { _ in }
  ) async -> ScenarioResult {
    let clock = realClock(speed: 5)
    let runner = ScenarioRunner(scenario, clock: clock, endsEarly: endsEarly)
    let history = RunHistory(clock: clock, looksBack: false)
    let fetcher = HTTPFetcher()
    let processGuard = ProcessGuard(executable: nil)
    var contract = Contract(name: "stage", summary: "")
    contract.logTemplates = [LogTemplate(happening: "speech-disconnected", pattern: "lost")]
    var options = HarnessOptions(contract: .fixed(contract, reason: "asked for"))
    options.expectations = runner.expectations
    let harness = Harness(driver: driver, options: options, clock: clock, history: history, fetcher: fetcher, processGuard: processGuard)
    let running = Task { await harness.run() }
    let playing = Task { await runner.play(on: harness) }
    if let seconds {
      try? await Task.sleep(for: .seconds(seconds))
      playing.cancel()
    }
    await meanwhile(harness)
    let result = await playing.value
    await harness.stop()
    await running.value
    await fetcher.shutdown()
    await processGuard.shutdown(grace: 0.2)
    #expect(driver.stops.withLock { $0 } >= 1, "the environment was not stopped")
    return result
  }

  private func standings(_ result: ScenarioResult) -> [String: Verdict.Standing] {
    Dictionary(uniqueKeysWithValues: result.run.verdict.entries.map { ($0.expectation.id, $0.verdict.standing) })
  }

  /// What a fault causes counts, also when it is seen before the fault is known to be done.
  @Test(.timeLimit(.minutes(1)), arguments: [0, 0.3]) func `plays steps publishes and judges`(answersAfter: Double) async {
    let driver = StageDriver(answersAfter: answersAfter)
    let scenario = Self.scenario([
      ScenarioStep(.at(seconds: 0.2), .inject(FaultRequest("sts-disconnect"))),
      ScenarioStep(.when(.event(EventPattern(.speechDisconnected), count: 1), withinSeconds: 10), .mark("it is lost")),
    ])
    let result = await play(scenario, on: driver)
    #expect(result.end == .judged && result.hasPassed, "\(result.run.verdict.entries)")
    #expect(standings(result) == ["lost": .met, "steps": .met, "conditions": .met, "published": .met, "output-seen": .met])
    #expect(driver.published.withLock { $0 } == [scenario.publish])
    #expect(result.run.marks.map(\.value) == ["it is lost"])
    #expect(result.run.ended?.value == "passed: 5 met")
  }

  @Test(.timeLimit(.minutes(1))) func `a wait in vain ends the steps`() async {
    let never = ScenarioStep(.when(.breaker(.open), withinSeconds: 1))
    let result = await play(Self.scenario([never, ScenarioStep(.next, .mark("not reached"))]))
    #expect(result.end == .judged && !result.hasPassed)
    #expect(standings(result)["steps"] == .violated)
    #expect(result.run.marks.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["sts-outage", "worker-crash"]) func `a fault that cannot be done fails`(_ id: String) async {
    let result = await play(Self.scenario([ScenarioStep(.next, .inject(FaultRequest(id)))]))
    #expect(result.end == .judged && standings(result)["steps"] == .violated)
  }

  @Test(.timeLimit(.minutes(1))) func `the time limit is the end`() async {
    let long = ScenarioStep(.at(seconds: 2000))
    let result = await play(Self.scenario([long], limit: 1))
    #expect(result.end == .judged && standings(result)["lost"] == .unobservable && standings(result)["steps"] == .violated)
    // No log was read: that it was never lost is not known.
    #expect(result.run.verdict.entries.allSatisfy { $0.verdict.decidedAt != nil })
  }

  @Test(.timeLimit(.minutes(1))) func `the first violation ends a run that is to end early`() async {
    let scenario = Self.scenario(
      [ScenarioStep(.next, .inject(FaultRequest("worker-crash"))), ScenarioStep(.at(seconds: 2000))], limit: 3000)
    #expect(await play(scenario, endsEarly: true).end == .judged)
  }

  @Test(.timeLimit(.minutes(1))) func `without an environment nothing is judged`() async {
    let result = await play(Self.scenario([]), on: StageDriver(failure: EnvironmentFailure("port 1 is taken")))
    #expect(result.end == .environmentFailed(reason: "port 1 is taken"))
    #expect(!result.hasPassed)
    #expect(result.exitStatus == ExitStatus.unavailable)
  }

  /// What only the runner knows is in no recording of the run otherwise.
  @Test(.timeLimit(.minutes(1))) func `a stream that cannot be published is an event of the run`() async {
    let result = await play(Self.scenario([]), on: StageDriver(deafness: EnvironmentFailure("no ffmpeg")))
    #expect(result.end == .environmentFailed(reason: "the fixture could not be published: no ffmpeg"))
    #expect(result.run.environmentFailure == "the fixture could not be published: no ffmpeg")
    #expect(result.exitStatus == ExitStatus.unavailable)
  }

  @Test(.timeLimit(.minutes(1))) func `cancelled it is no verdict`() async {
    let result = await play(Self.scenario([ScenarioStep(.at(seconds: 2000))], limit: 3000), cancelAfter: 0.3)
    #expect(result.end == .interrupted && !result.hasPassed)
    #expect(result.exitStatus == ExitStatus.no)
  }

  /// Somebody quits while a step waits: the run ends by itself, and its scenario does not go on with what comes next.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ScenarioStep.Moment.when(.event(EventPattern(.speechConnected), count: 1), withinSeconds: 1e6),
      .when(.breaker(.open), withinSeconds: 1e6),
    ])
  func `a run that is stopped does no further step`(_ moment: ScenarioStep.Moment) async {
    let driver = StageDriver()
    let steps = [
      ScenarioStep(.next, .mark("first")), ScenarioStep(moment, .inject(FaultRequest("sts-disconnect"))),
      ScenarioStep(.next, .mark("last")),
    ]
    let result = await play(Self.scenario(steps, limit: 1e6), on: driver) { harness in
      #expect(await harness.history.wait(seconds: 1e6) { !$0.marks.isEmpty })
      await harness.stop()
    }
    #expect(result.end == .interrupted && !result.hasPassed)
    #expect(result.run.marks.map(\.value) == ["first"])
    #expect(driver.disconnects.withLock { $0 } == 0)
    #expect(Set(standings(result).values) == [.pending], "what was not done is not held against it")
  }

  /// Before there is anything to judge.
  @Test(.timeLimit(.minutes(1))) func `a run that is stopped before its environment runs is no failure of it`() async {
    let driver = StageDriver(hangs: true)
    let result = await play(Self.scenario([]), on: driver) { harness in
      #expect(await harness.history.wait(seconds: 1e6) { $0.environment?.value == .starting })
      await harness.stop()
    }
    #expect(result.end == .interrupted)
  }
}
