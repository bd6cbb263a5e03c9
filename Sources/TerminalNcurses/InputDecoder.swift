import TerminalCanvas

/// Turns the bytes of a terminal into keys, mouse events and pastes. Pure: knows no time; the owner calls ``flush()`` when nothing followed
/// for a while. We do this ourselves because ncurses leaves mouse reports of some terminals undecoded and cannot tell pastes from keys.
struct InputDecoder {
  /// Longest escape sequence and longest string sequence (a reply of the terminal) that is waited for.
  private static let longestSequence = 64
  private static let longestString = 4096
  /// Most bytes kept of a paste.
  private static let longestPaste = 65_536

  private var buffer: [UInt8] = []
  private var position = 0
  private var paste: [UInt8]?
  /// Keys of this terminal as terminfo tells them, beyond those that all terminals share.
  private let keys: [[UInt8]: Key]
  private let longestKey: Int

  init(keys: [[UInt8]: Key] = [:]) {
    self.keys = keys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
    longestKey = self.keys.keys.map(\.count).max() ?? 0
  }

  /// Whether bytes wait for more: then ``flush()`` is due some time after the last ``feed(_:)``.
  var isWaiting: Bool { position < buffer.count || paste != nil }
  /// Whether it waits inside of a paste, which may take longer than a key.
  var isPasting: Bool { paste != nil }

