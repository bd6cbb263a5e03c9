import Events
import WireFormats

extension LogMatcher {
  struct LineReading {
    var level: LogLevel?
    var time: Double?
    var happenings: [Happening] = []
    var isMatched = false
    var template: Int?
    var isExpected = false
    var isContinuation = false
    var isForeign = false
  }

  private static let messageKeys = ["msg", "message", "event"]
  private static let timeKeys = ["timestamp", "time", "ts", "@timestamp", "asctime"]
  private static let loggerKeys = ["logger", "name", "logger_name"]

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, service: ServiceName, memory: inout Memory) -> LineReading {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x0d || bytes[end - 1] == 0x0a { end -= 1 }
    let whole = UnsafeBufferPointer(rebasing: bytes[..<end])
    candidates.removeAll(keepingCapacity: true)
    scanner.scan(whole, into: &candidates)
    candidates.sort()

    let start = LogPrefix.composePrefix(whole)
    let line = UnsafeBufferPointer(rebasing: whole[start...])
    if let first = line.first(where: { !isSpace($0) }), first == UInt8(ascii: "{") {
      do { return readJSON(try JSONLine(line), line, service: service, memory: &memory) } catch {
        return readBroken(line, mistake: error, service: service, memory: &memory)
      }
    }
    guard LogTrace(begins: line) == nil, let prefix = LogPrefix(line, at: 0) else {
      return readBroken(line, mistake: nil, service: service, memory: &memory)
    }
    return readPlain(prefix, line, service: service, memory: &memory)
  }

  private mutating func readPlain(
    _ prefix: LogPrefix, _ line: UnsafeBufferPointer<UInt8>, service: ServiceName, memory: inout Memory
  ) -> LineReading {
    var reading = LineReading(level: prefix.level)
    if let time = prefix.time { reading.time = seconds(time, memory: &memory) }
    memory.trace = nil
    // A line that has a time and no level is none of the line before.
    memory.level = prefix.level
    if format == .json {
      // A server's lines between those of the service have no time.
      reading.isForeign = prefix.time != nil
      addNotJSON(line, mistake: nil, service: service, to: &reading)
      return reading
    }
    let logger: [UInt8]? = candidates.isEmpty ? nil : prefix.isUvicorn ? Array("uvicorn".utf8) : prefix.logger.map { Array(line[$0]) }
    let message = UnsafeBufferPointer(rebasing: line[min(prefix.message, line.count)...])
    for index in candidates {
      let entry = compiled[index]
      guard accepts(entry, logger: logger), let captures = entry.pattern.firstMatch(in: message) else { continue }
      add(index, line, service: service, memory: &memory, to: &reading) { name in captures.last { $0.name == name }?.value }
      break
    }
    return reading
  }

  private mutating func readJSON(
    _ json: JSONLine, _ line: UnsafeBufferPointer<UInt8>, service: ServiceName, memory: inout Memory
  ) -> LineReading {
    func first(_ keys: [String]) -> FieldValue? {
      for key in keys { if let value = json.value(key, in: line) { return value } }
      return nil
    }
    var reading = LineReading()
    memory.trace = nil
    reading.level = level(of: json, line)
    memory.level = reading.level
    switch first(Self.timeKeys) {
    // Some loggers write milliseconds; no log is older than 1973 or newer than the year 5138.
    case .number(let number): reading.time = number > 1e11 ? number / 1000 : number
    case .text(var text):
      if let time = text.withUTF8({ LogTimestamp($0) }) { reading.time = seconds(time, memory: &memory) }
    case .flag, nil: break
    }
    // Without a message nothing of it can be known.
    reading.isForeign = first(Self.messageKeys) == nil
    guard !candidates.isEmpty, var message = first(Self.messageKeys)?.text else { return reading }
    let needsLogger = candidates.contains { compiled[$0].logger != nil }
    let logger = needsLogger ? first(Self.loggerKeys).map { Array($0.text.utf8) } : nil
    message.withUTF8 { message in
      for index in candidates {
        let entry = compiled[index]
        guard accepts(entry, logger: logger), let captures = entry.pattern.firstMatch(in: message) else { continue }
        add(index, line, service: service, memory: &memory, to: &reading) { name in
          captures.last { $0.name == name }?.value ?? json.value(name, in: line)
        }
        break
      }
    }
    return reading
  }

  /// The level of a JSON line, under the first of the usual keys whose value is one.
  private func level(of json: JSONLine, _ line: UnsafeBufferPointer<UInt8>) -> LogLevel? {
    // Found out only where it matters: most loggers write words.
    var isPython: Bool?
    for key in LogLevelField.keys {
      guard let value = json.value(key, in: line) else { continue }
      if case .text = value, let level = LogLevel(value: value, scale: .pino), !isNumber(value) { return level }
      let python =
        isPython
        ?? (format == .pythonLogging || json.member("levelno", in: line) != nil || json.member("levelname", in: line) != nil)
      isPython = python
      if let level = LogLevel(value: value, scale: LogLevelField.scale(of: key, isPython: python)) { return level }
    }
    return nil
  }

  private func isNumber(_ value: FieldValue) -> Bool {
    if case .text(let text) = value { return text.utf8.first.map(isDigit) ?? false }
    return true
  }

  /// A line without a prefix of its own: a continuation, or JSON that is none.
  private mutating func readBroken(
    _ line: UnsafeBufferPointer<UInt8>, mistake: JSONError?, service: ServiceName, memory: inout Memory
  ) -> LineReading {
    var reading = LineReading(level: memory.level, isContinuation: mistake == nil)
    if let (belongs, rest) = LogTrace(begins: line).map({ (true, $0) }) ?? memory.trace?.takes(line) {
      memory.trace = rest
      if belongs { reading.level = max(memory.level ?? .error, .error) }
    }
    if format == .json {
      reading.isForeign = true
      addNotJSON(line, mistake: mistake, service: service, to: &reading)
    }
    return reading
  }

  /// A line that speaks of something the contract reads, but cannot be read.
  private func addNotJSON(
    _ line: UnsafeBufferPointer<UInt8>, mistake: JSONError?, service: ServiceName, to reading: inout LineReading
  ) {
    guard let index = candidates.first(where: { compiled[$0].kind != .expected }) else { return }
    let why = mistake.map { " (at byte \($0.offset + 1): \($0.reason(in: "line")))" } ?? ""
    let text = "a log line of \(service) with \"\(compiled[index].template.pattern)\" is not a JSON object\(why)"
    reading.happenings.append(
      Happening(
        .finding(Finding(id: "log-line-not-json", text: text)), service: service, provenance: .observed,
        reportedAt: reading.time.map(WallTime.init), line: Self.excerpt(line)))
  }

  private func accepts(_ entry: Compiled, logger: [UInt8]?) -> Bool {
    guard let wanted = entry.logger else { return true }
    guard let logger else { return false }
    return entry.loggerIsPrefix ? logger.starts(with: wanted) : logger == wanted
  }

  private mutating func seconds(_ time: LogTimestamp, memory: inout Memory) -> Double {
    let value =
      time.offsetSeconds.map { time.localSeconds - Double($0) }
      ?? zone.epochSeconds(local: time.localSeconds, after: memory.lastTime)
    memory.lastTime = value
    return value
  }

  /// The line, cut to a length that a history can keep.
  static func excerpt(_ line: UnsafeBufferPointer<UInt8>) -> String {
    guard line.count > maximumExcerpt else { return String(decoding: line, as: UTF8.self) }
    var end = maximumExcerpt
    // Not inside a character.
    while end > 0, line[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: line[..<end], as: UTF8.self) + "…"
  }
}
