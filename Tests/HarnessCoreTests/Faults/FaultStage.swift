import Events
import RunModel
import Synchronization

@testable import HarnessCore

/// A clock that stands still until it is moved.
final class StandingClock: RunClock {
  private struct State {
    var now = RunInstant.zero
    var next = 0
    var sleepers: [Int: (due: RunInstant, wake: CheckedContinuation<Void, any Error>)] = [:]
  }

  let speed = 1.0
  private let state = Mutex(State())

  func now() -> RunInstant { state.withLock { $0.now } }
  func wallNow() -> WallTime { WallTime(epochSeconds: 1_767_139_200) }

  func sleep(seconds: Double) async throws {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        let isDue = state.withLock { state in
          if seconds <= 0 { return true }
          state.sleepers[id] = (state.now.advanced(bySeconds: seconds), wake)
          return false
        }
        if isDue { wake.resume() }
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func cancel(_ id: Int) {
    state.withLock { $0.sleepers.removeValue(forKey: id)?.wake }?.resume(throwing: CancellationError())
  }

  /// Moves on, sleeper by sleeper, until a condition holds, but not beyond an instant.
  func run(to seconds: Double = .infinity, until holds: () async -> Bool) async -> Bool {
    let latest = seconds.isFinite ? RunInstant.zero.advanced(bySeconds: seconds) : nil
    for _ in 0..<10_000 {
      if await holds() { return true }
      try? await Task.sleep(for: .milliseconds(1))
      if await holds() { return true }
      let wake = state.withLock { state -> CheckedContinuation<Void, any Error>? in
        guard let first = state.sleepers.min(by: { $0.value.due < $1.value.due }) else { return nil }
        if let latest, first.value.due > latest { return nil }
        state.now = max(state.now, first.value.due)
        return state.sleepers.removeValue(forKey: first.key)?.wake
      }
      wake?.resume()
    }
    return false
  }
}

/// Services that do as they are told, a sink that hears of it, and a place where either can be held up.
actor FaultStage: FaultMeans, EventSink {
  /// Where a call can be held up.
  enum Point: Hashable, Sendable, CaseIterable {
    case can, found, rest, beginAsked, beginDone, endAsked, endDone, over, began, ended, failed
  }

  /// What begin does wrong.
  enum Failure: Hashable, Sendable {
    /// It declines, and nothing is done.
    case refuses
    /// It is done, and the answer is lost.
    case losesAnswer
  }

  nonisolated let kind: FaultKind.Means
  private(set) var inForce: [FaultResource: Fault] = [:]
  private(set) var leases: [Double?] = []
  private(set) var calls: [String] = []
  private(set) var happenings: [FaultHappening] = []
  private(set) var findings: [Finding] = []
  private(set) var notes: [String] = []
  private(set) var reached: Set<Point> = []
  private var held: Point?
  private var waiting: [CheckedContinuation<Void, Never>] = []
  var failure: Failure?
  var failingEnds = 0
  var isUsedUp = false
  var left: Int?
  private var depth: [FaultResource: Int] = [:]
  private(set) var hasOverlapped = false

  init(_ kind: FaultKind.Means) { self.kind = kind }

  /// From now on calls are held up there; only what is reached from now on counts.
  func hold(_ point: Point?) { (held, reached) = (point, []) }
  func fail(_ failure: Failure?) { self.failure = failure }
  func failEnds(_ count: Int) { failingEnds = count }
  /// The services have done so much of what they were asked for that so much of it is left; with none left it is over.
  func useUp(left: Int?) {
    (self.left, isUsedUp) = (left, left == 0)
    guard isUsedUp else { return }
    for (resource, fault) in inForce { if case .untilOver = fault.kind.course { inForce[resource] = nil } }
  }
  /// Somebody else's doing.
  func set(_ fault: Fault) { inForce[fault.resource] = fault }

  /// Lets the held call go on; nothing is held up any more.
  func release() {
    held = nil
    letGo()
  }

  /// Lets the held calls go on; later ones are held up where it was said last.
  func letGo() {
    for one in waiting { one.resume() }
    waiting = []
  }

  private func pass(_ point: Point) async {
    reached.insert(point)
    guard point == held else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func enter(_ resource: FaultResource) {
    depth[resource, default: 0] += 1
    if depth[resource, default: 0] > 1 { hasOverlapped = true }
  }

  private func leave(_ resource: FaultResource) { depth[resource, default: 0] -= 1 }

  // MARK: Means

  func can(_ fault: Fault) async -> FaultAbility {
    await pass(.can)
    return .able
  }

  func found(before fault: Fault) async -> Fault? {
    await pass(.found)
    return inForce[fault.resource]
  }

  func rest(of fault: Fault) async -> Fault? {
    await pass(.rest)
    guard let left else { return fault }
    return left == 0 ? nil : fault.with(.count, .number(Double(left)))
  }

  func isOver(_ fault: Fault) async -> Bool? {
    await pass(.over)
    return isUsedUp
  }

  func begin(_ fault: Fault, lease: Double?) async throws {
    enter(fault.resource)
    defer { leave(fault.resource) }
    calls.append("begin \(fault.detail)")
    await pass(.beginAsked)
    if failure == .refuses { throw FaultRefusal("it declines") }
    // A blow leaves nothing.
    if fault.kind.course != .blow { inForce[fault.resource] = fault }
    leases.append(lease)
    await pass(.beginDone)
    if failure == .losesAnswer { throw EnvironmentFailure("no answer came") }
  }

  func end(_ fault: Fault) async throws {
    enter(fault.resource)
    defer { leave(fault.resource) }
    calls.append("end \(fault.detail)")
    await pass(.endAsked)
    if failingEnds > 0 {
      failingEnds -= 1
      throw EnvironmentFailure("it does not listen")
    }
    inForce[fault.resource] = nil
    await pass(.endDone)
  }

  // MARK: Sink

  func emit(_ event: RunEvent, from source: SourceID) async {
    guard case .happening(let happening) = event else { return }
    switch happening.kind {
    case .fault(let fault):
      happenings.append(fault)
      await pass(fault.phase == .ended ? .ended : fault.phase == .failed ? .failed : .began)
    case .finding(let finding): findings.append(finding)
    case .note(let text): notes.append(text)
    default: break
    }
  }

  var phases: [FaultHappening.Phase] { happenings.map(\.phase) }
}
