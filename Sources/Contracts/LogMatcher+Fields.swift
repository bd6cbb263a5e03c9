import Events
import WireFormats

/// Lines of fields: JSON and logfmt.
extension LogMatcher {
  /// The longest line that is joined from pieces, in bytes.
  static let maximumJoined = 1 << 20
  /// Docker cuts lines at 16 KiB: a shorter one without its end was written so.
  private static let dockerPiece = 16_000

  /// The line inside Docker's json-file or journald's JSON; nil where the line is none of theirs.
  mutating func readWrapped(_ fields: LogFields, _ line: Line, _ note: inout CollectorNote, memory: inout Memory) -> LineReading? {
    let bytes = line.bytes
    func text(_ path: String) -> [UInt8]? {
      fields.line.member(path, in: bytes).flatMap { $0.kind == .string ? $0.bytes(in: bytes) : nil }
    }
    if let inner = text("log"), let stream = text("stream"), let time = text("time") {
      note.time = time.withUnsafeBufferPointer { LogTimestamp($0) }.map { $0.localSeconds - Double($0.offsetSeconds ?? 0) } ?? note.time
      note.isStamped = true
      let isWhole = inner.last == 0x0a || inner.count < Self.dockerPiece
      note.piece = (isWhole, stream.last ?? 0)
      return inside(isWhole ? Array(inner.prefix { $0 != 0x0a }) : inner, line, &note, memory: &memory)
    }
    guard let stamp = text("__REALTIME_TIMESTAMP"), let inner = text("MESSAGE") ?? CollectorLine.journalBytes(bytes) else { return nil }
    let written = text("_SOURCE_REALTIME_TIMESTAMP") ?? stamp
    note.time = FieldValue.number(in: String(decoding: written, as: UTF8.self)).map { $0 / 1e6 } ?? note.time
    note.isStamped = true
    note.level =
      text("PRIORITY").flatMap { FieldValue.number(in: String(decoding: $0, as: UTF8.self)) }.flatMap {
        LogLevel(number: $0, scale: .syslog)
      } ?? note.level
    return inside(inner, line, &note, memory: &memory)
  }

  private mutating func inside(_ inner: [UInt8], _ line: Line, _ note: inout CollectorNote, memory: inout Memory) -> LineReading {
    inner.withUnsafeBufferPointer { unwrap(Line(bytes: $0, service: line.service), &note, memory: &memory) }
  }

  /// What the fields of a line say.
  mutating func readFields(_ fields: LogFields, _ line: Line, _ note: CollectorNote, memory: inout Memory) -> LineReading {
    let bytes = line.bytes
    var reading = LineReading()
    memory.trace = nil
    reading.level = level(of: fields, bytes)
    memory.level = reading.level
    readTime(fields, bytes, note, &reading, memory: &memory)
    // Without a message nothing of it can be known.
    guard let member = fields.first(.message) else {
      reading.isForeign = true
      return reading
    }
    reading.form = .read
    guard !candidates.isEmpty else { return reading }
    if member.hasEscapes {
      member.bytes(in: bytes).withUnsafeBufferPointer { match($0, fields, line, memory: &memory, to: &reading) }
    } else {
      match(UnsafeBufferPointer(rebasing: bytes[member.range]), fields, line, memory: &memory, to: &reading)
    }
    return reading
  }

  private mutating func match(
    _ message: UnsafeBufferPointer<UInt8>, _ fields: LogFields, _ line: Line, memory: inout Memory, to reading: inout LineReading
  ) {
    let bytes = line.bytes
    let needsLogger = candidates.contains { compiled[$0].logger != nil }
    let logger = needsLogger ? fields.first(.logger)?.bytes(in: bytes) : nil
    for index in candidates {
      let entry = compiled[index]
      guard accepts(entry, logger: logger), let captures = entry.pattern.firstMatch(in: message) else { continue }
      func lookUp(_ name: String) -> FieldValue? { captures.last { $0.name == name }?.value ?? fields.value(name, in: bytes) }
      guard isMeant(entry, lookUp) else { continue }
      add(index, line, memory: &memory, to: &reading, lookUp: lookUp)
      break
    }
  }

  /// The level of a line, under the first of the known keys whose value is one.
  private func level(of fields: LogFields, _ bytes: UnsafeBufferPointer<UInt8>) -> LogLevel? {
    for known in fields.all(.level) {
      guard let value = JSONLine.value(of: fields.member(known), in: bytes), let scale = keys.entries[known.entry].scale else { continue }
      // Whose numbers they are is found out only where it matters: most loggers write words.
      let isWord = if case .text(let text) = value { !(text.utf8.first.map(isDigit) ?? false) } else { false }
      let read = isWord || scale != .pino ? scale : isPython(fields, bytes) ? .python : .pino
      if let level = LogLevel(value: value, scale: read) { return level }
    }
    return nil
  }

  private func isPython(_ fields: LogFields, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    format == .pythonLogging || fields.line.member("levelno", in: bytes) != nil || fields.line.member("levelname", in: bytes) != nil
  }

  /// The time of a line, under the first of the known keys whose value is one.
  private mutating func readTime(
    _ fields: LogFields, _ bytes: UnsafeBufferPointer<UInt8>, _ note: CollectorNote, _ reading: inout LineReading, memory: inout Memory
  ) {
    for known in fields.all(.time) {
      let member = fields.member(known)
      if let time = time(of: member, known, fields, bytes, near: note.time, memory: &memory) {
        reading.time = time
        reading.badTime = nil
        return
      }
      if reading.badTime == nil { reading.badTime = "\(fields.line.path(of: member, in: bytes)): \(member.text(in: bytes).prefix(40))" }
    }
  }

  private mutating func time(
    of member: JSONLine.Member, _ known: LogFields.Known, _ fields: LogFields, _ bytes: UnsafeBufferPointer<UInt8>, near: Double?,
    memory: inout Memory
  ) -> Double? {
    func number(_ range: UnsafeBufferPointer<UInt8>) -> Double? {
      guard let number = FieldValue.number(in: range) else { return nil }
      let rest = keys.entries[known.entry].nanoseconds.flatMap { fields.line.value($0, in: bytes)?.number } ?? 0
      let seconds = LogEpoch.seconds(number) + rest / 1e9
      memory.lastTime = seconds
      return seconds
    }
    let inside = UnsafeBufferPointer(rebasing: bytes[member.range])
    switch member.kind {
    case .number: return number(inside)
    case .string:
      if let time = LogTime(inside) { return seconds(time, near: near, memory: &memory) }
      return number(inside)
    case .yes, .no, .null: return nil
    }
  }
}
