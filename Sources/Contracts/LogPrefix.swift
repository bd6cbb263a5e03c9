import Events

/// What stands before the message of a plain-text log line.
struct LogPrefix: Sendable {
  /// Its time, where it has one.
  var time: LogTimestamp?
  /// Its level, where it has one.
  var level: LogLevel?
  /// Where its logger's name stands.
  var logger: Range<Int>?
  /// Whether uvicorn's own format wrote it: `INFO:     message`.
  var isUvicorn = false
  /// Where the message begins.
  var message: Int

  /// Reads `asctime - name - LEVEL - message`, `LEVEL:     message` and what ``LogHead`` knows, with or without a time before it; nil for
  /// anything else: a continuation.
  init?(_ line: UnsafeBufferPointer<UInt8>, at start: Int) {
    if let time = LogTimestamp(line, at: start) {
      let first = start + time.length
      guard let name = Self.separator(in: line, from: first, limit: 1), let end = Self.separator(in: line, from: name + 3, limit: 256),
        let last = Self.separator(in: line, from: end + 3, limit: 16),
        let level = LogLevel(word: UnsafeBufferPointer(rebasing: line[(end + 3)..<last]))
      else {
        // A time alone still dates the line.
        let head = LogHead(line, at: min(first, line.count))
        self.time = time
        level = head?.level
        message = head?.message ?? min(first + 1, line.count)
        return
      }
      self.time = time
      self.level = level
      logger = (name + 3)..<end
      message = last + 3
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

  /// The next " - " that begins within `limit` bytes.
  private static func separator(in line: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int? {
    var position = start
    while position + 3 <= line.count, position - start < limit {
      if line[position] == 0x20, line[position + 1] == 0x2d, line[position + 2] == 0x20 { return position }
      position += 1
    }
    return nil
  }

  /// The length of the prefix that `docker compose logs` puts before a line, `media-service-1  | `; 0 where there is none.
  static func composePrefix(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var position = 0
    while position < min(line.count, 64), isWordByte(line[position]) || line[position] == 0x2d || line[position] == 0x2e { position += 1 }
    guard position > 0 else { return 0 }
    while position < min(line.count, 96), line[position] == 0x20 { position += 1 }
    guard position + 1 < line.count, line[position] == 0x7c, line[position + 1] == 0x20, line[position - 1] == 0x20 else { return 0 }
    return position + 2
  }
}
