import CNcurses
import TerminalCanvas

extension NcursesBackend {
  /// How long a terminal that nobody knows may take to say what it is, in milliseconds.
  private static let attributesLimit: Int32 = 300

  /// Opens ncurses for a terminal type, or for what it may be taken for where the system does not know it.
  /// - Returns: how that went, and the type that ncurses took.
  func open(_ name: String) -> (dw_open_result, String) {
    func attempt(_ kind: String) -> dw_open_result { dw_screen_open(kind, Int32(size.width), Int32(size.height)) }
    let opened = attempt(name)
    guard opened == DW_OPEN_UNKNOWN else { return (opened, name) }
    var others = TerminalKind.others(of: name)
    // A name that says nothing: a terminal that answers as xterm does can be drawn to as one.
    if others.isEmpty, answersAttributes() { others = TerminalKind.xterm }
    for kind in others where attempt(kind) == DW_OPEN_OK { return (DW_OPEN_OK, kind) }
    return (opened, name)
  }

  /// Whether the terminal tells its attributes when asked (DA1, ECMA-48 and VT100): what else it says meanwhile is kept for the decoder.
  private func answersAttributes() -> Bool {
    dw_restore_arm(terminal, [], 0)
    guard dw_tty_raw(terminal) else {
      dw_restore_now()
      return false
    }
    defer { dw_restore_now() }
    let question = Array("\u{1B}[c".utf8)
    guard dw_tty_write(terminal, question, Int32(question.count)) == Int32(question.count) else { return false }
    let limit = dw_now() + UInt64(Self.attributesLimit) * 1_000_000
    while dw_now() < limit {
      let left = Int32(clamping: (limit - dw_now()) / 1_000_000 + 1)
      guard dw_wait_readable(terminal, left) > 0 else { return false }
      var bytes = [UInt8](repeating: 0, count: 256)
      let count = dw_tty_read(terminal, &bytes, Int32(bytes.count))
      guard count > 0 else { return false }
      typedAhead += bytes[0..<Int(count)]
      if Self.holdsAttributes(typedAhead) { return true }
    }
    return false
  }

  /// Whether `ESC [ ? numbers c` is in it.
  private static func holdsAttributes(_ bytes: [UInt8]) -> Bool {
    let start = Array("\u{1B}[?".utf8)
    return bytes.indices.contains { index in
      guard bytes[index...].starts(with: start) else { return false }
      return bytes[(index + start.count)...].first { !(0x30...0x39).contains($0) && $0 != 0x3B } == UInt8(ascii: "c")
    }
  }

  /// Tells the witness what gives the terminal back.
  func tellWitness() async {
    guard let witness else { return }
    var name = [CChar](repeating: 0, count: 256)
    var former = [UInt8](repeating: 0, count: 256)
    var ours = former
    let size = dw_tty_modes(terminal, &former, &ours, former.count)
    guard size > 0, dw_tty_name(terminal, &name, name.count) else { return }
    let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let loan = TerminalLoan(path: path, bytes: restoreBytes(), ours: Array(ours[..<size]), former: Array(former[..<size]))
    guard let told = await witness(loan) else { return }
    guard phase == .running else {
      dw_close(told.descriptor)
      return
    }
    dw_restore_witness(told.descriptor, told.taken, told.taken.count, told.given, told.given.count)
  }

  /// What gives the terminal back, but for its modes.
  func restoreBytes() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = dw_restore_bytes(isExtended, &bytes, bytes.count)
    return Array(bytes[..<min(count, bytes.count)])
  }

  /// Takes an answer of the terminal that is still on its way: a shell would take it for typing.
  func awaitAnswer() {
    guard let due = answerDue, terminal >= 0 else { return }
    answerDue = nil
    let limit = min(due, dw_now() + 100_000_000)
    while dw_now() < limit, dw_wait_readable(terminal, Int32(clamping: (limit - dw_now()) / 1_000_000 + 1)) > 0 {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = dw_tty_read(terminal, &bytes, Int32(bytes.count))
      guard count > 0, !bytes[..<Int(count)].contains(where: { $0 == 0x07 || $0 == 0x5C }) else { return }
    }
  }
}
