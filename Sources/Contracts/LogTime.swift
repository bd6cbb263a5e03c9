import WireFormats

/// A time as a log line writes it, in any of the ways that are known; it may lack its date, or its year.
struct LogTime: Hashable, Sendable {
  /// What has to come from elsewhere.
  enum Gap: Hashable, Sendable {
    /// Only the time of day is written.
    case date
    /// Month and day are written, and no year.
    case year
  }

  /// The local time as if it were UTC, in seconds since the epoch: of a time without a date on 1970-01-01, without a year in 1972.
  var localSeconds: Double
  /// Seconds east of UTC, where the line says so.
  var offsetSeconds: Int?
  /// How many bytes it takes.
  var length: Int
  /// What is not written.
  var gap: Gap?

  /// The year that stands for one that is not written: it has a 29th of February.
  private static let leapYear = 1972

  /// Reads a time; nil where none of the known ways begins at `start`.
  ///
  /// Known are ISO 8601 and its neighbours (``LogTimestamp``), `2026/11/22 13:06:01`, `22-Nov-2026 13:06:01`, `22/Nov/2026:13:06:01 +0000`,
  /// `Nov 22 13:06:01`, `Nov 22, 2026 13:06:01`, `Sun Nov 22 13:06:01 2026`, `Sun, 22 Nov 2026 13:06:01 GMT`, `13:06:01.147`, and seconds
  /// since 1970 of ten digits; each with decimals and an offset where they stand.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int = 0) {
    guard start >= 0, start < line.count else { return nil }
    if isDigit(line[start]) {
      if let stamp = LogTimestamp(line, at: start) {
        self.init(stamp)
      } else if let found = Self.slashed(line, start) ?? Self.ofDay(line, start) ?? Self.dayFirst(line, start) ?? Self.epoch(line, start) {
        self = found
      } else {
        return nil
      }
    } else if let found = Self.monthFirst(line, start) ?? Self.weekday(line, start) {
      self = found
    } else {
      return nil
    }
  }

  init(_ stamp: LogTimestamp) {
    localSeconds = stamp.localSeconds
    offsetSeconds = stamp.offsetSeconds
    length = stamp.length
  }

  private init(_ day: Int, _ clock: Clock, from start: Int, end: Int? = nil, gap: Gap? = nil) {
    localSeconds = Double(day * 86_400) + clock.seconds
    offsetSeconds = clock.offsetSeconds
    length = (end ?? clock.end) - start
    self.gap = gap
  }

  /// `13:06:01.147+00:00`, also with one digit of the hour.
  private struct Clock {
    var seconds: Double
    var offsetSeconds: Int?
    var end: Int

    init?(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) {
      guard let (hour, first) = number(line, start, 1...2), hour < 24, byte(line, first) == 0x3a,
        let (minute, second) = number(line, first + 1, 2...2), minute < 60, byte(line, second) == 0x3a,
        let (rest, last) = number(line, second + 1, 2...2), rest <= 60, !isDigit(byte(line, last)), byte(line, last) != 0x3a
      else { return nil }
      let tail = LogTimestamp.Tail(line, at: last)
      seconds = Double(hour * 3600 + minute * 60 + rest) + tail.fraction
      offsetSeconds = tail.offsetSeconds
      end = tail.end
    }
  }

  /// `2026/11/22 13:06:01`, of Go and nginx.
  private static func slashed(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard let (year, first) = number(line, start, 4...4), byte(line, first) == 0x2f, let (month, second) = number(line, first + 1, 2...2),
      byte(line, second) == 0x2f, let (day, end) = number(line, second + 1, 2...2), isDate(month, day),
      byte(line, end) == 0x20 || byte(line, end) == UInt8(ascii: "T"), let clock = Clock(line, end + 1)
    else { return nil }
    return LogTime(CivilTime.days(year: year, month: month, day: day), clock, from: start)
  }

  private static func ofDay(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard isDigit(byte(line, start + 1)), let clock = Clock(line, start) else { return nil }
    return LogTime(0, clock, from: start, gap: .date)
  }

  /// `22-Nov-2026 13:06:01`, `22 Nov 2026 13:06:01`, `22/Nov/2026:13:06:01`.
  private static func dayFirst(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard let (day, first) = number(line, start, 1...2) else { return nil }
    let separator = byte(line, first)
    guard separator == 0x2d || separator == 0x20 || separator == 0x2f, let month = month(line, first + 1), isDate(month, day),
      byte(line, first + 4) == separator, let (year, end) = number(line, first + 5, 4...4),
      [0x20, 0x3a, UInt8(ascii: "T")].contains(byte(line, end)), let clock = Clock(line, end + 1)
    else { return nil }
    return LogTime(CivilTime.days(year: year, month: month, day: day), clock, from: start)
  }

  /// `Nov 22 13:06:01`, `Nov  2 13:06:01`, `Nov 22 13:06:01 2026`, `Nov 22, 2026 13:06:01`.
  private static func monthFirst(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard byte(line, start + 3) == 0x20, let month = month(line, start),
      let (day, first) = number(line, byte(line, start + 4) == 0x20 ? start + 5 : start + 4, 1...2), isDate(month, day)
    else { return nil }
    if byte(line, first) == 0x2c, byte(line, first + 1) == 0x20, let (year, end) = number(line, first + 2, 4...4), byte(line, end) == 0x20,
      let clock = Clock(line, end + 1)
    {
      return LogTime(CivilTime.days(year: year, month: month, day: day), clock, from: start)
    }
    guard byte(line, first) == 0x20, let clock = Clock(line, first + 1) else { return nil }
    if byte(line, clock.end) == 0x20, let (year, end) = number(line, clock.end + 1, 4...4), (1970...2200).contains(year),
      !isWordByte(byte(line, end))
    {
      return LogTime(CivilTime.days(year: year, month: month, day: day), clock, from: start, end: end)
    }
    return LogTime(CivilTime.days(year: leapYear, month: month, day: day), clock, from: start, gap: .year)
  }

  /// Any of them behind the name of a day: `Sun Nov 22 …`, `Sun, 22 Nov …`, `Sun 2026-11-22 …`.
  private static func weekday(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard start + 5 < line.count, line[start + 3] == 0x20 || line[start + 3] == 0x2c,
      days.contains(where: { line[start..<(start + 3)].elementsEqual($0.utf8) })
    else { return nil }
    let first = line[start + 3] == 0x2c ? start + 5 : start + 4
    guard line[first - 1] == 0x20 else { return nil }
    var found = LogTimestamp(line, at: first).map { LogTime($0) } ?? monthFirst(line, first) ?? dayFirst(line, first)
    found?.length += first - start
    return found
  }

  /// `1767139200.120`: seconds since 1970, between 2001 and 2286.
  private static func epoch(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> LogTime? {
    guard let (seconds, end) = number(line, start, 10...10), seconds >= 1_000_000_000, !isDigit(byte(line, end)) else { return nil }
    let tail = LogTimestamp.Tail(line, at: end)
    guard tail.end == line.count || isSpace(line[tail.end]) || line[tail.end] == 0x7c || line[tail.end] == 0x5d else { return nil }
    var found = LogTime(LogTimestamp.epoch(Double(seconds) + tail.fraction, length: tail.end - start))
    found.offsetSeconds = 0
    return found
  }

  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// The month whose three letters stand at a place, 1 to 12.
  private static func month(_ line: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard start + 3 <= line.count else { return nil }
    return months.firstIndex { line[start..<(start + 3)].elementsEqual($0.utf8) }.map { $0 + 1 }
  }

  private static func isDate(_ month: Int, _ day: Int) -> Bool { (1...12).contains(month) && (1...31).contains(day) }
}

extension LogTimestamp {
  fileprivate static func epoch(_ seconds: Double, length: Int) -> LogTimestamp {
    LogTimestamp(localSeconds: seconds, offsetSeconds: 0, length: length, decimals: 0)
  }

  private init(localSeconds: Double, offsetSeconds: Int?, length: Int, decimals: Int) {
    self.localSeconds = localSeconds
    self.offsetSeconds = offsetSeconds
    self.length = length
    self.decimals = decimals
  }
}

/// The byte at a place; 0 behind the end.
private func byte(_ line: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8 { index < line.count ? line[index] : 0 }

/// A number of so many digits, and where it ends; more digits than that are another number.
private func number(_ line: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: ClosedRange<Int>) -> (value: Int, end: Int)? {
  var end = start
  var value = 0
  while end < line.count, end - start < length.upperBound, isDigit(line[end]) {
    value = value * 10 + Int(line[end] - 0x30)
    end += 1
  }
  return end - start >= length.lowerBound ? (value, end) : nil
}
