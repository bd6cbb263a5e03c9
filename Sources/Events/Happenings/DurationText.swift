/// A length of time as loggers write it: a bare number in the unit that is asked for, or text that carries its units.
package enum DurationText {
  /// What a bare number means, and what is handed out.
  package enum Unit: Hashable, Sendable {
    case seconds, milliseconds

    /// How many of them a second has.
    var perSecond: Double { self == .seconds ? 1 : 1000 }

    /// "a number of seconds, or a duration such as 2s or 500ms".
    package var sentence: String {
      "a number of \(self == .seconds ? "seconds" : "milliseconds"), or a duration such as 2s or 500ms"
    }
  }

  /// The length of time that a value of a line stands for, in a unit; nil where it stands for none.
  package static func value(of value: FieldValue, in unit: Unit) -> Double? {
    if let number = value.number { return number }
    guard case .text(let text) = value else { return nil }
    return seconds(text).map { $0 * unit.perSecond }
  }

  /// Seconds of `1h2m3.5s`, `500ms`, `250us`, `PT1M30S` (ISO 8601, no more than days) and `[d.]00:00:30[.5]` (.NET); nil for anything else.
  package static func seconds(_ text: String) -> Double? {
    var bytes = Array(text.utf8.prefix(65))
    guard bytes.count <= 64 else { return nil }
    var sign = 1.0
    if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") { sign = bytes.removeFirst() == UInt8(ascii: "-") ? -1 : 1 }
    return (clock(bytes) ?? iso(bytes) ?? units(bytes)).map { sign * $0 }
  }

  /// In seconds; the micro sign is U+00B5 or U+03BC.
  private static let names: [(name: String, seconds: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("\u{B5}s", 1e-6), ("\u{3BC}s", 1e-6), ("ms", 1e-3), ("s", 1), ("sec", 1), ("secs", 1), ("second", 1),
    ("seconds", 1), ("m", 60), ("min", 60), ("h", 3600), ("d", 86_400),
  ]

  /// Numbers with a unit each, blanks between them allowed.
  private static func units(_ bytes: [UInt8]) -> Double? {
    var rest = bytes[...]
    var sum: Double?
    while !rest.isEmpty {
      let digits = rest.prefix { FieldValue.isDigit($0) || $0 == 0x2E }
      guard let number = FieldValue.number(in: String(decoding: digits, as: UTF8.self)) else { return nil }
      rest = rest.dropFirst(digits.count).drop { $0 == 0x20 }
      let word = rest.prefix { !FieldValue.isDigit($0) && $0 != 0x20 && $0 != 0x2E }
      guard let unit = names.first(where: { $0.name.utf8.elementsEqual(word) }) else { return nil }
      rest = rest.dropFirst(word.count).drop { $0 == 0x20 }
      sum = (sum ?? 0) + number * unit.seconds
    }
    return sum
  }

  /// `P1DT2H3M4.5S`.
  private static func iso(_ bytes: [UInt8]) -> Double? {
    guard bytes.first == UInt8(ascii: "P") else { return nil }
    var rest = bytes.dropFirst()
    var sum: Double?
    var isTime = false
    while !rest.isEmpty {
      if rest.first == UInt8(ascii: "T"), !isTime {
        isTime = true
        rest = rest.dropFirst()
        continue
      }
      let digits = rest.prefix { FieldValue.isDigit($0) || $0 == 0x2E }
      guard let number = FieldValue.number(in: String(decoding: digits, as: UTF8.self)) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit: Double
      switch (rest.first, isTime) {
      case (UInt8(ascii: "D"), false): unit = 86_400
      case (UInt8(ascii: "H"), true): unit = 3600
      case (UInt8(ascii: "M"), true): unit = 60
      case (UInt8(ascii: "S"), true): unit = 1
      default: return nil
      }
      rest = rest.dropFirst()
      sum = (sum ?? 0) + number * unit
    }
    return sum
  }

  /// `00:00:30`, `1.02:03:04.5`.
  private static func clock(_ bytes: [UInt8]) -> Double? {
    let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == 2, parts[2].count >= 2 else { return nil }
    let head = parts[0].split(separator: 0x2E, omittingEmptySubsequences: false)
    let numbers = (head + [parts[1], parts[2]]).map { FieldValue.number(in: String(decoding: $0, as: UTF8.self)) }
    guard head.count <= 2, !numbers.contains(where: { $0 == nil }) else { return nil }
    let found = numbers.compactMap(\.self)
    guard found[found.count - 2] < 60, found[found.count - 1] < 60 else { return nil }
    let days = found.count == 4 ? found[0] : 0
    return days * 86_400 + found[found.count - 3] * 3600 + found[found.count - 2] * 60 + found[found.count - 1]
  }
}
