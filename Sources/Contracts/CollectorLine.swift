import Events
import WireFormats

/// What a collector of logs says of a line beside the line itself.
struct CollectorNote: Sendable {
  /// When it took the line in, in seconds since 1970.
  var time: Double?
  /// How grave it holds the line to be.
  var level: LogLevel?
  /// How many collectors were taken off: one may be around the other.
  var layers = 0
  /// Whether a time was taken off: a second one is the line's own.
  var isStamped = false
  /// Whether the line is the first or a middle piece of a long one, and which stream it is of.
  var piece: (isLast: Bool, stream: UInt8)?

  /// How many are taken off at most.
  static let maximumLayers = 6
}

/// Takes off what collectors put before a line as text: `docker -t`, compose, kubectl, CRI, journald and syslog.
enum CollectorLine {
  /// The length of what one collector put before a line; 0 where nothing is known there.
  /// - Parameters:
  ///   - note: takes in what it says.
  ///   - isStamped: whether lines of this log were seen to begin with a collector's time; learned here.
  ///   - seconds: turns a time into seconds since 1970; nil where its date is not known.
  static func prefix(
    _ line: UnsafeBufferPointer<UInt8>, _ note: inout CollectorNote, isStamped: inout Bool, seconds: (LogTime) -> Double?
  ) -> Int {
    guard let first = line.first, first != UInt8(ascii: "{") else { return 0 }
    if first == UInt8(ascii: "["), let length = pod(line) { return length }
    if isDigit(first) {
      let length = stamp(line, &note, &isStamped)
      if length > 0 { return length }
    }
    let header = syslog(line, &note, seconds)
    return header > 0 ? header : compose(line)
  }

