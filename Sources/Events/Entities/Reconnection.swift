import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One attempt to reconnect (data model: *reconnection attempt*).
package struct ReconnectionAttempt: Codable, Hashable, Sendable {
  /// 1 for the first attempt after a loss.
  package var attempt: Int
  /// The delay that was planned before it, in seconds, where the service says so.
  package var plannedDelaySeconds: Double?
  /// Whether it connected; nil where it is not known yet.
  package var success: Bool?

  /// An attempt to reconnect.
  package init(attempt: Int, plannedDelaySeconds: Double? = nil, success: Bool? = nil) {
    self.attempt = attempt
    self.plannedDelaySeconds = plannedDelaySeconds
    self.success = success
  }

  /// What the data model forbids in this attempt.
  package func violations(schedule: BackoffSchedule) -> [ValidationError] {
    if attempt < 1 || attempt > schedule.maximumAttempts {
      return [ValidationError(field: "attempt", message: "is \(attempt), but must be 1 to \(schedule.maximumAttempts)")]
    }
    return []
  }
}

/// The delays before reconnection attempts, as the contract has them.
package struct BackoffSchedule: Codable, Hashable, Sendable {
  /// The delay before attempt 1, in seconds.
  package var firstDelaySeconds: Double
  /// What each further delay is multiplied by.
  package var factor: Double
  /// How many attempts are made.
  package var maximumAttempts: Int
  /// How far, in seconds, a planned delay may lie from the formula (jitter).
  package var jitterSeconds: Double
  /// How far a measured delay may lie from the planned one, as a share of it (0.2 is 20 %).
  package var tolerance: Double
  /// The longest delay, in seconds; nil for none.
  package var longestDelaySeconds: Double?

  /// The delays before reconnection attempts.
  package init(
    firstDelaySeconds: Double = 2, factor: Double = 2, maximumAttempts: Int = 5, jitterSeconds: Double = 0, tolerance: Double = 0.2,
    longestDelaySeconds: Double? = nil
  ) {
    self.firstDelaySeconds = firstDelaySeconds
    self.factor = factor
    self.maximumAttempts = maximumAttempts
    self.jitterSeconds = jitterSeconds
    self.tolerance = tolerance
    self.longestDelaySeconds = longestDelaySeconds
  }

  /// The delay before an attempt (1 is the first), in seconds: first * factor^(attempt - 1), at most the longest; with the default, 2^attempt.
  package func delaySeconds(beforeAttempt attempt: Int) -> Double {
    min(longestDelaySeconds ?? .infinity, firstDelaySeconds * pow(factor, Double(max(1, attempt) - 1)))
  }

  /// All delays, in order, in seconds.
  package var delays: [Double] { (1...max(1, min(maximumAttempts, 100))).map { delaySeconds(beforeAttempt: $0) } }
}
