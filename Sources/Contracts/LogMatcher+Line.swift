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
    var isObject = false
    var form = LogLine.Form.unread
    /// What stands where a time should, and is none that can be read.
    var badTime: String?
  }

  /// A line on its way through the matcher.
  struct Line {
    /// Its bytes, without what collectors put around them.
    let bytes: UnsafeBufferPointer<UInt8>
    let service: ServiceName
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, service: ServiceName, memory: inout Memory) -> LineReading {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x0d || bytes[end - 1] == 0x0a { end -= 1 }
    var whole = UnsafeBufferPointer(rebasing: bytes[..<end])
    var note = CollectorNote()
    // Entries of a journal begin with a field of its own.
    if memory.journal.isOpen || whole.first == 0x5f, let part = memory.journal.take(whole) {
      guard case .message(let start) = part else { return LineReading(level: memory.level, isContinuation: true, form: .aside) }
      whole = UnsafeBufferPointer(rebasing: whole[start...])
      note.time = memory.journal.time
      note.level = memory.journal.level
      note.isStamped = true
    }
    var reading = unwrap(Line(bytes: whole, service: service), &note, memory: &memory)
    if reading.time == nil, !reading.isContinuation { reading.time = note.time }
    // A collector's level is no more than its usual one, but for what it holds to be grave.
    if let level = note.level, reading.isContinuation ? level > (reading.level ?? .info) : reading.level == nil { reading.level = level }
    tellTimes(&reading, service: service, memory: &memory)
    return reading
  }

  /// Takes off what collectors put around the line, one after the other, and reads what is left.
  mutating func unwrap(_ line: Line, _ note: inout CollectorNote, memory: inout Memory) -> LineReading {
    note.layers += 1
    guard note.layers <= CollectorNote.maximumLayers else { return LineReading(isForeign: format == .json) }
    var isStamped = memory.isStamped
    if let plain = CollectorLine.withoutColours(line.bytes) {
      return plain.withUnsafeBufferPointer { unwrap(Line(bytes: $0, service: line.service), &note, memory: &memory) }
    }
    let length = CollectorLine.prefix(line.bytes, &note, isStamped: &isStamped) { seconds($0, near: nil, memory: &memory) }
    // A log whose lines no longer begin with a collector's time is not read through that collector any more.
    memory.isStamped = isStamped && (note.isStamped || length > 0)
    if length > 0 {
      let rest = UnsafeBufferPointer(rebasing: line.bytes[length...])
      return unwrap(Line(bytes: rest, service: line.service), &note, memory: &memory)
    }
    if let piece = note.piece {
      note.piece = nil
      if let reading = join(line, piece, &note, memory: &memory) { return reading }
    }
    return readLine(line, &note, memory: &memory)
  }

  /// Joins the pieces of a long line (CRI, and Docker's json-file); nil where the line is whole as it is.
  mutating func join(_ line: Line, _ piece: (isLast: Bool, stream: UInt8), _ note: inout CollectorNote, memory: inout Memory)
    -> LineReading?
  {
    guard !piece.isLast || memory.pieces[piece.stream] != nil else { return nil }
    var joined = memory.pieces.removeValue(forKey: piece.stream) ?? []
    joined.append(contentsOf: line.bytes.prefix(max(0, Self.maximumJoined - joined.count)))
    guard piece.isLast else {
      memory.pieces[piece.stream] = joined
      return LineReading(level: memory.level, isContinuation: true, form: .aside)
    }
    return joined.withUnsafeBufferPointer { readLine(Line(bytes: $0, service: line.service), &note, memory: &memory) }
  }

  /// Reads a line by its form: JSON, logfmt, columns, or the continuation of the line before.
  private mutating func readLine(_ line: Line, _ note: inout CollectorNote, memory: inout Memory) -> LineReading {
    let bytes = line.bytes
    if let first = bytes.first(where: { !isSpace($0) }), first == UInt8(ascii: "{") {
      // Taken out while it is read, so that nothing of it is copied.
      var fields = self.fields.take() ?? LogFields()
      defer { self.fields = fields }
      do { try fields.read(json: bytes, keys) } catch {
        look(for: bytes)
        return readBroken(line, mistake: error, memory: &memory)
      }
      if fields.has(.wrapped), let reading = readWrapped(fields, line, &note, memory: &memory) { return reading }
      look(for: bytes)
      var reading = readFields(fields, line, note, memory: &memory)
      reading.isObject = true
      return reading
    }
    look(for: bytes)
    guard LogTrace(begins: bytes) == nil else { return readBroken(line, mistake: nil, memory: &memory) }
    if mayBeLogfmt(bytes) {
      var fields = self.fields.take() ?? LogFields()
      defer { self.fields = fields }
      if fields.read(logfmt: bytes, keys) {
        var reading = readFields(fields, line, note, memory: &memory)
        // A contract of plain text may look at the line as it stands.
        if !reading.isMatched, format != .json { match(bytes, logger: nil, line, memory: &memory, to: &reading) }
        return reading
      }
    }
    guard let prefix = LogPrefix(bytes, at: 0) else { return readBroken(line, mistake: nil, memory: &memory) }
    return readPlain(prefix, line, note, memory: &memory)
  }

  private mutating func look(for bytes: UnsafeBufferPointer<UInt8>) {
    candidates.removeAll(keepingCapacity: true)
    scanner.scan(bytes, into: &candidates)
    if candidates.count > 1 { candidates.sort() }
  }

  /// Whether a line begins with a key and its sign.
  private func mayBeLogfmt(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let end = line.prefix(64).firstIndex { !(isWordByte($0) || $0 == 0x2e || $0 == 0x40 || $0 == 0x2d) } ?? 0
    return end > 0 && line[end] == 0x3d
  }

  private mutating func readPlain(_ prefix: LogPrefix, _ line: Line, _ note: CollectorNote, memory: inout Memory) -> LineReading {
    var reading = LineReading(level: prefix.level)
    if let time = prefix.time { reading.time = seconds(time, near: note.time, memory: &memory) }
    memory.trace = nil
    // A line that has a time and no level is none of the line before.
    memory.level = prefix.level
    if format == .json {
      // A server's lines between those of the service have no time.
      reading.isForeign = prefix.time != nil
      if prefix.isUvicorn { reading.form = .aside }
      addNotJSON(line, mistake: nil, to: &reading)
      return reading
    }
    reading.form = prefix.isUvicorn && prefix.time == nil ? .aside : .read
    guard !candidates.isEmpty else { return reading }
    let logger: [UInt8]? = prefix.isUvicorn ? Array("uvicorn".utf8) : prefix.logger.map { Array(line.bytes[$0]) }
    let message = UnsafeBufferPointer(rebasing: line.bytes[min(prefix.message, line.bytes.count)...])
    match(message, logger: logger, line, memory: &memory, to: &reading)
    return reading
  }

  /// Looks for the first template that a message in plain text fits.
  private mutating func match(
    _ message: UnsafeBufferPointer<UInt8>, logger: [UInt8]?, _ line: Line, memory: inout Memory, to reading: inout LineReading
  ) {
    for index in candidates {
      let entry = compiled[index]
      guard accepts(entry, logger: logger), let captures = entry.pattern.firstMatch(in: message) else { continue }
      func lookUp(_ name: String) -> FieldValue? { captures.last { $0.name == name }?.value }
      guard isMeant(entry, lookUp) else { continue }
      add(index, line, memory: &memory, to: &reading, lookUp: lookUp)
      break
    }
  }

  /// A line without a prefix of its own: a continuation, or JSON that is none.
  private mutating func readBroken(_ line: Line, mistake: JSONError?, memory: inout Memory) -> LineReading {
    var reading = LineReading(level: memory.level, isContinuation: mistake == nil)
    if let (belongs, rest) = LogTrace(begins: line.bytes).map({ (true, $0) }) ?? memory.trace?.takes(line.bytes) {
      memory.trace = rest
      if belongs { reading.level = max(memory.level ?? .error, .error) }
    }
    if format == .json {
      reading.isForeign = true
      addNotJSON(line, mistake: mistake, to: &reading)
    }
    return reading
  }

  /// A line that speaks of something the contract reads, but cannot be read.
  private func addNotJSON(_ line: Line, mistake: JSONError?, to reading: inout LineReading) {
    guard let index = candidates.first(where: { compiled[$0].kind != .expected }) else { return }
    let why = mistake.map { " (at byte \($0.offset + 1): \($0.reason(in: "line")))" } ?? ""
    let text = "a log line of \(line.service) with \"\(compiled[index].template.pattern)\" is not a JSON object\(why)"
    reading.happenings.append(
      Happening(
        .finding(Finding(id: "log-line-not-json", text: text)), service: line.service, provenance: .observed,
        reportedAt: reading.time.map(WallTime.init), line: Self.excerpt(line.bytes)))
  }

  func accepts(_ entry: Compiled, logger: [UInt8]?) -> Bool {
    guard let wanted = entry.logger else { return true }
    guard let logger else { return false }
    return entry.loggerIsPrefix ? logger.starts(with: wanted) : logger == wanted
  }

  /// Whether the fields of a line are those that a template asks for.
  func isMeant(_ entry: Compiled, _ lookUp: (String) -> FieldValue?) -> Bool {
    entry.template.selection.isEmpty || entry.template.selection.allSatisfy { lookUp($0.key)?.text == $0.value }
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
