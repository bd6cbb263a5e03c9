import Events
import WireFormats

/// Numbers as the times of log lines.
enum LogEpoch {
  /// Seconds since 1970 of a number of seconds, milliseconds, microseconds or nanoseconds.
  ///
  /// Which it is its size says: no log is older than 1973 or newer than the year 5138, whatever its unit.
  static func seconds(_ number: Double) -> Double {
    switch number.magnitude {
    case ..<1e11: number
    case ..<1e14: number / 1e3
    case ..<1e17: number / 1e6
    default: number / 1e9
    }
  }
}

/// Where the date of a time of day, or the year of a date, comes from.
enum LogDate {
  /// The local time that is meant, as if it were UTC, in seconds since 1970.
  /// - Parameters:
  ///   - reference: a moment near which the line was written, in the same local time.
  ///   - isNear: whether the line may have been written after it as well as before; else only before, but for a clock that is a little ahead.
  static func local(_ time: LogTime, _ gap: LogTime.Gap, reference: Double, isNear: Bool) -> Double {
    switch gap {
    case .date:
      let midnight = (reference / 86_400).rounded(.down) * 86_400
      let latest = reference + (isNear ? 12 : aheadHours) * 3600
      return (-1...1).reversed().lazy.map { midnight + Double($0) * 86_400 + time.localSeconds }.first { $0 <= latest }
        ?? midnight - 86_400 + time.localSeconds
    case .year:
      let year = CivilTime(epochSeconds: Int(reference)).year
      let latest = reference + 86_400 * (isNear ? 183 : 2)
      let written = CivilTime(epochSeconds: Int(time.localSeconds.rounded(.down)))
      func moved(to year: Int) -> Double {
        Double(CivilTime.days(year: year, month: written.month, day: written.day) * 86_400)
          + time.localSeconds - (time.localSeconds / 86_400).rounded(.down) * 86_400
      }
      return [year + 1, year, year - 1].lazy.map(moved).first { $0 <= latest } ?? moved(to: year - 1)
    }
  }

  /// How far a clock of a service may be ahead of ours before its times of day are taken for yesterday's, in hours: zones that a contract
  /// does not name, and summer time.
  private static let aheadHours = 2.0
}
