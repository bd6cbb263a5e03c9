import Events
import TestSupport
import Testing

@testable import HarnessCore

/// A stop at any moment of a fault that fails, or that lies on another, leaves services as they were.
@Suite struct FaultDeskOverlapStopTests {
  typealias Point = FaultStage.Point

  private static let kinds = FaultKind.all.filter { $0.runEnd != .nothing }
  private static let covering = kinds.filter { $0.overlap == .covers && $0.course != .blow }
  private static let untilOver = kinds.filter { if case .untilOver = $0.course { true } else { false } }
  private static let refused = kinds.filter { $0.overlap == .refused && $0.course != .blow }
  private let clock = StandingClock()

  private func desk(_ stage: FaultStage) async -> FaultDesk {
    let desk = FaultDesk(clock: clock, sink: stage)
    await desk.open([stage])
    return desk
  }

  /// Stops while a call is held up at a point that something is on its way to, and lets it go on then.
  private func stop(_ desk: FaultDesk, _ stage: FaultStage, at point: Point) async {
    #expect(await eventually { await stage.reached.contains(point) })
    let stopping = Task { await desk.stop(servicesLiveOn: true) }
    #expect(await eventually { await desk.isStopped })
    await stage.release()
    await stopping.value
  }

  /// Nothing of the run is left, nothing was asked beside something else, and nothing is said to be stuck.
  private func expect(_ stage: FaultStage, as before: [FaultResource: Fault] = [:], _ what: String) async {
    #expect(await stage.inForce == before, "\(what)")
    #expect(await !stage.hasOverlapped, "\(what)")
    #expect(await stage.findings.isEmpty, "\(what)")
    let phases = await stage.phases
    #expect(phases.count { $0 == .began } == phases.count { $0 == .ended }, "\(what): \(phases)")
  }

