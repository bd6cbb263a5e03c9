import CNcurses
import TerminalCanvas
import WireFormats

extension NcursesBackend {
  /// Turns mouse reports on or off, on terminals that have them.
  package func setMouseCapture(_ on: Bool) async {
    guard isExtended, on != capturesMouse || phase != .running else { return }
    capturesMouse = on
    send(on ? Self.mouseOn : Self.mouseOff)
  }

  /// Rings the bell.
  package func bell() async { send("\u{07}") }

  /// Asks the terminal, by OSC 52, to put a text on the clipboard; at most 74,994 bytes, which is what terminals take.
  package func copyToClipboard(_ text: String) async {
    guard isExtended else { return }
    var bytes = Array(text.utf8.prefix(74_994))
    // Not half of a character.
    if bytes.count < text.utf8.count {
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    send("\u{1B}]52;c;" + Base64.text(bytes) + "\u{07}")
  }

  /// Gives the window a title (OSC 2); the terminal keeps its own until the end.
  package func setTitle(_ title: String) async {
    let safe = truncate(escapeUntrusted(title), width: 200)
    guard isExtended, safe != self.title else { return }
    self.title = safe
    send(Self.titleSequence(safe))
  }

  static func titleSequence(_ title: String) -> String { "\u{1B}]2;\(title)\u{07}" }

  private func send(_ sequence: String) {
    // A terminal that does not read must not fill our memory.
    guard phase == .running, pending.count < 1 << 20 else { return }
    pending.append(contentsOf: sequence.utf8)
    _ = writePending(patience: 200)
    watch()
  }
}
