/// A time of the engine, exact to the nanosecond, which a floating-point number would not be.
struct EngineTime: Sendable, Hashable, Comparable {
  /// Nanoseconds since the epoch.
  var nanoseconds: Int64

  /// The time in the form that docker takes for `--since`: seconds, a dot, nine digits.
  var argument: String {
    let whole = max(0, nanoseconds)
    let fraction = String(whole % 1_000_000_000)
    return "\(whole / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
  }

  static func < (left: EngineTime, right: EngineTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Reads `2026-11-23T00:06:11.746529604Z`, with up to nine decimals, `Z` or an offset, at the beginning of a text.
  /// - Returns: the time, and how many bytes it takes; nil for anything else.
  static func read(_ text: some StringProtocol) -> (time: EngineTime, length: Int)? { read(Array(text.utf8.prefix(40))[...]) }

  /// The same, at the beginning of some bytes.
  static func read(_ bytes: ArraySlice<UInt8>) -> (time: EngineTime, length: Int)? {
    let line = Array(bytes.prefix(40))
    let stamp = line.withUnsafeBufferPointer { LogTimestampReading.seconds($0) }
    guard let stamp, line.count > 19 else { return nil }
    var position = 19
    var fraction: Int64 = 0
    if line[position] == UInt8(ascii: ".") {
      position += 1
      var scale: Int64 = 100_000_000
      let first = position
      while position < line.count, (0x30...0x39).contains(line[position]) {
        fraction += Int64(line[position] - 0x30) * scale
        scale /= 10
        position += 1
      }
      guard position > first, position - first <= 9 else { return nil }
    }
    guard position < line.count else { return nil }
    var offset: Int64 = 0
    switch line[position] {
    case UInt8(ascii: "Z"): position += 1
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard position + 6 <= line.count, line[position + 3] == UInt8(ascii: ":"),
        let hours = LogTimestampReading.number(line[(position + 1)..<(position + 3)]),
        let minutes = LogTimestampReading.number(line[(position + 4)..<(position + 6)]), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (line[position] == UInt8(ascii: "-") ? -1 : 1)
      position += 6
    default: return nil
    }
    // The year 2262 is where nanoseconds end.
    let (scaled, overflow) = (stamp - offset).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : (EngineTime(nanoseconds: scaled &+ fraction), position)
  }
}

/// The date and time of RFC 3339 without fraction and zone.
private enum LogTimestampReading {
  /// Seconds since the epoch of `2026-11-23T00:06:11`, taken as UTC.
  static func seconds(_ line: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard line.count >= 19, line[4] == 0x2D, line[7] == 0x2D, line[10] == UInt8(ascii: "T"), line[13] == 0x3A, line[16] == 0x3A,
      let year = number(line[0..<4]), let month = number(line[5..<7]), let day = number(line[8..<10]), let hour = number(line[11..<13]),
      let minute = number(line[14..<16]), let second = number(line[17..<19]), (1...12).contains(month), (1...31).contains(day), hour < 24,
      minute < 60, second <= 60
    else { return nil }
    return days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
  }

  static func number(_ digits: some Sequence<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
