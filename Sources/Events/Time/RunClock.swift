/// The one clock of a run, handed to everything that waits or stamps: services, publisher, pollers, deadlines.
///
/// Nothing pure reads it; time reaches state and panes only as data in an event.
package protocol RunClock: Sendable {
  /// Now, on the run's axis (pipeline time).
  func now() -> RunInstant
  /// Now, as wall-clock time; at speed N it advances N times as fast as the real one, from the real start time.
  func wallNow() -> WallTime
  /// Waits this many seconds of pipeline time; throws `CancellationError` when cancelled.
  func sleep(seconds: Double) async throws
  /// How many seconds of pipeline time one real second is; 1 for a clock that follows reality.
  var speed: Double { get }
}

/// A run clock over the machine's monotonic clock, scaled by a pipeline speed.
package struct ScaledClock: RunClock {
  /// Pipeline seconds per real second.
  package let speed: Double
  private let origin: ContinuousClock.Instant
  private let wallOrigin: WallTime

  /// A clock that starts now.
  /// - Parameters:
  ///   - speed: pipeline seconds per real second, 0.1 to 1000; values outside are clamped.
  ///   - wallOrigin: the real wall-clock time at the start.
  package init(speed: Double = 1, wallOrigin: WallTime) {
    self.speed = speed.isFinite ? min(max(speed, 0.1), 1000) : 1
    self.wallOrigin = wallOrigin
    origin = ContinuousClock.now
  }

  /// Now, on the run's axis.
  package func now() -> RunInstant {
    let elapsed = (ContinuousClock.now - origin).components
    return RunInstant(seconds: (Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18) * speed)
  }

  /// Now, by the wall clock scaled to the run's speed.
  package func wallNow() -> WallTime { WallTime(epochSeconds: wallOrigin.epochSeconds + now().seconds) }

  /// Waits in pipeline time.
  package func sleep(seconds: Double) async throws {
    guard seconds > 0 else { return try Task.checkCancellation() }
    try await Task.sleep(for: .nanoseconds(RunInstant(seconds: seconds / speed).nanoseconds), clock: .continuous)
  }
}
