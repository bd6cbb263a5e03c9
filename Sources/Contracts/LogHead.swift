import Events
import WireFormats

/// The level that stands at the head of a line of text, in one of the ways that loggers write it.
struct LogHead {
  /// The level.
  var level: LogLevel
  /// Where the message begins.
  var message: Int

  /// How far a head may reach, in bytes.
  private static let reach = 160

  /// Reads `ERROR x`, `[ERROR] x`, `[7] [INFO] x`, `name | LEVEL | x`, `E1126 12:06:01.147 7 file.go:12] x` and `level=error x`; nil for a
  /// line that says no level there.
  ///
  /// A bare word is a level only in capitals: "Error while reading" is a sentence.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int) {
    if let found = Self.glog(line, at: start) ?? Self.columns(line, at: start) ?? Self.fields(line, at: start) {
      self = found
    } else {
      return nil
    }
  }

  private init(_ level: LogLevel, _ message: Int) {
    self.level = level
    self.message = message
  }

  /// `E1126 12:06:01.147123    7 file.go:12] message`.
  private static func glog(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> LogHead? {
    guard start + 14 <= line.count, let level = LogLevel(letter: line[start]), line[(start + 1)..<(start + 5)].allSatisfy(isDigit),
      line[start + 5] == 0x20, isDigit(line[start + 6]), isDigit(line[start + 7]), line[start + 8] == 0x3a
    else { return nil }
    let rest = line[start...].prefix(reach)
    let end = zip(rest.indices, rest.indices.dropFirst()).first { line[$0] == 0x5d && line[$1] == 0x20 }?.1
    return LogHead(level, end.map { $0 + 1 } ?? start + 5)
  }

  /// Columns: in brackets, between bars or dashes, or words in a row.
  private static func columns(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> LogHead? {
    let end = min(line.count, start + reach)
    var position = start
    var columns = 0
    while columns < 6 {
      while position < end, isSpace(line[position]) || line[position] == 0x7c || isDash(line, position) { position += 1 }
      guard position < end else { return nil }
      columns += 1
      if let close = closing(line[position]) {
        guard let stop = line[position..<end].firstIndex(of: close) else { return nil }
        if let level = LogLevel(word: trimmed(line, (position + 1)..<stop)) { return LogHead(level, message(line, after: stop + 1)) }
        position = stop + 1
        continue
      }
      var stop = position
      while stop < end, !isSpace(line[stop]), line[stop] != 0x7c, line[stop] != 0x5b { stop += 1 }
      let hasColon = line[stop - 1] == 0x3a
      let word = UnsafeBufferPointer(rebasing: line[position..<(hasColon ? stop - 1 : stop)])
      let next = line[stop..<end].firstIndex { !isSpace($0) } ?? end
      let isColumn = next < end && (line[next] == 0x7c || isDash(line, next))
      if let level = LogLevel(word: word), isColumn || (hasColon && columns > 1) || word.allSatisfy({ $0 < 0x61 }) {
        return LogHead(level, message(line, after: stop))
      }
      // Times, numbers of processes, and what stands in a column of its own come before a level; a sentence does not.
      guard isColumn || word.allSatisfy({ isDigit($0) || [0x3a, 0x2e, 0x2c, 0x2d, 0x2f, 0x2b].contains($0) }) else { return nil }
      position = stop
    }
    return nil
  }

  /// `time="…" level=error msg="…"`: a line of fields, or fields behind a time.
  private static func fields(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> LogHead? {
    var position = start
    let end = min(line.count, start + 4 * reach)
    while position < end {
      while position < end, isSpace(line[position]) { position += 1 }
      let name = position
      while position < end, isWordByte(line[position]) || line[position] == 0x2e || line[position] == 0x40 { position += 1 }
      guard position > name, position < end, line[position] == 0x3d else { return nil }
      let key = UnsafeBufferPointer(rebasing: line[name..<position])
      position += 1
      let value: Range<Int>
      if position < end, line[position] == 0x22 {
        var stop = position + 1
        while stop < line.count, line[stop] != 0x22 { stop += line[stop] == 0x5c ? 2 : 1 }
        value = (position + 1)..<min(stop, line.count)
        position = min(stop + 1, line.count)
      } else {
        let stop = line[position...].firstIndex(where: isSpace) ?? line.count
        value = position..<stop
        position = stop
      }
      guard let known = LogLevelField.keys.first(where: { $0.utf8.elementsEqual(key) }) else { continue }
      let text = FieldValue.text(String(decoding: line[value], as: UTF8.self))
      if let level = LogLevel(value: text, scale: LogLevelField.scale(of: known, isPython: false)) {
        return LogHead(level, message(line, after: start))
      }
    }
    return nil
  }

  private static func closing(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x5b: 0x5d
    case 0x28: 0x29
    case 0x3c: 0x3e
    default: nil
    }
  }

  private static func isDash(_ line: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    line[position] == 0x2d && position + 1 < line.count && line[position + 1] == 0x20
  }

  private static func trimmed(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    var range = range
    while let first = range.first, isSpace(line[first]) { range = (first + 1)..<range.upperBound }
    while let last = range.last, isSpace(line[last]) { range = range.lowerBound..<last }
    return UnsafeBufferPointer(rebasing: line[range])
  }

  private static func message(_ line: UnsafeBufferPointer<UInt8>, after position: Int) -> Int {
    var position = position
    while position < line.count, isSpace(line[position]) || line[position] == 0x7c || line[position] == 0x3a || isDash(line, position) {
      position += 1
    }
    return position
  }
}
