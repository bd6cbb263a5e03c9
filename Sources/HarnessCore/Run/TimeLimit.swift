import Events

/// Waits for work that may hang, but not longer than a limit.
enum TimeLimit {
  /// Runs `work`; returns whether it ended within `seconds` of real time. Work that did not is cancelled and left behind: an
  /// end of a run must not depend on it. Not cut short by cancellation of the caller.
  @discardableResult
  static func wait(seconds: Double, for work: @escaping @Sendable () async -> Void) async -> Bool {
    await wait(timer: { try await Task.sleep(for: .seconds(seconds)) }, for: work)
  }

  /// The same with the seconds of a run's clock, real ones at its speed.
  @discardableResult
  static func wait(seconds: Double, on clock: any RunClock, for work: @escaping @Sendable () async -> Void) async -> Bool {
    await wait(timer: { try await clock.sleep(seconds: seconds * clock.speed) }, for: work)
  }

  private static func wait(
    timer limit: @escaping @Sendable () async throws -> Void, for work: @escaping @Sendable () async -> Void
  ) async -> Bool {
    // Tasks of their own: in a cancelled task every wait would end at once.
    await Task {
      let (ends, end) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
      let worker = Task {
        await work()
        end.yield(true)
      }
      let timer = Task {
        try await limit()
        end.yield(false)
      }
      defer {
        worker.cancel()
        timer.cancel()
      }
      for await isDone in ends { return isDone }
      return false
    }.value
  }
}
