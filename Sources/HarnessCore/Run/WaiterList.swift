import Judging
import RunModel

/// Those who wait for something to hold of a run; looked at after every event.
struct WaiterList {
  private struct Waiter {
    var holds: @Sendable (RunState) -> Bool
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct Watch {
    var watch: ConditionWatch
    var continuation: CheckedContinuation<Bool, Never>?
  }

  private var waiters: [Int: Waiter] = [:]
  private var watches: [Int: Watch] = [:]

  mutating func add(_ id: Int, until holds: @escaping @Sendable (RunState) -> Bool, _ continuation: CheckedContinuation<Bool, Never>) {
    waiters[id] = Waiter(holds: holds, continuation: continuation)
  }

  mutating func add(_ id: Int, _ watch: ConditionWatch) { watches[id] = Watch(watch: watch) }

  func holds(_ id: Int) -> Bool { watches[id]?.watch.holds ?? false }

  mutating func wait(_ id: Int, _ continuation: CheckedContinuation<Bool, Never>) {
    guard let watch = watches[id]?.watch, !watch.holds else { return continuation.resume(returning: holds(id)) }
    watches[id]?.continuation = continuation
  }

  /// Ends a wait in vain.
  mutating func release(_ id: Int) {
    waiters.removeValue(forKey: id)?.continuation.resume(returning: false)
    watches[id]?.continuation?.resume(returning: false)
    watches[id]?.continuation = nil
  }

  /// Ends all waits in vain.
  mutating func releaseAll() {
    for id in Array(waiters.keys) + Array(watches.keys) { release(id) }
  }

  /// Forgets a watch; a wait for it ends in vain.
  mutating func remove(_ id: Int) {
    release(id)
    watches[id] = nil
  }

  mutating func note(_ step: RunFold.Step, _ run: RunState) {
    guard !waiters.isEmpty || !watches.isEmpty else { return }
    for (id, waiter) in waiters where waiter.holds(run) {
      waiters[id] = nil
      waiter.continuation.resume(returning: true)
    }
    for id in watches.keys {
      watches[id]?.watch.note(step.arrival, run: run)
      guard holds(id) else { continue }
      watches[id]?.continuation?.resume(returning: true)
      watches[id]?.continuation = nil
    }
  }
}
