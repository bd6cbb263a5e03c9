import Events
import Judging
import RunModel

/// A condition that a history watches for, from the moment at which it was asked to.
struct WatchedCondition: Sendable {
  fileprivate let id: Int
}

extension RunHistory {
  /// Waits until something holds of the run, at most so many seconds of pipeline time; whether it does. A cancelled wait is one in
  /// vain, as is one in a history that is finished.
  @discardableResult
  func wait(seconds: Double, until holds: @escaping @Sendable (RunState) -> Bool) async -> Bool {
    if holds(state) { return true }
    let id = newID()
    return await timed(id, seconds) { waiting.add(id, until: holds, $0) }
  }

  /// Begins to watch for a condition; what meets it from now on counts, whenever it is waited for.
  /// - Parameter since: happenings that occurred before this instant do not count.
  func watch(_ condition: ScenarioCondition, since: RunInstant) -> WatchedCondition {
    let id = newID()
    waiting.add(id, ConditionWatch(condition, since: since, run: state))
    return WatchedCondition(id: id)
  }

  /// Waits until a watched condition is met, at most so many seconds of pipeline time; whether it is. The watch ends with the wait.
  func wait(for condition: WatchedCondition, seconds: Double) async -> Bool {
    defer { waiting.remove(condition.id) }
    if waiting.holds(condition.id) { return true }
    return await timed(condition.id, seconds) { waiting.wait(condition.id, $0) }
  }

  private func timed(_ id: Int, _ seconds: Double, _ enter: (CheckedContinuation<Bool, Never>) -> Void) async -> Bool {
    let timer = Task { [clock] in
      try await clock.sleep(seconds: seconds)
      release(waiter: id)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        enter(continuation)
        if Task.isCancelled || isFinished { waiting.release(id) }
      }
    } onCancel: {
      Task { await self.release(waiter: id) }
    }
  }

  private func release(waiter id: Int) { waiting.release(id) }
}
