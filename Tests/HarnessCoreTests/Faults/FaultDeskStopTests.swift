import Events
import TestSupport
import Testing

@testable import HarnessCore

/// A stop at any moment of a fault leaves services as they were.
@Suite struct FaultDeskStopTests {
  typealias Point = FaultStage.Point

  /// What is not of the run's services ends with the run, and is not taken back.
  private static let kinds = FaultKind.all.filter { $0.runEnd != .nothing }
  private let clock = StandingClock()

  private func desk(_ stage: FaultStage, limits: FaultDesk.Limits = FaultDesk.Limits()) async -> FaultDesk {
    let desk = FaultDesk(clock: clock, limits: limits, sink: stage)
    await desk.open([stage])
    return desk
  }

  private func isStopped(_ desk: FaultDesk) async -> Bool { await eventually { await desk.isStopped } }

  /// Stops while the begin is held up at a point, and lets it go on then.
  @Test(arguments: kinds, [Point.can, .found, .beginAsked, .beginDone, .began])
  func `while it begins`(_ kind: FaultKind, _ point: Point) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.hold(point)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    if point == .found, kind.course == .blow {
      await injecting.value
    } else {
      #expect(await eventually { await stage.reached.contains(point) })
    }
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await isStopped(desk))
    await stage.release()
    await stopping.value
    await injecting.value
    #expect(await stage.inForce.isEmpty)
    #expect(await !stage.hasOverlapped)
    #expect(await stage.findings.isEmpty)
    if [.can, .found].contains(point), kind.course != .blow { #expect(await stage.calls.isEmpty, "nothing was begun") }
    await began(stage, areEnded: kind)
  }

  /// What has begun is said to have ended.
  private func began(_ stage: FaultStage, areEnded kind: FaultKind) async {
    let phases = await stage.phases
    #expect(phases.count { $0 == .began } == phases.count { $0 == .ended }, "\(kind.id): \(phases)")
  }

  @Test(arguments: kinds, [false, true]) func `while it lasts`(_ kind: FaultKind, isFound: Bool) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    let theirs = Fault(kind).with(.milliseconds, 77)
    if isFound, kind.course != .blow { await stage.set(theirs) }
    let before = await stage.inForce
    try await desk.inject(FaultRequest(kind))
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce == before)
    await began(stage, areEnded: kind)
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce == before)
  }

  /// Stops while an end that was due is held up.
  @Test(arguments: kinds.filter { Fault($0).seconds != nil }, [Point.endAsked, .endDone, .ended])
  func `while it ends`(_ kind: FaultKind, _ point: Point) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await stage.hold(point)
    #expect(await clock.run { await stage.reached.contains(point) })
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await isStopped(desk))
    await stage.release()
    await stopping.value
    #expect(await stage.inForce.isEmpty)
    #expect(await !stage.hasOverlapped)
    #expect(await stage.phases == [.began, .ended])
  }

  /// The answer comes when the stop has long given up waiting: nobody waits for it, and it is taken back all the same.
  @Test(arguments: kinds.filter { $0.course != .blow }, [Point.beginAsked, .beginDone])
  func `the answer comes after the stop`(_ kind: FaultKind, _ point: Point) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.hold(point)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await eventually { await stage.reached.contains(point) })
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await isStopped(desk))
    #expect(await clock.run { await !stage.findings.isEmpty })
    await stopping.value
    #expect(await stage.findings.map(\.id) == ["fault-1-not-ended"])
    await stage.release()
    await injecting.value
    #expect(await eventually { await stage.findings.last?.holds == false })
    #expect(await stage.inForce.isEmpty)
  }

  /// A begin whose answer is lost may be in force; one that was declined is not.
  @Test(arguments: kinds, [FaultStage.Failure.refuses, .losesAnswer])
  func `a begin that fails`(_ kind: FaultKind, _ failure: FaultStage.Failure) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(failure)
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(kind)) }
    #expect(error?.description.contains(failure == .refuses ? "it declines" : "no answer came") == true)
    #expect(await stage.phases == [.failed])
    #expect(await eventually { await stage.inForce.isEmpty })
    await desk.stop(servicesLiveOn: true)
    let isEnded = await stage.calls.contains { $0.hasPrefix("end") }
    #expect(isEnded == (failure == .losesAnswer))
    #expect(await stage.inForce.isEmpty)
  }

  /// A begin whose answer is lost, and that could not be taken back either: the stop tries again, and takes the word of it back.
  @Test(arguments: kinds.filter { $0.course != .blow })
  func `a begin that fails and cannot be taken back is taken back at the stop`(_ kind: FaultKind) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(.losesAnswer)
    await stage.failEnds(3)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await clock.run { await !stage.findings.isEmpty })
    await injecting.value
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
    #expect(await stage.findings.map(\.holds) == [true, false])
  }

  /// What a fault that could not be taken back has left there is not what somebody else had set: the stop takes it away too.
  @Test(arguments: kinds.filter { $0.course != .blow })
  func `what is stuck is not found as somebody elses`(_ kind: FaultKind) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(.losesAnswer)
    await stage.failEnds(3)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await clock.run { await !stage.findings.isEmpty })
    await injecting.value
    await stage.fail(nil)
    try? await desk.inject(FaultRequest(kind))
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
  }

  /// The same with a stop between the call and its failure.
  @Test(arguments: kinds, [FaultStage.Failure.refuses, .losesAnswer])
  func `a begin that fails after the stop`(_ kind: FaultKind, _ failure: FaultStage.Failure) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(failure)
    await stage.hold(.beginAsked)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await eventually { await stage.reached.contains(.beginAsked) })
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await isStopped(desk))
    await stage.release()
    await stopping.value
    await injecting.value
    #expect(await stage.inForce.isEmpty)
    #expect(await stage.phases == [.failed])
  }

  /// An end that fails is tried again, within a limit, and told; a stop tries once more.
  @Test(arguments: kinds.filter { Fault($0).seconds != nil }) func `an end that fails`(_ kind: FaultKind) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await stage.failEnds(2)
    #expect(await clock.run { await stage.phases.contains(.ended) })
    #expect(await stage.inForce.isEmpty, "the third try succeeds")
    #expect(await stage.findings.isEmpty, "the third try succeeds")
    try await desk.inject(FaultRequest(kind))
    await stage.failEnds(3)
    #expect(await clock.run { await stage.phases.count { $0 == .ended } == 2 })
    #expect(await !stage.inForce.isEmpty)
    #expect(await stage.findings.map(\.id) == ["fault-2-not-ended"])
    #expect(await stage.findings.first?.text.contains("could not be ended: it does not listen") == true)
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
    #expect(await stage.findings.map(\.holds) == [true, false])
    #expect(await stage.phases.count == 4)
  }

  @Test func `an end that fails at the stop is told`() async throws {
    let stage = FaultStage(.speech)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(.latency))
    await stage.failEnds(100)
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await clock.run { await !stage.findings.isEmpty })
    await stopping.value
    #expect(await stage.findings.map(\.holds) == [true])
  }

  /// Services that go with the run are not asked, but for what would hold up their end.
  @Test(arguments: FaultKind.all) func `services that go are left alone`(_ kind: FaultKind) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await desk.stop(servicesLiveOn: false)
    let isEnded = await stage.calls.contains { $0.hasPrefix("end") }
    #expect(isEnded == (kind == .containerPause))
    await began(stage, areEnded: kind)
  }

  @Test(arguments: FaultKind.all) func `after the stop nothing begins`(_ kind: FaultKind) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await desk.stop(servicesLiveOn: true)
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(kind)) }
    #expect(error?.description.contains("the run ends") == true)
    #expect(await stage.calls.isEmpty)
    #expect(await stage.inForce.isEmpty)
  }

  /// Whoever asked may be gone: the begin goes on, and is seen to.
  @Test func `the one who asked is cancelled`() async throws {
    let stage = FaultStage(.speech)
    let desk = await desk(stage)
    await stage.hold(.beginDone)
    let injecting = Task { try await desk.inject(FaultRequest(.speechOutage)) }
    #expect(await eventually { await stage.reached.contains(.beginDone) })
    injecting.cancel()
    await #expect(throws: EnvironmentFailure.self) { try await injecting.value }
    await stage.release()
    #expect(await eventually { await stage.phases == [.began] })
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
  }
}
