import HarnessModel
import Synchronization

/// Those who wait for something to hold of a run; looked at after every event.
struct WaiterList {
  enum Kind {
    case state(@Sendable (RunState) -> Bool)
    case condition(ConditionWatch)
  }

  private struct Waiter {
    var kind: Kind
    var endsWithSteps: Bool
    var continuation: CheckedContinuation<Bool, Never>
  }

  private var waiting: [Int: Waiter] = [:]
  private var next = 0

  mutating func nextNumber() -> Int {
    defer { next += 1 }
    return next
  }

  mutating func add(_ number: Int, _ kind: Kind, endsWithSteps: Bool, _ continuation: CheckedContinuation<Bool, Never>) {
    waiting[number] = Waiter(kind: kind, endsWithSteps: endsWithSteps, continuation: continuation)
  }

  /// Ends a wait in vain.
  mutating func release(_ number: Int) { waiting.removeValue(forKey: number)?.continuation.resume(returning: false) }

  /// Ends those who wait for the steps to be over, too.
  mutating func releaseEnders() {
    for (number, waiter) in waiting where waiter.endsWithSteps {
      waiting[number] = nil
      waiter.continuation.resume(returning: true)
    }
  }

  mutating func note(_ envelope: EventEnvelope, _ run: RunState) {
    for number in Array(waiting.keys) {
      guard var waiter = waiting[number] else { continue }
      let holds: Bool
      switch waiter.kind {
      case .state(let predicate): holds = predicate(run)
      case .condition(var watch):
        watch.note(envelope, run: run)
        holds = watch.holds
        waiter.kind = .condition(watch)
      }
      if holds {
        waiting[number] = nil
        waiter.continuation.resume(returning: true)
      } else {
        waiting[number] = waiter
      }
    }
  }
}

/// Counts what was lost, from wherever it is seen.
final class LossCount: Sendable {
  private let count = Atomic<Int>(0)
  func increase() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
