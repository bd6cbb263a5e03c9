import TerminalCanvas
import Testing
import WireFormats

@testable import TerminalNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Real ncurses on a pseudo-terminal in this process, read back cell by cell. One at a time: ncurses is one per process.
@Suite(.serialized) struct BackendTests {
  private func backend(_ pty: PTY, term: String = "xterm-256color", lang: String = "C.UTF-8", signals: Bool = false) throws
    -> NcursesBackend
  {
    try NcursesBackend(path: pty.path, environment: ["TERM": term, "LANG": lang], catchesSignals: signals, witness: nil)
  }

  private func sample(_ size: Size) -> Canvas {
    var canvas = Canvas(size: size)
    Box(number: 1, title: "Pane", right: "日本").draw(on: &canvas, in: canvas.bounds)
    canvas.put("e\u{301}日本|", x: 2, y: 1, style: Style(foreground: .ansi(1), background: .indexed(20)))
    canvas.put("bold", x: 12, y: 1, style: Style(foreground: .rgb(255, 135, 0), attributes: .bold))
    canvas.put("हिन्दी|👩\u{200D}👧|", x: 2, y: 2, style: Style(attributes: .reverse))
    return canvas
  }

  @Test func `shows every cell`() async throws {
    let pty = try PTY(40, 6)
    let backend = try backend(pty)
    let (size, capabilities) = try await backend.start()
    #expect(size == Size(width: 40, height: 6))
    #expect(capabilities == TerminalCapabilities(colors: .palette256, unicode: true, mouse: true, name: "xterm-256color"))
    let cost = try await backend.present(sample(size))
    #expect(cost.writes == 1)
    pty.wait("the frame") { $0.rows()[0].contains("Pane") }
    let rows = pty.screen.rows()
    #expect(rows[0] == "╭ 1 Pane ─────────────────────── 日本 ─╮")
    #expect(rows[1] == "│ e\u{301}日本|    bold                       │")
    // The vowel signs that terminals disagree about are left out; the columns stay.
    #expect(displayWidth(rows[2]) == 40)
    #expect(rows[2].hasSuffix("│"))
    #expect(rows[2].contains("|👩👧|"))
    #expect(rows[5] == "╰──────────────────────────────────────╯")
    #expect(pty.screen.looks[1][2] == VTScreen.Look(foreground: 1, background: 20))
    #expect(pty.screen.looks[1][12] == VTScreen.Look(foreground: 208, bold: true))
    #expect(pty.screen.looks[2][2].reverse)
    #expect(pty.screen.isAlternate && !pty.screen.showsCursor && pty.screen.pastes)
    // What does not change costs nothing.
    #expect(try await backend.present(sample(size)).bytes == 0)
    await backend.stop()
    pty.pump()
    #expect(pty.isSane && !pty.screen.isAlternate && pty.screen.showsCursor && !pty.screen.pastes)
    #expect(pty.screen.unknown == [])
    await #expect(throws: TerminalError.gone) { try await backend.present(sample(size)) }
  }

  /// Frames of noise with wide characters: the terminal always shows exactly the last canvas.
  @Test func `follows changing frames`() async throws {
    let pty = try PTY(60, 12)
    let backend = try backend(pty)
    let (size, _) = try await backend.start()
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = ["日本語", "plain", "é", "████▌", "⣀⡠⠤", "   ", "한글", "e\u{301}e\u{301}"]
    var canvas = Canvas(size: size)
    for frame in 0..<60 {
      for _ in 0..<40 {
        let style = Style(
          foreground: next(3) == 0 ? nil : .ansi(UInt8(next(16))), background: next(3) == 0 ? .indexed(UInt8(next(256))) : nil)
        canvas.put(words[next(words.count)], x: next(66) - 3, y: next(12), style: style)
      }
      try await backend.present(canvas)
      let expected = canvas.rows()
      pty.wait("frame \(frame)") { $0.rows() == expected }
      let wrong = (0..<12).flatMap { y in
        (0..<60).filter { x in
          let style = canvas[x, y].style
          let look = pty.screen.looks[y][x]
          let foreground = style.foreground.map(ColorMapper.palette)
          return look.background != style.background.map(ColorMapper.palette) || (!canvas[x, y].isBlank && look.foreground != foreground)
        }
      }
      #expect(wrong == [])
    }
    #expect(pty.screen.unknown == [])
    await backend.stop()
  }

  @Test func `reports input`() async throws {
    let pty = try PTY(20, 5)
    let backend = try backend(pty, term: "tmux-256color")
    _ = try await backend.start()
    await backend.setMouseCapture(true)
    pty.wait("mouse modes") { $0.mouseModes == [1000, 1002, 1006] }
    pty.send("q\u{1B}[A\u{1B}[<0;3;2M\u{3}")
    var inputs = backend.inputs.makeAsyncIterator()
    #expect(await inputs.next() == .key(.char("q")))
    #expect(await inputs.next() == .key(.up))
    #expect(await inputs.next() == .mouse(MouseEvent(kind: .press, button: .left, point: Point(x: 2, y: 1))))
    #expect(await inputs.next() == .signal(.interrupt))
    pty.send("\u{1B}")
    #expect(await inputs.next() == .key(.escape))
    await backend.copyToClipboard("hé")
    await backend.bell()
    pty.wait("the clipboard") { $0.strings == ["11;?", "52;c;aMOp"] && $0.bells == 1 }
    await backend.stop()
    #expect(await inputs.next() == nil)
    pty.pump()
    #expect(pty.screen.mouseModes == [])
  }

