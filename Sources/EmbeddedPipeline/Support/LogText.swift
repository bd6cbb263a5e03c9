import HarnessModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One line of a log before it is written: JSON or plain text.
struct LogEntry: Sendable, Equatable {
  /// A value of a JSON line.
  enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
  }

  var level: LogLevel
  /// JSON: the message. Plain: what comes after the level.
  var message: String
  /// Plain only: the logger's name.
  var logger = ""
  /// JSON only: further fields, in order.
  var fields: [(String, Value)] = []
  /// Plain only: written as it is, without time, name and level (access lines).
  var isBare = false

  init(_ level: LogLevel, _ message: String, logger: String = "", fields: [(String, Value)] = [], isBare: Bool = false) {
    self.level = level
    self.message = message
    self.logger = logger
    self.fields = fields
    self.isBare = isBare
  }

  static func == (left: LogEntry, right: LogEntry) -> Bool {
    left.level == right.level && left.message == right.message && left.logger == right.logger && left.isBare == right.isBare
      && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  /// The line in a shape, at a wall-clock time, without its end.
  func line(shape: ServiceShape, at wall: WallTime, utcOffsetSeconds: Int) -> String {
    switch shape {
    case .spec018:
      var line = "{\"timestamp\":\(LogText.fixed(wall.epochSeconds, digits: 3)),\"level\":\"\(level.rawValue)\",\"msg\":"
      line += LogText.quoted(message)
      for (name, value) in fields {
        line += ",\"\(name)\":"
        switch value {
        case .text(let text): line += LogText.quoted(text)
        case .integer(let number): line += "\(number)"
        case .number(let number): line += LogText.shortest(number)
        case .flag(let flag): line += flag ? "true" : "false"
        }
      }
      return line + "}"
    case .mediaService:
      if isBare { return message }
      let name = level == .critical ? "CRITICAL" : level.rawValue.uppercased()
      return "\(LogText.date(wall, utcOffsetSeconds: utcOffsetSeconds)) - \(logger) - \(name) - \(LogText.oneLine(message))"
    }
  }
}

/// How numbers, texts and times are written into logs.
enum LogText {
  /// A number with a fixed count of digits after the point (at most 6); values beyond 64 bits are clamped.
  static func fixed(_ value: Double, digits: Int) -> String {
    let scale = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000][max(0, min(digits, 6))]
    let scaled = (value * Double(scale)).rounded()
    let clamped = scaled.isNaN ? 0 : Int64(max(-9e18, min(9e18, scaled)))
    let magnitude = clamped.magnitude
    let sign = clamped < 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(magnitude)" }
    let fraction = String(magnitude % UInt64(scale))
    return "\(sign)\(magnitude / UInt64(scale)).\(String(repeating: "0", count: max(0, digits - fraction.count)))\(fraction)"
  }

  /// A number as JSON, without a point when it is whole.
  static func shortest(_ value: Double) -> String {
    if !value.isFinite { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// Text on one line: control characters from outside become `?`.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }

  /// `2026-11-22 13:06:01,147`, as Python's logging writes local time.
  static func date(_ wall: WallTime, utcOffsetSeconds: Int) -> String {
    let milliseconds = Int64((max(-6e10, min(wall.epochSeconds, 2.5e11)) * 1000).rounded(.down)) + Int64(utcOffsetSeconds) * 1000
    let days = (Double(milliseconds) / 86_400_000).rounded(.down)
    let inDay = Int(milliseconds - Int64(days) * 86_400_000)
    let (year, month, day) = civil(days: Int(days))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let fraction = inDay % 1000
    let padding = fraction < 10 ? "00" : fraction < 100 ? "0" : ""
    return "\(year)-\(two(month))-\(two(day)) \(two(inDay / 3_600_000)):\(two(inDay / 60_000 % 60)):\(two(inDay / 1000 % 60)),"
      + "\(padding)\(fraction)"
  }

  /// `2026-11-22T13:06:01.147Z` (RFC 3339).
  static func utcDate(_ wall: WallTime) -> String {
    let parts = date(wall, utcOffsetSeconds: 0).split(separator: " ")
    return "\(parts.first ?? "")T\((parts.last ?? "").replacing(",", with: "."))Z"
  }

  /// Days since 1970-01-01 to a date (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
  private static func civil(days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// Seconds east of UTC of the host's local time at a moment.
  static func hostUTCOffset(at wall: WallTime) -> Int {
    var seconds = time_t(max(0, min(wall.epochSeconds, 4e9)))
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return 0 }
    return parts.tm_gmtoff
  }
}
