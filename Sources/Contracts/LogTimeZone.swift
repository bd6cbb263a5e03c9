import WireFormats

/// The zone of log times that carry none.
package struct LogTimeZone: Sendable {
  private enum Zone: Sendable {
    case fixed(Int)
    case named(ZoneRules)
  }

  private let zone: Zone
  /// The offset found last, and for which quarter of an hour of local time: zones change only at such boundaries.
  private var cached: (quarter: Int, offset: Int)?

  private init(zone: Zone) { self.zone = zone }

  /// A fixed offset, in seconds east of UTC.
  package static func fixed(secondsEast: Int) -> LogTimeZone { LogTimeZone(zone: .fixed(secondsEast)) }

  /// Reads `host`, `UTC`, an offset such as `+02:00`, or an IANA name; nil for anything else.
  /// - Parameter host: what `host` stands for.
  package init?(_ spelling: String, host: LogTimeZone) {
    switch spelling {
    case "host": self = host
    case "UTC", "GMT", "Z": self = .fixed(secondsEast: 0)
    default:
      if let seconds = Self.offset(spelling) {
        self = .fixed(secondsEast: seconds)
      } else if spelling.utf8.allSatisfy({ byte in isWordByte(byte) || byte == 0x2f || byte == 0x2b || byte == 0x2d }),
        let rules = ZoneDatabase.rules(of: spelling)
      {
        self = LogTimeZone(zone: .named(rules))
      } else {
        return nil
      }
    }
  }

  /// Why a spelling is refused.
  package static func refusal(_ spelling: String) -> String {
    if ZoneDatabase.isThere {
      return "\"\(spelling)\" is no time zone; write host, UTC, an offset such as +02:00, or a name such as Europe/Berlin"
    }
    return "\"\(spelling)\" cannot be looked up, for this machine knows no time zones by name: install tzdata, or write host, UTC or +02:00"
  }

  /// Seconds east of UTC of `+02:00`, `-0330` or `+2`; nil for anything else.
  static func offset(_ spelling: String) -> Int? {
    let bytes = Array(spelling.utf8)
    guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    let digits = bytes.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard (1...4).contains(digits.count), digits.allSatisfy({ byte in isDigit(byte) }), bytes.count - digits.count <= 2 else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    let (hours, minutes) = digits.count <= 2 ? (value, 0) : (value / 100, value % 100)
    guard hours <= 14, minutes < 60 else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// Seconds since the epoch of a local time.
  /// - Parameters:
  ///   - local: the local time, as if it were UTC, in seconds since the epoch.
  ///   - previous: the last time read, which decides in the hour that occurs twice when clocks are put back.
  package mutating func epochSeconds(local: Double, after previous: Double? = nil) -> Double {
    switch zone {
    case .fixed(let offset): return local - Double(offset)
    case .named(let named):
      let quarter = Int((local / 900).rounded(.down))
      if let cached, cached.quarter == quarter { return local - Double(cached.offset) }
      // A day to either side sees the offsets before and after any change.
      let before = named.offset(at: Int64(local - 86_400))
      let after = named.offset(at: Int64(local + 86_400))
      let valid = (before == after ? [before] : [before, after]).filter { offset in
        named.offset(at: Int64((local - Double(offset)).rounded(.down))) == offset
      }
      if valid.count == 2, let previous, local - Double(valid[0]) < previous - 1800 { return local - Double(valid[1]) }
      let offset = valid.first ?? before
      if valid.count == 1 { cached = (quarter, offset) }
      return local - Double(offset)
    }
  }
}
