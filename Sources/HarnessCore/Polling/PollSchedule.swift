import Events

/// When a source is read next: a pure state machine without clock and without randomness of its own.
///
/// Reads that succeed lie on a fixed grid, so they do not drift; after a stall the missed ticks are skipped, not made up.
/// After failures the distance doubles up to a limit, with jitter; the first success returns to the grid.
package struct PollSchedule: Sendable, Hashable {
  /// Distance between two reads, in seconds; at least 0.05.
  package let interval: Double
  /// The longest distance after failures, in seconds; at least the interval.
  package let longestBackoff: Double
  /// How far a distance after failures is moved at random: 0.2 means up to 20 % to either side.
  package let jitter: Double
  /// How many reads failed in a row.
  package private(set) var consecutiveFailures = 0
  private var gridOrigin: RunInstant?

  /// A schedule whose first read is due at once.
  package init(interval: Double, longestBackoff: Double = 5, jitter: Double = 0.2) {
    self.interval = interval.isFinite ? max(0.05, interval) : 1
    self.longestBackoff = max(self.interval, longestBackoff.isFinite ? longestBackoff : 5)
    self.jitter = jitter.isFinite ? min(max(0, jitter), 0.9) : 0
  }

  /// Notes a read that succeeded.
  /// - Parameters:
  ///   - start: when it began.
  ///   - now: when it ended.
  /// - Returns: when the next one is due, later than `now`.
  package mutating func succeeded(startedAt start: RunInstant, now: RunInstant) -> RunInstant {
    if consecutiveFailures > 0 { gridOrigin = nil }
    consecutiveFailures = 0
    let origin = gridOrigin ?? start
    gridOrigin = origin
    let passed = max(0, now.seconds(since: origin))
    var next = origin.advanced(bySeconds: ((passed / interval).rounded(.down) + 1) * interval)
    // Rounding may land on `now` itself; the same tick twice would be a read too many.
    if next.seconds(since: now) < interval * 1e-6 { next = next.advanced(bySeconds: interval) }
    return next
  }

  /// Notes a read that failed.
  /// - Parameters:
  ///   - now: when it ended.
  ///   - random: a number from 0 to 1.
  /// - Returns: when the next one is due.
  package mutating func failed(now: RunInstant, random: Double) -> RunInstant {
    consecutiveFailures += 1
    let doubled = interval * Double(1 << min(consecutiveFailures - 1, 20))
    let distance = min(doubled, longestBackoff)
    let spread = 1 + jitter * (2 * (random.isFinite ? min(max(random, 0), 1) : 0.5) - 1)
    return now.advanced(bySeconds: distance * spread)
  }
}
