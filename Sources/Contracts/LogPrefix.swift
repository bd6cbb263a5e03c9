import Events

/// What stands before the message of a plain-text log line.
struct LogPrefix: Sendable {
  /// Its time, where it has one.
  var time: LogTime?
  /// Its level, where it has one.
  var level: LogLevel?
  /// Where its logger's name stands.
  var logger: Range<Int>?
  /// Whether uvicorn's own format wrote it: `INFO:     message`.
  var isUvicorn = false
  /// Where the message begins.
  var message: Int

  /// Reads `asctime - name - LEVEL - message`, the same between bars, `LEVEL:     message` and what ``LogHead`` knows, with or without a
  /// time before it, which may stand in brackets; nil for anything else: a continuation.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int) {
    let isBracketed = start < line.count && line[start] == 0x5b
    if let time = LogTime(line, at: isBracketed ? start + 1 : start) {
      var first = (isBracketed ? start + 1 : start) + time.length
      if isBracketed, first < line.count, line[first] == 0x5d { first += 1 }
      self.time = time
      guard let columns = Self.columns(line, from: first) else {
        // A time alone still dates the line; gunicorn's level is behind columns in brackets.
        let head = LogHead(line, at: min(first, line.count)) ?? (isBracketed ? LogHead(line, at: start) : nil)
        level = head?.level
        message = head?.message ?? min(first + 1, line.count)
        return
      }
      level = columns.level
      logger = columns.logger
      message = columns.message
      return
    }
    var end = start
    while end < line.count, end - start < 13, asciiLowercase(line[end]) &- 0x61 < 26 { end += 1 }
    guard end < line.count, line[end] == 0x3a, let level = LogLevel(word: UnsafeBufferPointer(rebasing: line[start..<end])) else {
      guard let head = LogHead(line, at: start) else { return nil }
      level = head.level
      message = head.message
      return
    }
    self.level = level
    message = end + 1
    while message < line.count, line[message] == 0x20 { message += 1 }
    isUvicorn = message > end + 1
    if !isUvicorn, let colon = line[message...].prefix(128).firstIndex(of: 0x3a), !line[message..<colon].contains(0x20) {
      // `LEVEL:name:message`, Python's default format.
      logger = message..<colon
      message = colon + 1
    }
  }

  /// ` - name - LEVEL - message` or ` | name | LEVEL | message`.
  private static func columns(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> (logger: Range<Int>, level: LogLevel, message: Int)? {
    guard start + 3 <= line.count, line[start] == 0x20, line[start + 1] == 0x2d || line[start + 1] == 0x7c, line[start + 2] == 0x20 else {
      return nil
    }
    let bar = line[start + 1]
    guard let end = separator(bar, in: line, from: start + 3, limit: 256), let last = separator(bar, in: line, from: end + 3, limit: 16)
    else { return nil }
    var name = (start + 3)..<end
    var word = (end + 3)..<last
    // Columns are filled up with blanks.
    while let byte = name.last, line[byte] == 0x20 { name = name.lowerBound..<byte }
    while let byte = word.last, line[byte] == 0x20 { word = word.lowerBound..<byte }
    return LogLevel(word: UnsafeBufferPointer(rebasing: line[word])).map { (name, $0, last + 3) }
  }

  /// The next " - " or " | " that begins within `limit` bytes.
  private static func separator(_ bar: UInt8, in line: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int? {
    var position = start
    while position + 3 <= line.count, position - start < limit {
      if line[position] == 0x20, line[position + 1] == bar, line[position + 2] == 0x20 { return position }
      position += 1
    }
    return nil
  }
}
