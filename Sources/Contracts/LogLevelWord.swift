import Events
import WireFormats

extension LogLevel {
  /// The level a word names, in any case: `WARN`, `Information`, `ftl`; nil for anything else.
  init?(word: UnsafeBufferPointer<UInt8>) {
    guard (3...13).contains(word.count) else { return nil }
    // Eight letters tell the words apart; the rest of the longer ones is looked at afterwards.
    var head: UInt64 = 0
    for index in 0..<min(8, word.count) { head |= UInt64(asciiLowercase(word[index])) << UInt64(8 * index) }
    for entry in LogLevelWord.all where entry.head == head && entry.letters.count == word.count {
      guard word.count <= 8 || zip(entry.letters, word).allSatisfy({ $0 == asciiLowercase($1) }) else { continue }
      self = entry.level
      return
    }
    return nil
  }

  /// The level a letter stands for, in capitals; nil for anything else.
  init?(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "D"), UInt8(ascii: "T"), UInt8(ascii: "V"): self = .debug
    case UInt8(ascii: "I"): self = .info
    case UInt8(ascii: "W"): self = .warning
    case UInt8(ascii: "E"): self = .error
    case UInt8(ascii: "C"), UInt8(ascii: "F"): self = .critical
    default: return nil
    }
  }

  /// Whose numbers a line's level is in.
  enum Scale: Sendable {
    /// bunyan, pino: 30 is info, 50 is error.
    case pino
    /// Python's logging: 20 is info, 40 is error.
    case python
    /// Syslog: 0 is an emergency, 7 is debug.
    case syslog
  }

  /// The level that a number stands for; nil for one that is none of its scale.
  init?(number: Double, scale: Scale) {
    switch (scale, number) {
    case (.syslog, 0..<3): self = .critical
    case (.syslog, 3..<4): self = .error
    case (.syslog, 4..<5): self = .warning
    case (.syslog, 5..<7): self = .info
    case (.syslog, 7..<8): self = .debug
    case (.python, 1..<20), (.pino, 10..<30): self = .debug
    case (.python, 20..<30), (.pino, 30..<40): self = .info
    case (.python, 30..<40), (.pino, 40..<50): self = .warning
    case (.python, 40..<50), (.pino, 50..<60): self = .error
    case (.python, 50...100), (.pino, 60...100): self = .critical
    default: return nil
    }
  }

  /// The level that a value of a field stands for: a word, a letter, or a number, be it in quotes.
  init?(value: FieldValue, scale: Scale) {
    switch value {
    case .number(let number):
      guard let level = LogLevel(number: number, scale: scale) else { return nil }
      self = level
    case .text(var text):
      let found = text.withUTF8 { bytes -> LogLevel? in
        guard let first = bytes.first else { return nil }
        if bytes.count == 1, let level = LogLevel(letter: first) { return level }
        if isDigit(first) { return FieldValue.number(in: bytes).flatMap { LogLevel(number: $0, scale: scale) } }
        return LogLevel(word: bytes)
      }
      guard let found else { return nil }
      self = found
    case .flag: return nil
    }
  }
}

/// A word for a level, with its first eight letters as a number: every line is asked for one.
private struct LogLevelWord {
  let head: UInt64
  let letters: [UInt8]
  let level: LogLevel

  init(_ word: String, _ level: LogLevel) {
    letters = Array(word.utf8)
    head = letters.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    self.level = level
  }

  /// Those that are written most stand first.
  static let all: [LogLevelWord] = [
    (LogLevel.info, ["info", "inf", "information", "informational", "notice"]), (.warning, ["warning", "warn", "wrn"]),
    (.error, ["error", "err", "eror", "erro", "severe", "sev"]), (.debug, ["debug", "trace", "dbg", "verbose"]),
    (.critical, ["critical", "crit", "fatal", "ftl", "panic", "dpanic", "pnc", "emergency", "emerg", "alert"]),
  ].flatMap { level, words in words.map { LogLevelWord($0, level) } }
}

/// Where lines of fields, JSON or logfmt, say their level.
enum LogLevelField {
  /// In the order in which they are believed.
  static let keys = [
    "level", "levelname", "level_name", "lvl", "log.level", "loglevel", "log_level", "logLevel", "Level", "LEVEL", "@l", "levelno",
    "severity", "severityText", "severity_text", "Severity", "SEVERITY", "priority", "PRIORITY", "level.name", "record.level.name",
  ]

  /// What numbers under a key mean.
  /// - Parameter isPython: whether Python's logging wrote the line.
  static func scale(of key: String, isPython: Bool) -> LogLevel.Scale {
    switch key {
    case "severity", "Severity", "SEVERITY", "priority", "PRIORITY": .syslog
    case "levelno": .python
    default: isPython ? .python : .pino
    }
  }
}
