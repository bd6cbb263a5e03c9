import CNcurses
import TerminalCanvas

extension NcursesBackend {
  /// Turns mouse reports on or off, on terminals that have them.
  public func setMouseCapture(_ on: Bool) async {
    guard isExtended, on != capturesMouse || phase != .running else { return }
    capturesMouse = on
    send(on ? Self.mouseOn : Self.mouseOff)
  }

  /// Rings the bell.
  public func bell() async { send("\u{07}") }

  /// Asks the terminal, by OSC 52, to put a text on the clipboard; at most 74,994 bytes, which is what terminals take.
  public func copyToClipboard(_ text: String) async {
    guard isExtended else { return }
    var bytes = Array(text.utf8.prefix(74_994))
    // Not half of a character.
    if bytes.count < text.utf8.count {
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    send("\u{1B}]52;c;" + Self.base64(bytes) + "\u{07}")
  }

  private func send(_ sequence: String) {
    // A terminal that does not read must not fill our memory.
    guard phase == .running, pending.count < 1 << 20 else { return }
    pending.append(contentsOf: sequence.utf8)
    _ = writePending(patience: 200)
    watch()
  }

  /// RFC 4648, section 4.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var value = group.reduce(0) { $0 << 8 | Int($1) }
      value <<= 8 * (3 - group.count)
      for index in 0..<4 { result.append(index <= group.count ? alphabet[value >> (18 - 6 * index) & 63] : 0x3D) }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