  /// The message of a line of journald's JSON that is given as its bytes, as one with colours or of no UTF-8 is: `"MESSAGE":[27,91,51]`
  /// (systemd, JOURNAL_EXPORT_FORMATS); nil where there is none, or what stands there are no bytes.
  static func journalBytes(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let name = Array("\"MESSAGE\"".utf8)
    guard var index = line.indices.first(where: { line[$0] == name[0] && line[$0...].starts(with: name) }).map({ $0 + name.count }) else {
      return nil
    }
    func skip(_ byte: UInt8) -> Bool {
      while index < line.count, isSpace(line[index]) { index += 1 }
      guard index < line.count, line[index] == byte else { return false }
      index += 1
      return true
    }
    guard skip(UInt8(ascii: ":")), skip(UInt8(ascii: "[")) else { return nil }
    var bytes: [UInt8] = []
    while !skip(UInt8(ascii: "]")) {
      guard bytes.isEmpty || skip(UInt8(ascii: ",")) else { return nil }
      while index < line.count, isSpace(line[index]) { index += 1 }
      var value = 0
      let start = index
      while index < line.count, isDigit(line[index]), value < 256 {
        value = value * 10 + Int(line[index] - 0x30)
        index += 1
      }
      guard index > start, let byte = UInt8(exactly: value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// RFC 3339, a blank, and the line: `docker logs -t`, `kubectl logs --timestamps`; with a stream and a tag between them, CRI.
  private static func stamp(_ line: UnsafeBufferPointer<UInt8>, _ note: inout CollectorNote, _ isStamped: inout Bool) -> Int {
    guard !note.isStamped, line.count > 20, line[10] == UInt8(ascii: "T"), let time = LogTimestamp(line), let offset = time.offsetSeconds,
      time.length < line.count, line[time.length] == 0x20
    else { return 0 }
    let rest = time.length + 1
    let text = UnsafeBufferPointer(rebasing: line[rest...])
    let cri = Self.cri(text)
    // Docker and Kubernetes write nine decimals, which no logger does; where they are fewer, what follows shows whose time it is.
    let isCollectors =
      cri != nil || isStamped || time.decimals == 9 || text.first == UInt8(ascii: "{")
      || (text.first.map(isDigit) ?? false && LogTime(text) != nil)
    guard isCollectors, host(text, needsNumber: true) == nil else { return 0 }
    isStamped = true
    note.isStamped = true
    note.time = time.localSeconds - Double(offset)
    note.piece = cri.map { ($0.isLast, $0.stream) } ?? note.piece
    return rest + (cri?.length ?? 0)
  }

  /// `stdout F `, `stderr P `: a full line, or a piece of one.
  private static func cri(_ text: UnsafeBufferPointer<UInt8>) -> (length: Int, isLast: Bool, stream: UInt8)? {
    guard text.count >= 8, text.starts(with: "std".utf8), text[6] == 0x20, text[7] == UInt8(ascii: "F") || text[7] == UInt8(ascii: "P"),
      text[3..<6].elementsEqual("out".utf8) || text[3..<6].elementsEqual("err".utf8)
    else { return nil }
    guard text.count == 8 || text[8] == 0x20 || text[8] == 0x3a else { return nil }
    let end = text.count == 8 ? 8 : (text[8...].firstIndex(of: 0x20) ?? text.count - 1) + 1
    return (end, text[7] == UInt8(ascii: "F"), text[3])
  }

  /// `[pod/worker-5d9/worker] `, of `kubectl logs --prefix`.
  private static func pod(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
    guard line.starts(with: "[pod/".utf8), let close = line.prefix(512).firstIndex(of: 0x5d), close + 1 < line.count,
      line[close + 1] == 0x20
    else { return nil }
    return close + 2
  }

  /// `Dec 31 00:00:00 host worker[18]: `, `<30>Dec 31 …`, `2025-12-31T00:00:00+00:00 host worker[18]: ` and RFC 5424.
  private static func syslog(_ line: UnsafeBufferPointer<UInt8>, _ note: inout CollectorNote, _ seconds: (LogTime) -> Double?) -> Int {
    var start = 0
    var level: LogLevel?
    if line[0] == 0x3c, let close = line.prefix(5).firstIndex(of: 0x3e) {
      guard let priority = FieldValue.number(in: UnsafeBufferPointer(rebasing: line[1..<close])), (0...191).contains(priority) else {
        return 0
      }
      level = LogLevel(number: Double(Int(priority) % 8), scale: .syslog)
      start = close + 1
      // RFC 5424 has a version before its time.
      if start + 1 < line.count, line[start] == UInt8(ascii: "1"), line[start + 1] == 0x20 { start += 2 }
    }
    guard !note.isStamped || start > 0, start + 15 < line.count else { return 0 }
    let isISO = isDigit(line[start])
    guard !isISO || line[start + 10] == UInt8(ascii: "T"), let time = LogTime(line, at: start), time.gap != .date else { return 0 }
    let behind = start + time.length
    guard behind < line.count, line[behind] == 0x20 else { return 0 }
    let text = UnsafeBufferPointer(rebasing: line[(behind + 1)...])
    guard let length = host(text, needsNumber: isISO) ?? (start > 3 ? rfc5424(text) : nil) else { return 0 }
    note.time = seconds(time) ?? note.time
    note.isStamped = true
    note.level = level ?? note.level
    return behind + 1 + length
  }

  /// The length of `host worker[18]: `.
  /// - Parameter needsNumber: whether only the number of a process tells it from words of the service.
  private static func host(_ text: UnsafeBufferPointer<UInt8>, needsNumber: Bool) -> Int? {
    guard let blank = text.prefix(256).firstIndex(of: 0x20), blank > 0,
      text[..<blank].allSatisfy({ isWordByte($0) || $0 == 0x2d || $0 == 0x2e }),
      LogLevel(word: UnsafeBufferPointer(rebasing: text[..<blank])) == nil
    else { return nil }
    var end = blank + 1
    while end < text.count, end < blank + 128, isWordByte(text[end]) || [0x2d, 0x2e, 0x2f, 0x40].contains(text[end]) { end += 1 }
    guard end > blank + 1, end < text.count else { return nil }
    if text[end] == 0x5b {
      guard let close = text[end...].prefix(12).firstIndex(of: 0x5d), close > end + 1, text[(end + 1)..<close].allSatisfy(isDigit) else {
        return nil
      }
      end = close + 1
    } else if needsNumber {
      return nil
    }
    guard end + 1 < text.count, text[end] == 0x3a, text[end + 1] == 0x20 else { return nil }
    // "host ERROR: x" is a level, not a program.
    return LogLevel(word: UnsafeBufferPointer(rebasing: text[(blank + 1)..<end])) == nil ? end + 2 : nil
  }

  /// The length of `host worker 18 ID - `, with structured data in brackets or a dash.
  private static func rfc5424(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var position = 0
    for _ in 0..<4 {
      guard let blank = text[position...].prefix(256).firstIndex(of: 0x20) else { return nil }
      position = blank + 1
    }
    if position + 1 < text.count, text[position] == 0x2d, text[position + 1] == 0x20 { return position + 2 }
    while position < text.count, text[position] == 0x5b {
      guard let close = text[position...].firstIndex(of: 0x5d) else { return nil }
      position = close + 1
    }
    return position + 1 < text.count && text[position] == 0x20 ? position + 1 : nil
  }

  /// The length of the prefix that `docker compose logs` puts before a line, `media-service-1  | `; 0 where there is none.
  static func compose(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var position = 0
    while position < min(line.count, 64), isWordByte(line[position]) || line[position] == 0x2d || line[position] == 0x2e { position += 1 }
    guard position > 0 else { return 0 }
    let name = position
    while position < min(line.count, 96), line[position] == 0x20 { position += 1 }
    guard position + 1 < line.count, line[position] == 0x7c, line[position + 1] == 0x20, line[position - 1] == 0x20 else { return 0 }
    // `INFO | x` and `a.b | ERROR | x` are the line's own columns.
    guard LogLevel(word: UnsafeBufferPointer(rebasing: line[..<name])) == nil, !hasLevelColumn(line, from: position + 2) else { return 0 }
    return position + 2
  }

  /// Whether the next column between bars is a level.
  private static func hasLevelColumn(_ line: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
    guard let bar = line[start...].prefix(20).firstIndex(of: 0x7c) else { return false }
    var end = bar
    while end > start, line[end - 1] == 0x20 { end -= 1 }
    return LogLevel(word: UnsafeBufferPointer(rebasing: line[start..<end])) != nil
  }

  /// A line without the sequences that colour it; nil where there are none.
  static func withoutColours(_ line: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard var position = Bytes.first(0x1b, in: line) else { return nil }
    var plain = Array(line[..<position])
    while position < line.count {
      guard line[position] == 0x1b else {
        plain.append(line[position])
        position += 1
        continue
      }
      position += 1
      // CSI: parameters and intermediates up to a final byte (ECMA-48 5.4).
      if position < line.count, line[position] == 0x5b {
        position += 1
        while position < line.count, (0x20..<0x40).contains(line[position]) { position += 1 }
        position += 1
      }
    }
    return plain
  }
}