  /// The failure is being told.
  @Test(arguments: kinds, [FaultStage.Failure.refuses, .losesAnswer]) func `while its failure is said`(
    _ kind: FaultKind, _ failure: FaultStage.Failure
  ) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(failure)
    await stage.hold(.failed)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    await stop(desk, stage, at: .failed)
    await injecting.value
    await expect(stage, kind.id)
    #expect(await stage.phases == [.failed])
  }

  /// The failure of one that another rules out.
  @Test(arguments: refused) func `while a refusal is said`(_ kind: FaultKind) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await stage.hold(.failed)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    await stop(desk, stage, at: .failed)
    await injecting.value
    await expect(stage, kind.id)
  }

  /// A begin whose answer was lost is being taken back.
  @Test(arguments: kinds, [Point.endAsked, .endDone]) func `while a failed begin is put back`(_ kind: FaultKind, _ point: Point) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.fail(.losesAnswer)
    await stage.hold(point)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    await stop(desk, stage, at: point)
    await injecting.value
    await expect(stage, kind.id)
    #expect(await stage.phases == [.failed])
  }

  /// The same where somebody else had set something, or a fault of ours is in force below it: putting back is a begin then.
  @Test(arguments: covering, [Point.beginAsked, .beginDone]) func `while a failed begin is put back to what was before`(
    _ kind: FaultKind, _ point: Point
  ) async throws {
    for coversOurs in [false, true] {
      let stage = FaultStage(kind.means)
      let desk = await desk(stage)
      let theirs = Fault(kind).with(.milliseconds, 77)
      await stage.set(theirs)
      let before = await stage.inForce
      if coversOurs { try await desk.inject(FaultRequest(kind)) }
      await stage.fail(.losesAnswer)
      // Its own begin passes; what is held up is the one that puts back.
      await stage.hold(.failed)
      let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
      #expect(await eventually { await stage.reached.contains(.failed) })
      await stage.fail(nil)
      await stage.hold(point)
      await stage.letGo()
      await stop(desk, stage, at: point)
      await injecting.value
      await expect(stage, as: before, "\(kind.id), covers ours: \(coversOurs)")
    }
  }

  /// It is asked what is left of the one that is going to be covered.
  @Test(arguments: untilOver, [0, 3]) func `while it is asked for the rest of another`(_ kind: FaultKind, left: Int) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await stage.useUp(left: left)
    await stage.hold(.rest)
    let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
    await stop(desk, stage, at: .rest)
    await injecting.value
    await expect(stage, kind.id)
    #expect(await stage.calls.count { $0.hasPrefix("begin") } == 1, "the other one was never begun")
  }

  /// One begins that covers another.
  @Test(arguments: covering, [Point.can, .beginAsked, .beginDone, .began]) func `while it covers another`(
    _ kind: FaultKind, _ point: Point
  ) async throws {
    for isFound in [false, true] {
      let stage = FaultStage(kind.means)
      let desk = await desk(stage)
      if isFound { await stage.set(Fault(kind).with(.milliseconds, 77)) }
      let before = await stage.inForce
      try await desk.inject(FaultRequest(kind))
      await stage.hold(point)
      let injecting = Task { try? await desk.inject(FaultRequest(kind)) }
      await stop(desk, stage, at: point)
      await injecting.value
      await expect(stage, as: before, "\(kind.id), found: \(isFound)")
    }
  }

  /// One begins, and another that is going to cover it waits for its turn.
  @Test(arguments: covering, [Point.found, .beginAsked, .beginDone, .began]) func `while another waits to cover it`(
    _ kind: FaultKind, _ point: Point
  ) async {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    await stage.hold(point)
    let first = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await eventually { await stage.reached.contains(point) })
    let second = Task { try? await desk.inject(FaultRequest(kind)) }
    #expect(await eventually { await desk.book[2] != nil })
    await stop(desk, stage, at: point)
    await first.value
    await second.value
    await expect(stage, kind.id)
    #expect(await stage.calls.count { $0.hasPrefix("begin") } <= 1, "the one that waited was never begun")
  }

  /// The covering one is over, and the covered one is being brought back.
  @Test(arguments: covering.filter { Fault($0).seconds != nil }, [Point.beginAsked, .beginDone, .ended])
  func `while a covered one is brought back`(_ kind: FaultKind, _ point: Point) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    let isCounted = Self.untilOver.contains(kind)
    try await desk.inject(FaultRequest(kind, isCounted ? [:] : [.seconds: 60]))
    try await desk.inject(FaultRequest(kind, isCounted ? [:] : [.seconds: 10]))
    if isCounted { await stage.useUp(left: 0) }
    await stage.hold(point)
    #expect(await clock.run(to: 10) { await stage.reached.contains(point) })
    await stop(desk, stage, at: point)
    await expect(stage, kind.id)
    #expect(await stage.phases == [.began, .began, .ended, .ended])
  }

  /// It is looked whether a sequence is over: nobody waits for the answer.
  @Test(arguments: untilOver, [0, 3]) func `while it is looked whether it is over`(_ kind: FaultKind, left: Int) async throws {
    let stage = FaultStage(kind.means)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(kind))
    await stage.useUp(left: left)
    await stage.hold(.over)
    #expect(await clock.run { await stage.reached.contains(.over) })
    await desk.stop(servicesLiveOn: true)
    #expect(await stage.inForce.isEmpty)
    await stage.release()
    await desk.stop(servicesLiveOn: true)
    await expect(stage, kind.id)
    #expect(await stage.phases == [.began, .ended])
    #expect(await stage.calls.count { $0.hasPrefix("end") } == 1)
  }

  // MARK: A blow over a lasting fault

  /// A blow that fails is put back to the lasting fault below it, which stands until its own end.
  @Test func `a failed blow leaves the lasting fault below it standing`() async throws {
    let stage = FaultStage(.workerProcess)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(.workerCrash, [.restartAfter: 20]))
    let lasting = await stage.inForce
    #expect(lasting.values.map(\.kind) == [.workerCrash])
    await stage.fail(.losesAnswer)
    await stage.hold(.failed)
    let injecting = Task { try? await desk.inject(FaultRequest(.workerRestart)) }
    #expect(await eventually { await stage.reached.contains(.failed) })
    await stage.fail(nil)
    await stage.release()
    await injecting.value
    #expect(await eventually { await stage.calls.count { $0 == "begin crash" } == 2 })
    #expect(await stage.inForce == lasting)
    #expect(await stage.leases.last == 20, "for the rest of its time")
    #expect(await stage.findings.isEmpty)
    #expect(await clock.run { await stage.phases.last == .ended })
    #expect(await stage.phases == [.began, .failed, .ended])
    #expect(await stage.inForce.isEmpty)
    #expect(clock.now() == RunInstant.zero.advanced(bySeconds: 20))
  }

  @Test(arguments: [FaultStage.Failure.refuses, .losesAnswer], [Point.beginAsked, .beginDone, .failed])
  func `while a blow fails over a lasting fault`(_ failure: FaultStage.Failure, _ point: Point) async throws {
    if failure == .refuses, point == .beginDone { return }
    let stage = FaultStage(.workerProcess)
    let desk = await desk(stage)
    try await desk.inject(FaultRequest(.workerCrash))
    await stage.fail(failure)
    await stage.hold(point)
    let injecting = Task { try? await desk.inject(FaultRequest(.workerRestart)) }
    await stop(desk, stage, at: point)
    await injecting.value
    await expect(stage, "\(failure) \(point)")
    #expect(await stage.phases == [.began, .failed, .ended])
  }
}
