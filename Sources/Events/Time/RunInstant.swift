/// A point on a run's own time axis: time since the run began, in pipeline time.
///
/// At pipeline speed N one real second is N seconds on this axis, so that every number a user reads agrees with the
/// numbers the services write into their logs and metrics.
package struct RunInstant: Hashable, Comparable, Codable, Sendable {
  /// Nanoseconds since the run began; negative for what was logged before it.
  package var nanoseconds: Int64

  /// An instant this many nanoseconds after the beginning of the run.
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// An instant this many seconds after the beginning of the run; clamped to what nanoseconds can hold, and 0 for NaN.
  package init(seconds: Double) {
    let scaled = seconds * 1e9
    nanoseconds = scaled.isNaN ? 0 : scaled >= 9.2e18 ? .max : scaled <= -9.2e18 ? .min : Int64(scaled.rounded())
  }

  /// The beginning of the run.
  package static let zero = RunInstant(nanoseconds: 0)

  /// Seconds since the run began.
  package var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Orders by time or name.
  package static func < (left: RunInstant, right: RunInstant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Seconds from `other` to this instant; negative when `other` is later.
  package func seconds(since other: RunInstant) -> Double {
    Double(nanoseconds.subtractingReportingOverflow(other.nanoseconds).partialValue) / 1e9
  }

  /// This instant moved by a number of seconds.
  package func advanced(bySeconds seconds: Double) -> RunInstant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(RunInstant(seconds: seconds).nanoseconds)
    return RunInstant(nanoseconds: overflow ? (seconds < 0 ? .min : .max) : sum)
  }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws {
    nanoseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes the value so that `init(from:)` reads it back.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(nanoseconds)
  }
}

/// A wall-clock time: seconds since 1970-01-01 00:00 UTC.
package struct WallTime: Hashable, Comparable, Codable, Sendable {
  /// Seconds since the epoch.
  package var epochSeconds: Double

  /// A wall-clock time from seconds since the epoch.
  package init(epochSeconds: Double) { self.epochSeconds = epochSeconds }

  /// Orders by time or name.
  package static func < (left: WallTime, right: WallTime) -> Bool { left.epochSeconds < right.epochSeconds }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws {
    epochSeconds = try decoder.singleValueContainer().decode(Double.self)
  }

  /// Writes the value so that `init(from:)` reads it back.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(epochSeconds)
  }
}
