#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Doctor {
  /// The default ports of the pipeline's services.
  private static let defaultPorts: [(port: UInt16, owner: String)] = [
    (1935, "RTMP"), (3000, "echo-sts"), (8000, "media-service"), (8080, "echo-sts"), (8554, "RTSP"), (9997, "MediaMTX API"),
    (9998, "MediaMTX metrics"),
  ]

  /// Where the screen would be drawn.
  func terminal() -> Check {
    let name = "terminal"
    guard Host.isTerminal(1) else {
      return Check(name: name, standing: .note, text: "standard output is no terminal: lines are printed instead of a screen")
    }
    guard let term = environment["TERM"], !term.isEmpty, term != "dumb" else {
      return Check(name: name, standing: .missing, text: "TERM says nothing of use: set it, such as TERM=xterm-256color")
    }
    guard let first = term.utf8.first, isDescribed(term, first) else {
      return Check(
        name: name, standing: .note,
        text: "no description of \(term) is installed: it is drawn to as xterm-256color where it is like one; ncurses-term has more")
    }
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return Check(name: name, standing: .note, text: "\(term), of unknown size")
    }
    let text = "\(term), \(size.ws_col)x\(size.ws_row)"
    guard size.ws_col >= 80, size.ws_row >= 24 else {
      return Check(name: name, standing: .note, text: "\(text): 80x24 or more shows more")
    }
    return Check(name: name, standing: .good, text: text)
  }

  /// Whether terminfo knows a terminal, by the places of terminfo(5).
  private func isDescribed(_ term: String, _ first: UInt8) -> Bool {
    guard !term.utf8.contains(UInt8(ascii: "/")) else { return false }
    let home = environment["HOME"].map { [$0 + "/.terminfo"] } ?? []
    let given = (environment["TERMINFO"].map { [$0] } ?? []) + (environment["TERMINFO_DIRS"] ?? "").split(separator: ":").map(String.init)
    let usual = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo"]
    return (given + home + usual).contains { folder in
      // By the first letter, or by its number where file systems ignore case.
      let letter = String(decoding: [first], as: UTF8.self)
      return access("\(folder)/\(letter)/\(term)", R_OK) == 0 || access("\(folder)/\(String(first, radix: 16))/\(term)", R_OK) == 0
    }
  }

  /// Whether the locale can encode what the screen draws.
  func locale() -> Check {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    let shown = name ?? "none set"
    let codeset = Self.codeset()
    if name == nil { return Check(name: "locale", standing: .good, text: "\(shown): UTF-8 is assumed") }
    guard let codeset, codeset.uppercased() == "UTF-8" else {
      let advice = "set LANG=C.UTF-8 for lines and charts; until then ASCII is drawn"
      return Check(name: "locale", standing: .note, text: "\(shown)\(codeset.map { " (\($0))" } ?? " is not installed"): \(advice)")
    }
    return Check(name: "locale", standing: .good, text: shown)
  }

  /// The codeset of the environment's locale; nil when it is not installed.
  private static func codeset() -> String? {
    #if canImport(Glibc)
      guard let locale = newlocale(1 << LC_CTYPE, "", nil) else { return nil }
      defer { freelocale(locale) }
      return nl_langinfo_l(nl_item(CODESET), locale).map { String(cString: $0) }
    #else
      guard setlocale(LC_CTYPE, "") != nil else { return nil }
      return nl_langinfo(CODESET).map { String(cString: $0) }
    #endif
  }

  /// Which of the pipeline's default ports are taken.
  func ports() -> Check {
    let taken = Self.defaultPorts.filter { Self.isTaken($0.port) }
    guard !taken.isEmpty else { return Check(name: "ports", standing: .good, text: "the pipeline's default ports are free") }
    let listed = taken.map { "\($0.port) (\($0.owner))" }.joined(separator: ", ")
    return Check(
      name: "ports", standing: .note,
      text: "in use: \(listed). Environments of dubwatch take free ports; a service that you start there yourself needs another")
  }

  private static func isTaken(_ port: UInt16) -> Bool {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    return result != 0 && errno == EADDRINUSE
  }
}
