import Events
import WireFormats

/// Reads typed values from environment variables; an empty variable counts as not set.
struct EnvironmentReader {
  let environment: [String: String]

  func text(_ name: String) -> String? {
    guard let value = environment[name], !value.isEmpty else { return nil }
    return value
  }

  func integer(_ name: String, _ allowed: ClosedRange<Int>) throws -> Int? {
    guard let text = text(name) else { return nil }
    guard let value = Int(text), allowed.contains(value) else {
      throw Problem(
        .usage, "\(name) is \(Self.quoted(text)), but must be a whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return value
  }

  func number(_ name: String, _ allowed: ClosedRange<Double>) throws -> Double? {
    guard let text = text(name) else { return nil }
    guard let value = Double(text), allowed.contains(value) else {
      throw Problem(
        .usage, "\(name) is \(Self.quoted(text)), but must be a number from \(allowed.lowerBound) to \(allowed.upperBound)")
    }
    return value
  }

  func flag(_ name: String) throws -> Bool? {
    guard let text = text(name) else { return nil }
    switch text.lowercased() {
    case "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default: throw Problem(.usage, "\(name) is \(Self.quoted(text)), but must be true or false")
    }
  }

  func logLevel(_ name: String) throws -> LogLevel? {
    guard let text = text(name) else { return nil }
    let lowered = text.lowercased() == "warn" ? "warning" : text.lowercased()
    guard let level = LogLevel(rawValue: lowered) else {
      throw Problem(.usage, "\(name) is \(Self.quoted(text)), but must be debug, info, warning, error or critical")
    }
    return level
  }

  /// The value between quotes, printable and short, because it comes from outside.
  static func quoted(_ text: String) -> String {
    let clean = text.unicodeScalars.prefix(60).map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : String($0) }.joined()
    return "\"\(clean)\""
  }
}
