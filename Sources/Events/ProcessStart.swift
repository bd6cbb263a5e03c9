import WireFormats

/// What two start times of a process tell of it: `process_start_time_seconds`, and the `_created` of its series.
package enum ProcessStart {
  /// A start time that moves by less is rounding, in seconds.
  private static let tolerance = 0.5

  /// Whether a process, or a series, is another one than before; nil where one of the two is not told.
  /// - Parameters:
  ///   - before: when the former one began, in seconds since 1970.
  ///   - now: the same of the present one.
  package static func isLater(_ now: Double?, than before: Double?) -> Bool? {
    guard let now, let before else { return nil }
    return now > before + tolerance
  }
}
