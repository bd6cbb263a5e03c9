import Events
import WireFormats

extension LogLevel {
  /// The level a word names, in any case: `WARN`, `Information`, `ftl`; nil for anything else.
  init?(word: UnsafeBufferPointer<UInt8>) {
    guard (3...13).contains(word.count) else { return nil }
    switch String(decoding: word.map(asciiLowercase), as: UTF8.self) {
    case "trace", "debug", "dbg", "verbose": self = .debug
    case "info", "inf", "information", "informational", "notice": self = .info
    case "warning", "warn", "wrn": self = .warning
    case "error", "err", "eror", "erro", "severe", "sev": self = .error
    case "critical", "crit", "fatal", "ftl", "panic", "dpanic", "pnc", "emergency", "emerg", "alert": self = .critical
    default: return nil
    }
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