  /// Takes bytes and returns what they complete.
  mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
    buffer.append(contentsOf: bytes)
    return drain(final: false)
  }

  /// Says that nothing followed: an escape is the key of that name, and what is cut in half is given up.
  mutating func flush() -> [TerminalInput] { drain(final: true) }

  private enum Step {
    case event(TerminalInput?, length: Int)
    case needMore
  }

  private mutating func drain(final: Bool) -> [TerminalInput] {
    var events: [TerminalInput] = []
    while position < buffer.count || (final && paste != nil) {
      if paste != nil {
        if let event = continuePaste(final: final) { events.append(event) } else { break }
        continue
      }
      let rest = buffer[position...]
      switch step(rest, final: final) {
      case .needMore:
        compact()
        return events
      case .event(let event, let length):
        position += max(1, length)
        if let event { events.append(event) }
      }
    }
    compact()
    return events
  }

  private mutating func compact() {
    buffer.removeFirst(min(position, buffer.count))
    position = 0
  }

  private mutating func step(_ rest: ArraySlice<UInt8>, final: Bool) -> Step {
    guard let first = rest.first else { return .needMore }
    if first == 0x1B { return escape(Array(rest.prefix(Self.longestString + 2)), final: final) }
    if let key = KeyTable.control(first) { return .event(.key(key), length: 1) }
    return character(rest, final: final).map { character, length in
      character.map { .event(.key(.char($0)), length: length) } ?? .event(nil, length: length)
    } ?? .needMore
  }

  /// One character in UTF-8 and its length; no character when it is not valid or a control; `nil` when bytes are missing.
  private func character(_ rest: ArraySlice<UInt8>, final: Bool) -> (Character?, Int)? {
    guard let first = rest.first else { return nil }
    let length =
      first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0
    guard length > 0 else { return (nil, 1) }
    let bytes = rest.prefix(length)
    if let bad = bytes.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) { return (nil, bad - rest.startIndex) }
    guard bytes.count == length else { return final ? (nil, bytes.count) : nil }
    guard let text = String(validating: bytes, as: UTF8.self), let character = text.first else { return (nil, length) }
    let isControl = character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    return (isControl ? nil : character, length)
  }

  private mutating func escape(_ rest: [UInt8], final: Bool) -> Step {
    for length in stride(from: min(longestKey, rest.count), to: 1, by: -1) {
      if let key = keys[Array(rest.prefix(length))] { return .event(.key(key), length: length) }
    }
    guard rest.count > 1 else { return final ? .event(.key(.escape), length: 1) : .needMore }
    switch rest[1] {
    case 0x5B: return controlSequence(rest, final: final)
    case 0x4F:
      guard rest.count > 2 else { return final ? .event(.key(.alt("O")), length: 2) : .needMore }
      return .event(KeyTable.singleShift(rest[2]).map { .key($0) }, length: 3)
    case 0x5D, 0x50, 0x5F, 0x5E, 0x58: return stringSequence(rest, final: final)
    case 0x1B: return .event(.key(.escape), length: 1)
    case 0x7F, 0x08: return .event(.key(.backspace), length: 2)
    case 0..<0x20: return .event(.key(.escape), length: 1)
    default:
      guard let (character, length) = character(rest[1...], final: final) else { return .needMore }
      return .event(character.map { .key(.alt($0)) }, length: 1 + length)
    }
  }

  private mutating func controlSequence(_ rest: [UInt8], final: Bool) -> Step {
    guard rest.count > 2 else { return final ? .event(.key(.alt("[")), length: 2) : .needMore }
    // Linux console: ESC [ [ A to E are F1 to F5.
    if rest[2] == 0x5B {
      guard rest.count > 3 else { return final ? .event(nil, length: 3) : .needMore }
      return .event((0x41...0x45).contains(rest[3]) ? .key(.function(Int(rest[3]) - 0x40)) : nil, length: 4)
    }
    // X10 mouse report: three bytes follow.
    if rest[2] == 0x4D {
      guard rest.count > 5 else { return final ? .event(nil, length: rest.count) : .needMore }
      let values = rest[3...5].map { Int($0) - 32 }
      return .event(MouseReport.x10(code: values[0], x: values[1], y: values[2]).map { .mouse($0) }, length: 6)
    }
    var index = 2
    while index < rest.count, (0x20...0x3F).contains(rest[index]) {
      index += 1
      // Not a sequence that anyone sends.
      if index > Self.longestSequence { return .event(nil, length: index) }
    }
    guard index < rest.count else { return final ? .event(nil, length: index) : .needMore }
    guard (0x40...0x7E).contains(rest[index]) else { return .event(nil, length: index) }
    let parameters = rest[2..<index]
    if rest[index] == 0x7E, parameters.elementsEqual("200".utf8) {
      paste = []
      return .event(nil, length: index + 1)
    }
    return .event(KeyTable.controlSequence(final: rest[index], parameters), length: index + 1)
  }

  /// A reply of the terminal (OSC, DCS and the like) up to its end: its background colour is an input, anything else is left out.
  private func stringSequence(_ rest: [UInt8], final: Bool) -> Step {
    func event(upTo end: Int) -> TerminalInput? {
      rest[1] == 0x5D ? Ground(report: String(decoding: rest[2..<end], as: UTF8.self)).map { .background($0) } : nil
    }
    var index = 2
    while index < rest.count {
      if rest[index] == 0x07 { return .event(event(upTo: index), length: index + 1) }
      if rest[index] == 0x1B {
        guard index + 1 < rest.count else { break }
        return rest[index + 1] == 0x5C ? .event(event(upTo: index), length: index + 2) : .event(nil, length: index)
      }
      index += 1
    }
    if rest.count > Self.longestString { return .event(nil, length: rest.count) }
    guard final else { return .needMore }
    // Nothing followed: alt and that key.
    return rest.count == 2 ? .event(.key(.alt(Character(Unicode.Scalar(rest[1])))), length: 2) : .event(nil, length: rest.count)
  }

  private mutating func continuePaste(final: Bool) -> TerminalInput? {
    let end = Array("\u{1B}[201~".utf8)
    var collected = paste ?? []
    func text(_ bytes: [UInt8]) -> TerminalInput { .paste(String(decoding: bytes, as: UTF8.self)) }
    while position < buffer.count {
      let rest = buffer[position...]
      if rest.first == 0x1B {
        if rest.starts(with: end) {
          position += end.count
          paste = nil
          return text(collected)
        }
        if !final, rest.count < end.count, end.starts(with: rest) { break }
      }
      if collected.count < Self.longestPaste { collected.append(buffer[position]) }
      position += 1
    }
    guard final else {
      paste = collected
      return nil
    }
    paste = nil
    return text(collected)
  }
}