  /// Sizes from 1x1 to 500x200, by signal and without.
  @Test func `survives every size`() async throws {
    let pty = try PTY(80, 24)
    let backend = try backend(pty, signals: true)
    _ = try await backend.start()
    var inputs = backend.inputs.makeAsyncIterator()
    for (width, height) in [(1, 1), (500, 200), (2, 1), (1, 50), (160, 48), (79, 23), (3, 3), (120, 40)] {
      pty.resize(width, height)
      kill(getpid(), SIGWINCH)
      let size = Size(width: width, height: height)
      #expect(await inputs.next() == .resize(size))
      // The last cell of the last row as well.
      var canvas = Canvas(size: size)
      canvas.fill(canvas.bounds, with: Cell("x"))
      let shown = canvas
      let cost = try await backend.present(shown)
      #expect(cost.writes <= 16)
      pty.wait("a full screen at \(size)") { $0.rows() == shown.rows() }
    }
    // A canvas made for another size is clipped.
    try await backend.present(Canvas(size: Size(width: 500, height: 1)))
    pty.wait("an empty screen") { $0.rows().allSatisfy { $0.allSatisfy { $0 == " " } } }
    await backend.stop()
    #expect(pty.isSane)
  }

  @Test func `hangup ends the input`() async throws {
    let pty = try PTY(20, 5)
    let backend = try backend(pty)
    _ = try await backend.start()
    pty.closeMaster()
    var inputs: [TerminalInput] = []
    for await input in backend.inputs { inputs.append(input) }
    #expect(inputs == [.closed])
    await #expect(throws: TerminalError.gone) { try await backend.present(Canvas(size: Size(width: 2, height: 2))) }
  }

  /// A terminal that does not read holds nobody up, and shows the last frame when it reads again.
  @Test func `stalled terminal catches up`() async throws {
    let pty = try PTY(160, 48)
    let backend = try backend(pty)
    let (size, _) = try await backend.start()
    for number in 0..<4 {
      var canvas = Canvas(size: size)
      for y in 0..<48 {
        for x in 0..<160 { canvas[x, y] = Cell(number % 2 == 0 ? "a" : "b", style: Style(foreground: .indexed(UInt8((x + y) % 200 + 16)))) }
      }
      let cost = try await backend.present(canvas)
      #expect(cost.duration < .seconds(2))
    }
    var last = Canvas(size: size)
    last.put("the last frame", x: 0, y: 0)
    try await backend.present(last)
    pty.wait("the last frame") { $0.rows()[0].hasPrefix("the last frame") && $0.rows()[1].allSatisfy { $0 == " " } }
    await backend.stop()
  }

  @Test(arguments: [
    ("", TerminalError.termNotSet), ("dumb", .termNotCapable("dumb")), ("no-such-terminal", .termUnknown("no-such-terminal")),
  ])
  func `refuses terminals`(_ term: String, _ error: TerminalError) async throws {
    let pty = try PTY(20, 5)
    let backend = try backend(pty, term: term)
    await #expect(throws: error) { _ = try await backend.start() }
    #expect(pty.isSane)
    // The process may still start another one.
    let second = try self.backend(pty)
    _ = try await second.start()
    await #expect(throws: TerminalError.alreadyInUse) { _ = try await self.backend(pty).start() }
    await second.stop()
  }

  @Test func `refuses what is no terminal`() async throws {
    let backend = try NcursesBackend(path: "/dev/null", environment: ["TERM": "xterm"], catchesSignals: false, witness: nil)
    await #expect(throws: TerminalError.noTerminal("/dev/null")) { _ = try await backend.start() }
  }

  @Test(arguments: [("vt100", 0, false), ("linux", 8, false), ("xterm", 8, true)])
  func `works on other terminals`(_ term: String, _ colors: Int, _ mouse: Bool) async throws {
    let pty = try PTY(30, 4)
    let backend = try backend(pty, term: term, lang: "C")
    let (size, capabilities) = try await backend.start()
    #expect(capabilities == TerminalCapabilities(colors: .init(rawValue: colors) ?? .none, unicode: false, mouse: mouse, name: term))
    var canvas = Canvas(size: size)
    canvas.put("● ─ ready ▂█", x: 0, y: 3, style: Style(foreground: .ansi(2), attributes: .bold))
    try await backend.present(canvas)
    pty.wait("ASCII") { $0.rows()[3].hasPrefix("* - ready .#") }
    #expect(pty.screen.mouseModes == [])
    await backend.stop()
    #expect(pty.isSane)
  }
}
