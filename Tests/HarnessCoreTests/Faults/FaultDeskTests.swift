import Events
import TestSupport
import Testing

@testable import HarnessCore

/// How faults go, and how several go together.
@Suite struct FaultDeskTests {
  private let clock = StandingClock()
  private let stage = FaultStage(.speech)

  private func desk(_ stage: FaultStage? = nil) async -> FaultDesk {
    let stage = stage ?? self.stage
    let desk = FaultDesk(clock: clock, sink: stage)
    await desk.open([stage])
    return desk
  }

  private var delay: Double? { get async { await stage.inForce.values.first?.number(.milliseconds) } }

  private func latency(_ milliseconds: Int, _ seconds: Int) -> FaultRequest {
    FaultRequest(.latency, [.milliseconds: .number(Double(milliseconds)), .seconds: .number(Double(seconds))])
  }

  @Test(arguments: FaultKind.all) func `each lasts as long as it says`(_ kind: FaultKind) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    switch kind.course {
    case .blow, .setting:
      #expect(await stage.phases == [.momentary])
      #expect(await stage.inForce.isEmpty == (kind.course == .blow))
    case .lasting(let name, _):
      #expect(await stage.phases == [.began])
      #expect(await clock.run { await stage.phases == [.began, .ended] })
      #expect(clock.now() == RunInstant.zero.advanced(bySeconds: Fault(kind).number(name)))
      #expect(await stage.inForce.isEmpty)
      #expect(await stage.leases == [Fault(kind).number(name)])
    case .untilOver:
      #expect(await stage.phases == [.began])
      await stage.useUp(left: 0)
      #expect(await clock.run { await stage.phases == [.began, .ended] })
      #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 1))
    }
    let told = await stage.happenings
    #expect(Set(told.map(\.id)) == [1] && told.allSatisfy { $0.kind == Fault(kind).called })
    #expect(told.first?.detail == Fault(kind).detail)
  }

  @Test func `what is never used up ends in the end`() async throws {
    let desk = await desk()
    try await desk.inject(FaultRequest(.speechErrors))
    #expect(await clock.run { await stage.phases == [.began, .ended] })
    #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 300))
    #expect(await stage.inForce.isEmpty)
  }

  /// 200 ms within 500 ms: the later one holds, then the earlier one for the rest of its time.
  @Test func `a short one within a long one`() async throws {
    let desk = await desk()
    try await desk.inject(latency(500, 60))
    try await desk.inject(latency(200, 10))
    #expect(await delay == 200)
    #expect(await clock.run(to: 10) { await stage.phases == [.began, .began, .ended] })
    #expect(await delay == 500)
    #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 10))
    #expect(await clock.run { await stage.phases.count == 4 })
    #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 60))
    #expect(await stage.inForce.isEmpty)
    // A target holds what it is told until the last is over, so that there is no gap when dubwatch is late.
    #expect(await stage.leases == [60, 60, 50])
    #expect(await stage.happenings.map(\.id) == [1, 2, 2, 1])
  }

  @Test func `a long one after a short one`() async throws {
    let desk = await desk()
    try await desk.inject(latency(500, 10))
    try await desk.inject(latency(200, 60))
    #expect(await clock.run(to: 10) { await stage.phases == [.began, .began, .ended] })
    #expect(await delay == 200)
    #expect(await clock.run { await stage.phases.count == 4 })
    #expect(await stage.inForce.isEmpty)
    #expect(await stage.happenings.map(\.id) == [1, 2, 1, 2])
  }

  /// Different kinds that change the same thing.
  @Test func `a drift within a skew`() async throws {
    let stage = FaultStage(.worker)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(.audioSkew, [.milliseconds: 80, .seconds: 50]))
    try await desk.inject(FaultRequest(.audioDrift, [.millisecondsPerSecond: 4, .seconds: 20]))
    #expect(await stage.inForce.values.map(\.kind) == [.audioDrift])
    #expect(await clock.run(to: 20) { await stage.phases.count == 3 })
    #expect(await stage.inForce.values.map(\.detail) == ["80 ms late"])
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
    #expect(await stage.phases == [.began, .began, .ended, .ended])
  }

  /// What somebody else had set comes back when the last is over, and not before.
  @Test func `what was there before comes back`() async throws {
    await stage.set(Fault(.latency, [.milliseconds: 100]))
    let desk = await desk()
    try await desk.inject(latency(500, 60))
    try await desk.inject(latency(200, 10))
    #expect(await clock.run(to: 10) { await stage.phases.count == 3 })
    #expect(await delay == 500)
    #expect(await clock.run { await stage.phases.count == 4 })
    #expect(await delay == 100)
    #expect(await stage.leases.last == .some(nil))
    try await desk.inject(latency(300, 10))
    await desk.stop(servicesLiveOn: true)
    #expect(await delay == 100)
  }

  @Test func `a covered sequence goes on with what is left`() async throws {
    let desk = await desk()
    try await desk.inject(FaultRequest(.speechErrors, [.count: 5]))
    await stage.useUp(left: 3)
    try await desk.inject(FaultRequest(.speechErrors, [.count: 9, .code: "GPU_OOM"]))
    #expect(await stage.inForce.values.map(\.detail) == ["GPU_OOM ×9"])
    await stage.useUp(left: 0)
    #expect(await clock.run { await stage.calls.last == "begin TIMEOUT ×3" })
    #expect(await clock.run { await stage.phases.count == 4 })
    #expect(await stage.happenings.map(\.id) == [1, 2, 2, 1])
    #expect(await stage.inForce.isEmpty)
  }

  @Test func `a sequence that is used up is over when the next begins`() async throws {
    let desk = await desk()
    try await desk.inject(FaultRequest(.speechErrors))
    await stage.useUp(left: 0)
    try await desk.inject(FaultRequest(.speechErrors))
    #expect(await stage.happenings.map { "\($0.id) \($0.phase)" } == ["1 began", "1 ended", "2 began"])
  }

  @Test func `a pause holds until it is cleared or the run ends`() async throws {
    let desk = await desk()
    try await desk.inject(FaultRequest("backpressure-pause"))
    try await desk.inject(FaultRequest("backpressure-slow-down"))
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.calls == ["begin high/pause", "begin medium/slow_down 500 ms", "end medium/slow_down 500 ms"])
    #expect(await stage.happenings.map(\.kind) == ["backpressure-pause", "backpressure-slow-down"])
  }

  @Test(arguments: FaultKind.all.filter { $0.overlap == .refused }) func `what is down cannot be taken down`(_ kind: FaultKind) async throws
  {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(kind)) }
    #expect(error?.description.contains("is still in force") == true)
    #expect(await stage.phases == [.began, .failed])
    #expect(await clock.run { await stage.phases.last == .ended })
    try await desk.inject(FaultRequest(kind))
    #expect(await stage.phases.last == .began)
  }

  /// A call that does not answer holds up its own resource only.
  @Test func `one that hangs holds up no other`() async throws {
    let desk = await desk()
    await stage.hold(.beginAsked)
    let hanging = Task { try? await desk.inject(FaultRequest(.latency)) }
    #expect(await eventually { await stage.reached.contains(.beginAsked) })
    await stage.hold(nil)
    try await desk.inject(FaultRequest(.speechOutage))
    #expect(await stage.phases == [.began])
    await stage.release()
    await hanging.value
    #expect(await stage.phases == [.began, .began])
    #expect(await !stage.hasOverlapped)
  }

  @Test(arguments: ["nonsense", "sts-outge", "container-stap:mediamtx"]) func `an unknown fault is said`(_ id: String) async {
    let desk = await desk()
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(id)) }
    #expect(error?.description.contains("there is no fault \(id)") == true)
    if id == "sts-outge" { #expect(error?.description.contains("did you mean \"sts-outage\"") == true) }
    if id == "container-stap:mediamtx" { #expect(error?.description.contains("did you mean \"container-stop:mediamtx\"") == true) }
    #expect(await stage.phases == [.failed])
    #expect(await stage.happenings.first?.kind == id)
  }

  @Test(arguments: [["ms": "70000"], ["ms": "soon"], ["mss": "1"], ["seconds": "0"]]) func `a value that is none is said`(
    _ values: [String: String]
  ) async {
    let desk = await desk()
    await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(FaultKind.latency.id, values)) }
    #expect(await stage.phases == [.failed])
    #expect(await stage.calls.isEmpty)
  }

  @Test func `what nobody can do is refused`() async {
    let desk = FaultDesk(clock: clock, sink: stage)
    let nobody = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(.latency)) }
    #expect(nobody?.description.contains("no faults can be injected into services that dubwatch only watches") == true)
    #expect(await desk.menu.isEmpty)
    await desk.open([stage])
    await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(.workerCrash)) }
    #expect(await stage.calls.isEmpty)
  }

  /// The menu is what the table says of what these means can do, and the check before the start knows no other.
  @Test(arguments: FaultKind.Means.allCases) func `the menu is the table`(_ means: FaultKind.Means) async {
    let desk = await desk(FaultStage(means))
    #expect(await desk.menu.map(\.id) == FaultMenu.entries.filter { $0.fault.kind.means == means }.map(\.id))
    for environment in RunEnvironment.allCases {
      for publishes in [false, true] {
        let lacks = environment.lacks(means, publishes: publishes)
        for kind in FaultKind.all where kind.means == means {
          #expect(environment.obstacle(to: FaultRequest(kind), publishes: publishes) == lacks)
        }
      }
    }
  }

  @Test func `a script is played to its end`() async {
    let desk = await desk()
    let script = FaultScript(
      steps: [.init(at: 3, .speechDisconnect), .init(at: 5, .workerCrash), .init(at: 7, .speechOutage, [.seconds: 2])], seconds: 20,
      end: "over")
    let playing = Task { await desk.play(script) }
    #expect(await clock.run(to: 9) { await stage.phases.count == 4 })
    #expect(await stage.phases == [.momentary, .failed, .began, .ended])
    #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 9))
    #expect(await clock.run { clock.now() == RunInstant.zero.advanced(bySeconds: 20) })
    await playing.value
  }

  @Test func `a script tells of each act when it begins`() async {
    let desk = await desk()
    var script = FaultScript(steps: [.init(at: 3, .speechDisconnect)], seconds: 9, end: "over")
    script.acts = [
      StoryAct(at: 0, "all is well", watch: "metrics", "nothing fails"), StoryAct(at: 3, "it goes", watch: "breaker", "it comes back"),
      StoryAct(at: 7, "it drifts", watch: "sync", "late", maxSpeed: 0.5),
    ]
    let playing = Task { await desk.play(script) }
    #expect(await clock.run { clock.now() == RunInstant.zero.advanced(bySeconds: 9) })
    await playing.value
    #expect(
      await stage.notes == [
        "act 1 of 3: all is well; nothing fails", "act 2 of 3: it goes; it comes back",
        "act 3 of 3: it drifts; not to be seen at this speed, only up to 0.5x",
      ])
  }
}
