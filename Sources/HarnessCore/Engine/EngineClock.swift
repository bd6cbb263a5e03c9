import Events
import Synchronization

/// The clock of a run that begins in the past, as an engine remembers it: it stands where it is told to while the past is read, and goes on
/// from now afterwards.
package final class EngineClock: RunClock {
  /// Reality.
  package let speed = 1.0
  /// How far back the run begins, in seconds.
  package let history: Double
  private let base: ScaledClock
  private let startedAt: WallTime
  private let standing = Mutex<RunInstant?>(.zero)

  /// A clock that stands at the beginning.
  /// - Parameters:
  ///   - history: how far back the run begins, in seconds.
  ///   - now: the time of this machine.
  package init(history: Double, now: WallTime) {
    self.history = history
    base = ScaledClock(wallOrigin: now)
    startedAt = WallTime(epochSeconds: now.epochSeconds - history)
  }

  /// When the run begins, in seconds since 1970.
  var startOfPast: Double { startedAt.epochSeconds }

  /// Real seconds since this clock was made.
  var elapsed: Double { base.now().seconds }

  /// The instant of a wall-clock time of this machine.
  func instant(of time: Double) -> RunInstant { RunInstant(seconds: time - startedAt.epochSeconds) }

  /// Stands at an instant; never behind one where it stood.
  func stand(at instant: RunInstant) { standing.withLock { if let now = $0 { $0 = max(now, instant) } } }

  /// Goes on from now.
  func goOn() { standing.withLock { $0 = nil } }

  /// Whether the past is still being read.
  var isStanding: Bool { standing.withLock { $0 != nil } }

  /// Now, on the run's axis.
  package func now() -> RunInstant { standing.withLock { $0 } ?? RunInstant(seconds: history + base.now().seconds) }

  /// Now, by the wall clock.
  package func wallNow() -> WallTime { WallTime(epochSeconds: startedAt.epochSeconds + now().seconds) }

  /// Waits in real time.
  package func sleep(seconds: Double) async throws { try await base.sleep(seconds: seconds) }
}
