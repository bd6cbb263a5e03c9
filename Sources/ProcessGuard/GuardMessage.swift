/// What the program tells its guard; one message is a tag and fields, each ended by NUL, and a record separator.
///
/// Text of one direction only, one byte (`+`) comes back for each message that was understood, so that the sender knows that the duty
/// is known before it lets a child go. ``held(id:_:)`` has no answer: signal handlers send it.
enum GuardMessage: Hashable, Sendable {
  /// A session to end; the mark is what its child has in ``ChildSession/markVariable``.
  case session(id: UInt64, pid: Int32, startTicks: UInt64, mark: String)
  /// A file or directory to remove, with everything in it.
  case path(id: UInt64, String)
  /// A command to run: its executable first.
  case command(id: UInt64, [String])
  /// A terminal to give back, and whether the program has it already.
  case terminal(id: UInt64, TerminalReset, isHeld: Bool)
  /// Whether the program has the terminal of a duty now.
  case held(id: UInt64, Bool)
  /// A duty that is done.
  case release(id: UInt64)

  static let terminator: UInt8 = 0x1E

  /// The number of the duty.
  var id: UInt64 {
    switch self {
    case .session(let id, _, _, _), .path(let id, _), .command(let id, _), .terminal(let id, _, _), .held(let id, _), .release(let id): id
    }
  }

  /// Whether its sender waits for a byte that says that it was understood.
  var isAnswered: Bool { if case .held = self { false } else { true } }

  /// Nil for text that the form cannot carry: NUL and the record separator.
  func encoded() -> [UInt8]? {
    let fields: [String] =
      switch self {
      case .session(let id, let pid, let start, let mark): ["S", String(id), String(pid), String(start), mark]
      case .path(let id, let path): ["P", String(id), path]
      case .command(let id, let words): ["C", String(id)] + words
      case .terminal(let id, let reset, let isHeld):
        ["T", String(id), reset.path, Self.hex(reset.bytes), Self.hex(reset.ours), Self.hex(reset.former), isHeld ? "1" : "0"]
      case .held(let id, let isHeld): ["H", String(id), isHeld ? "1" : "0"]
      case .release(let id): ["R", String(id)]
      }
    var bytes: [UInt8] = []
    for field in fields {
      guard !field.utf8.contains(where: { $0 == 0 || $0 == Self.terminator }) else { return nil }
      bytes.append(contentsOf: field.utf8)
      bytes.append(0)
    }
    bytes.append(Self.terminator)
    return bytes
  }

  /// Reads one message without its terminator; nil when it is none.
  init?(decoding bytes: some Collection<UInt8>) {
    var fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    guard fields.count >= 3, fields.removeLast().isEmpty, let id = UInt64(fields[1]) else { return nil }
    switch (fields[0], fields.count) {
    case ("S", 5):
      guard let pid = Int32(fields[2]), pid > 1, let start = UInt64(fields[3]), !fields[4].isEmpty else { return nil }
      self = .session(id: id, pid: pid, startTicks: start, mark: fields[4])
    case ("P", 3) where !fields[2].isEmpty: self = .path(id: id, fields[2])
    case ("C", 3...) where !fields[2].isEmpty: self = .command(id: id, Array(fields[2...]))
    case ("T", 7):
      guard fields[2].hasPrefix("/"), let bytes = Self.bytes(fields[3]), let ours = Self.bytes(fields[4]),
        let former = Self.bytes(fields[5])
      else { return nil }
      self = .terminal(id: id, TerminalReset(path: fields[2], bytes: bytes, ours: ours, former: former), isHeld: fields[6] == "1")
    case ("H", 3): self = .held(id: id, fields[2] == "1")
    case ("R", 2): self = .release(id: id)
    default: return nil
    }
  }

  /// Bytes that the form cannot carry as they are.
  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
  }

  private static func bytes(_ hex: String) -> [UInt8]? {
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
