import WireFormats

/// A date and time as log lines write them most: ISO 8601 and what Python's logging makes of it.
struct LogTimestamp: Hashable, Sendable {
  /// The local time as if it were UTC, in seconds since the epoch.
  var localSeconds: Double
  /// Seconds east of UTC, where the line says so.
  var offsetSeconds: Int?
  /// How many bytes it takes.
  var length: Int
  /// How many decimals its seconds have.
  var decimals: Int

  /// Reads `2026-11-22 13:06:01,147`, also with `T`, a dot, any number of decimals, `Z` or an offset; nil for anything else.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int = 0) {
    guard let civil = CivilTime(line, at: start) else { return nil }
    let tail = Tail(line, at: start + CivilTime.length)
    localSeconds = Double(civil.epochSeconds) + tail.fraction
    offsetSeconds = tail.offsetSeconds
    decimals = tail.decimals
    length = tail.end - start
  }

  /// What may follow the seconds of a time: decimals and an offset from UTC.
  struct Tail {
    /// 0 to below 1, to the microsecond.
    var fraction = 0.0
    var decimals = 0
    /// Seconds east of UTC.
    var offsetSeconds: Int?
    /// Where it ends.
    var end: Int

    /// Reads `,147`, `.5Z`, `+02:00`, ` +0000`, ` UTC`, or nothing.
    init(_ line: UnsafeBufferPointer<UInt8>, at start: Int) {
      end = start
      if end + 1 < line.count, line[end] == 0x2c || line[end] == 0x2e, isDigit(line[end + 1]) {
        end += 1
        var value = 0
        while end < line.count, isDigit(line[end]) {
          // What is finer than a nanosecond is passed over.
          if decimals < 9 { value = value * 10 + Int(line[end] - 0x30) }
          decimals += 1
          end += 1
        }
        let unit = Self.powersOfTen[min(decimals, 9)]
        fraction = (Double(value) / unit * 1e6).rounded() / 1e6
      }
      if end < line.count, line[end] == UInt8(ascii: "Z") {
        offsetSeconds = 0
        end += 1
        return
      }
      // Of Ruby, Go and journald: the offset behind a blank.
      let sign = end < line.count && line[end] == 0x20 ? end + 1 : end
      if sign + 5 <= line.count, line[sign] == 0x2b || line[sign] == 0x2d, isDigit(line[sign + 1]) {
        let stop = line[sign + 3] == 0x3a ? sign + 6 : sign + 5
        guard stop <= line.count, stop == line.count || !isDigit(line[stop]),
          let offset = LogTimeZone.offset(String(decoding: line[sign..<stop], as: UTF8.self))
        else { return }
        offsetSeconds = offset
        end = stop
      } else if sign == end + 1, sign + 3 <= line.count,
        line[sign..<(sign + 3)].elementsEqual("UTC".utf8) || line[sign..<(sign + 3)].elementsEqual("GMT".utf8),
        sign + 3 == line.count || !isWordByte(line[sign + 3])
      {
        offsetSeconds = 0
        end = sign + 3
      }
    }

    private static let powersOfTen = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
  }
}
