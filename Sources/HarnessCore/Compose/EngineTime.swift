import WireFormats

/// A time of the engine, exact to the nanosecond, which a floating-point number would not be.
struct EngineTime: Sendable, Hashable, Comparable {
  /// Nanoseconds since the epoch.
  var nanoseconds: Int64

  /// The time in the form that docker takes for `--since`: seconds, a dot, nine digits.
  var argument: String {
    let whole = max(0, nanoseconds)
    return "\(whole / 1_000_000_000).\(NumberText.padded(Int(whole % 1_000_000_000), 9))"
  }

  static func < (left: EngineTime, right: EngineTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Reads `2026-11-23T00:06:11.746529604Z`, with up to nine decimals, `Z` or an offset, at the beginning of a text.
  /// - Returns: the time, and how many bytes it takes; nil for anything else.
  static func read(_ text: some StringProtocol) -> (time: EngineTime, length: Int)? { read(Array(text.utf8.prefix(40))[...]) }

  /// The same, at the beginning of some bytes.
  static func read(_ bytes: ArraySlice<UInt8>) -> (time: EngineTime, length: Int)? {
    let line = Array(bytes.prefix(40))
    let civil = line.withUnsafeBufferPointer { CivilTime($0) }
    guard let civil, line.count > CivilTime.length, line[10] == UInt8(ascii: "T") else { return nil }
    var position = CivilTime.length
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
        let hours = number(line[(position + 1)..<(position + 3)]), let minutes = number(line[(position + 4)..<(position + 6)]), hours < 24,
        minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (line[position] == UInt8(ascii: "-") ? -1 : 1)
      position += 6
    default: return nil
    }
    // The year 2262 is where nanoseconds end.
    let (scaled, overflow) = (Int64(civil.epochSeconds) - offset).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : (EngineTime(nanoseconds: scaled &+ fraction), position)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    digits.allSatisfy { $0 &- 0x30 < 10 } ? digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) } : nil
  }
}
