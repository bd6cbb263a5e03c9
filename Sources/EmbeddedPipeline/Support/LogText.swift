import Events
import WireFormats

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

    var json: JSONValue {
      switch self {
      case .text(let text): .string(text)
      case .integer(let number): .int(number)
      case .number(let number): .shortest(number)
      case .flag(let flag): .bool(flag)
      }
    }
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
      var writer = JSONWriter()
      writer.object {
        $0.field("timestamp") { $0.literal(NumberText.fixed(wall.epochSeconds.isFinite ? wall.epochSeconds : 0, 3)) }
        $0.field("level", level.rawValue)
        $0.field("msg", message)
        for (name, value) in fields { $0.field(name, value.json) }
      }
      return writer.text
    case .mediaService:
      if isBare { return message }
      let name = level == .critical ? "CRITICAL" : level.rawValue.uppercased()
      return "\(LogText.date(wall, utcOffsetSeconds: utcOffsetSeconds)) - \(logger) - \(name) - \(LogText.oneLine(message))"
    }
  }
}

/// How numbers, texts and times are written into logs.
enum LogText {
  /// A number without a point when it is whole.
  static func shortest(_ value: Double) -> String { value.isFinite ? NumberText.shortest(value) : "null" }

  /// Text on one line: control characters from outside become `?`.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }

  /// `2026-11-22 13:06:01,147`, as Python's logging writes local time.
  static func date(_ wall: WallTime, utcOffsetSeconds: Int) -> String {
    let milliseconds = Int64((max(-6e10, min(wall.epochSeconds, 2.5e11)) * 1000).rounded(.down)) + Int64(utcOffsetSeconds) * 1000
    let second = Int((Double(milliseconds) / 1000).rounded(.down))
    let time = CivilTime(epochSeconds: second)
    return "\(time.date) \(time.time),\(NumberText.padded(Int(milliseconds) - second * 1000, 3))"
  }

  /// `2026-11-22T13:06:01.147Z` (RFC 3339).
  static func utcDate(_ wall: WallTime) -> String {
    let parts = date(wall, utcOffsetSeconds: 0).split(separator: " ")
    return "\(parts.first ?? "")T\((parts.last ?? "").replacing(",", with: "."))Z"
  }

  /// Seconds east of UTC of the host's local time at a moment.
  static func hostUTCOffset(at wall: WallTime) -> Int {
    var seconds = time_t(max(0, min(wall.epochSeconds, 4e9)))
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return 0 }
    return parts.tm_gmtoff
  }
}
