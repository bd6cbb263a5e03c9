/// A date and time as log lines write them.
struct LogTimestamp: Hashable, Sendable {
  /// The local time as if it were UTC, in seconds since the epoch.
  var localSeconds: Double
  /// Seconds east of UTC, where the line says so.
  var offsetSeconds: Int?
  /// How many bytes it takes.
  var length: Int

  /// Reads `2026-11-22 13:06:01,147`, also with `T`, a dot, any number of decimals, `Z` or an offset; nil for anything else.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int = 0) {
    guard start + 19 <= line.count else { return nil }
    func digits(_ offset: Int, _ count: Int) -> Int? {
      var value = 0
      for index in (start + offset)..<(start + offset + count) {
        guard isDigit(line[index]) else { return nil }
        value = value * 10 + Int(line[index] - 0x30)
      }
      return value
    }
    guard let year = digits(0, 4), line[start + 4] == 0x2d, let month = digits(5, 2), line[start + 7] == 0x2d, let day = digits(8, 2),
      line[start + 10] == 0x20 || line[start + 10] == UInt8(ascii: "T"), let hour = digits(11, 2), line[start + 13] == 0x3a,
      let minute = digits(14, 2), line[start + 16] == 0x3a, let second = digits(17, 2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var position = start + 19
    var fraction = 0.0
    if position + 1 < line.count, line[position] == 0x2c || line[position] == 0x2e, isDigit(line[position + 1]) {
      position += 1
      var scale = 0.1
      while position < line.count, isDigit(line[position]) {
        fraction += Double(line[position] - 0x30) * scale
        scale /= 10
        position += 1
      }
    }
    if position < line.count, line[position] == UInt8(ascii: "Z") {
      offsetSeconds = 0
      position += 1
    } else if position + 5 <= line.count, line[position] == 0x2b || line[position] == 0x2d {
      let end = position + 3 < line.count && line[position + 3] == 0x3a ? position + 6 : position + 5
      if end <= line.count, let offset = LogTimeZone.offset(String(decoding: line[position..<end], as: UTF8.self)) {
        offsetSeconds = offset
        position = end
      }
    }
    let days = Self.days(year: year, month: month, day: day)
    let milliseconds = (fraction * 1e6).rounded() / 1e6
    localSeconds = Double(days * 86_400 + hour * 3600 + minute * 60 + second) + milliseconds
    length = position - start
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
