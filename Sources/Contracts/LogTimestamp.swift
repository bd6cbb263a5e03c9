import WireFormats

/// A date and time as log lines write them.
struct LogTimestamp: Hashable, Sendable {
  /// The local time as if it were UTC, in seconds since the epoch.
  var localSeconds: Double
  /// Seconds east of UTC, where the line says so.
  var offsetSeconds: Int?
  /// How many bytes it takes.
  var length: Int

  /// Reads `2026-11-22 13:06:01,147`, also with `T`, a dot, any number of decimals, `Z` or an offset; nil for anything else.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int = 0) {
    guard let civil = CivilTime(line, at: start) else { return nil }
    var position = start + CivilTime.length
    var fraction = 0.0
    if position + 1 < line.count, line[position] == 0x2c || line[position] == 0x2e, isDigit(line[position + 1]) {
      position += 1
      var scale = 0.1
      while position < line.count, isDigit(line[position]) {
        fraction += Double(line[position] - 0x30) * scale
        scale /= 10
        position += 1
      }
    }
    if position < line.count, line[position] == UInt8(ascii: "Z") {
      offsetSeconds = 0
      position += 1
    } else if position + 5 <= line.count, line[position] == 0x2b || line[position] == 0x2d {
      let end = position + 3 < line.count && line[position + 3] == 0x3a ? position + 6 : position + 5
      if end <= line.count, let offset = LogTimeZone.offset(String(decoding: line[position..<end], as: UTF8.self)) {
        offsetSeconds = offset
        position = end
      }
    }
    let milliseconds = (fraction * 1e6).rounded() / 1e6
    localSeconds = Double(civil.epochSeconds) + milliseconds
    length = position - start
  }
}
