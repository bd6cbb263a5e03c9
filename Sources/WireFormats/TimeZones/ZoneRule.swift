/// What a zone's clocks show every year, as POSIX writes it in TZ (IEEE Std 1003.1, 8.3) with the extensions of RFC 8536, 3.3.1:
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Hashable, Sendable {
  /// A day of every year, and a time of it.
  struct Day: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      /// Of a month (1 to 12), the week (1 to 5; 5 is the last) and the day of the week (0 is Sunday).
      case week(month: Int, week: Int, weekday: Int)
      /// 1 to 365; the 29th of February is never counted.
      case julian(Int)
      /// 0 to 365, with the 29th of February.
      case ordinal(Int)
    }

    let kind: Kind
    /// In seconds from midnight of the local time until then: -167 to 167 hours.
    let seconds: Int
  }

  /// Seconds east of UTC.
  let standard: Int
  /// Daylight saving time: its offset, its first and its last moment; nil where there is none.
  let summer: Summer?

  struct Summer: Hashable, Sendable {
    let offset: Int
    let begin: Day
    let end: Day
  }

  /// Nil for anything that is no rule.
  init?(_ text: String) {
    var reader = Reader(rest: Array(text.utf8)[...])
    guard reader.name(), let standard = reader.time(hours: 24) else { return nil }
    self.standard = -standard
    guard !reader.rest.isEmpty else {
      summer = nil
      return
    }
    guard reader.name() else { return nil }
    let offset = reader.rest.first == UInt8(ascii: ",") ? 3600 - standard : reader.time(hours: 24).map { -$0 }
    guard let offset, let begin = reader.day(), let end = reader.day(), reader.rest.isEmpty else { return nil }
    summer = Summer(offset: offset, begin: begin, end: end)
  }

  /// Seconds east of UTC at a moment, in seconds since 1970-01-01 UTC.
  func offset(at epochSeconds: Int64) -> Int {
    guard let summer else { return standard }
    let year = CivilTime(epochSeconds: Int(epochSeconds) + standard).year
    // A rule's times are those of the clocks until then.
    let begin = summer.begin.epochSeconds(year) - standard
    let end = summer.end.epochSeconds(year) - summer.offset
    let now = Int(epochSeconds)
    // South of the equator summer goes over the new year.
    let isSummer = begin < end ? now >= begin && now < end : now >= begin || now < end
    return isSummer ? summer.offset : standard
  }
}

extension ZoneRule.Day {
  /// When it is in a year, as if local time were UTC, in seconds since 1970-01-01.
  func epochSeconds(_ year: Int) -> Int {
    func day(_ month: Int, _ day: Int) -> Int { CivilTime.days(year: year, month: month, day: day) }
    let date: Int
    switch kind {
    case .julian(let number):
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      date = day(1, 1) + number - 1 + (isLeap && number > 59 ? 1 : 0)
    case .ordinal(let number): date = day(1, 1) + number
    case .week(let month, let week, let weekday):
      let first = day(month, 1)
      // 1970-01-01 was a Thursday.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      let begin = first + (weekday - firstWeekday + 7) % 7
      let next = month == 12 ? CivilTime.days(year: year + 1, month: 1, day: 1) : day(month + 1, 1)
      let wanted = begin + (week - 1) * 7
      date = wanted < next ? wanted : wanted - 7
    }
    return date * 86_400 + seconds
  }
}

/// Reads a rule from left to right.
private struct Reader {
  var rest: ArraySlice<UInt8>

  mutating func take(_ byte: Character) -> Bool {
    guard let first = rest.first, first == byte.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  /// `CEST`, `<+03>`.
  mutating func name() -> Bool {
    if take("<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[(end + 1)...]
      return true
    }
    let letters = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }
    rest = rest[letters.endIndex...]
    return letters.count >= 3
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...3).contains(digits.count) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    rest = rest[digits.endIndex...]
    return range.contains(value) ? value : nil
  }

  /// `-3`, `3:30`, `-12:45:00`, in seconds.
  mutating func time(hours: Int) -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard var seconds = number(0...hours) else { return nil }
    seconds *= 3600
    for unit in [60, 1] where take(":") {
      guard let value = number(0...59) else { return nil }
      seconds += value * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// `,M3.5.0/2`, `,J60`, `,59/1:30`.
  mutating func day() -> ZoneRule.Day? {
    guard take(",") else { return nil }
    let kind: ZoneRule.Day.Kind
    if take("M") {
      guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6) else { return nil }
      kind = .week(month: month, week: week, weekday: weekday)
    } else if take("J") {
      guard let day = number(1...365) else { return nil }
      kind = .julian(day)
    } else {
      guard let day = number(0...365) else { return nil }
      kind = .ordinal(day)
    }
    guard take("/") else { return ZoneRule.Day(kind: kind, seconds: 7200) }
    return time(hours: 167).map { ZoneRule.Day(kind: kind, seconds: $0) }
  }
}
