import Events

/// Named timers over a run clock; setting one again replaces it. Owned by an actor, which every timer calls back.
struct TimerSet<Key: Hashable & Sendable> {
  private var tasks: [Key: (generation: Int, task: Task<Void, Never>)] = [:]
  private var generation = 0

  /// Calls `fire` with the key and the timer's number after this many seconds of pipeline time, unless cancelled before.
  mutating func set(_ key: Key, seconds: Double, clock: any RunClock, fire: @escaping @Sendable (Key, Int) async -> Void) {
    cancel(key)
    generation += 1
    let number = generation
    tasks[key] = (
      number,
      Task {
        do { try await clock.sleep(seconds: seconds) } catch { return }
        await fire(key, number)
      }
    )
  }

  /// Whether a timer that fires is still the one that was set last under its key; takes it out.
  mutating func claim(_ key: Key, _ number: Int) -> Bool {
    guard tasks[key]?.generation == number else { return false }
    tasks[key] = nil
    return true
  }

  mutating func cancel(_ key: Key) { tasks.removeValue(forKey: key)?.task.cancel() }

  mutating func cancelAll() {
    for (_, entry) in tasks { entry.task.cancel() }
    tasks = [:]
  }
}
