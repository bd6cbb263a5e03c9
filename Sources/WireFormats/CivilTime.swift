/// A date and a time of day of the Gregorian calendar in UTC, exact to the second.
package struct CivilTime: Hashable, Sendable {
  /// The year; 0 is the one before 1.
  package var year: Int
  /// The month, 1 to 12.
  package var month: Int
  /// The day, 1 to 31.
  package var day: Int
  /// The hour, 0 to 23.
  package var hour: Int
  /// The minute, 0 to 59.
  package var minute: Int
  /// The second, 0 to 60.
  package var second: Int

  /// The moment so many seconds after 1970-01-01; negative ones lie before. Moments beyond 100 million years are clamped.
  package init(epochSeconds: Int) {
    let seconds = max(-3_000_000_000_000_000, min(epochSeconds, 3_000_000_000_000_000))
    let inDay = (seconds % 86_400 + 86_400) % 86_400
    // H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
    let shifted = (seconds - inDay) / 86_400 + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    hour = inDay / 3600
    minute = inDay / 60 % 60
    second = inDay % 60
  }

  /// Reads `2026-11-22T13:06:01`, also with a blank in the middle: 19 bytes, from `start`. Nil for anything else.
  ///
  /// A day has to lie between 1 and 31 only: the 31st of February is the 3rd of March.
  package init?(_ text: UnsafeBufferPointer<UInt8>, at start: Int = 0) {
    guard start >= 0, start + Self.length <= text.count else { return nil }
    func digits(_ offset: Int, _ count: Int) -> Int? {
      var value = 0
      for index in (start + offset)..<(start + offset + count) {
        guard text[index] &- 0x30 < 10 else { return nil }
        value = value * 10 + Int(text[index] - 0x30)
      }
      return value
    }
    guard let year = digits(0, 4), text[start + 4] == 0x2D, let month = digits(5, 2), text[start + 7] == 0x2D, let day = digits(8, 2),
      text[start + 10] == 0x20 || text[start + 10] == UInt8(ascii: "T"), let hour = digits(11, 2), text[start + 13] == 0x3A,
      let minute = digits(14, 2), text[start + 16] == 0x3A, let second = digits(17, 2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// How many bytes a date and a time take.
  package static let length = 19

  /// Seconds since 1970-01-01.
  package var epochSeconds: Int { Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second }

  /// `2026-11-22`.
  package var date: String { "\(NumberText.padded(year, 4))-\(NumberText.padded(month, 2))-\(NumberText.padded(day, 2))" }

  /// `13:06:01`.
  package var time: String { "\(NumberText.padded(hour, 2)):\(NumberText.padded(minute, 2)):\(NumberText.padded(second, 2))" }

  /// Days from 1970-01-01 to a date (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
