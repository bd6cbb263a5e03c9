import Events
import MonitorUI
import RunModel
import TerminalCanvas
import TestSupport
import Testing
import WireFormats

@Suite struct RenderTests {
  static let hostile = "\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}31m\u{202E}evil\u{200B}\r\n\t漢字テスト e\u{301}\u{301}\u{301}\u{301} 👨‍👩‍👧 \u{0}"

  @Test func `hostile text stays text`() {
    var script = SampleRuns.everything()
    let text = Self.hostile
    script.health(60, .mediaService, .unhealthy(status: 500, excerpt: text))
    script.told(60, .speechDisconnected(reason: text))
    script.own(60, .mark(text))
    script.own(60, .environment(.failed, reason: text))
    script.told(60, .finding(Finding(id: text, text: text)))
    script.add(60, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: text)]))
    let run = script.state()
    for isRaw in [false, true] {
      for size in [Size(width: 160, height: 48), Size(width: 80, height: 24), Size(width: 40, height: 10), Size(width: 20, height: 3)] {
        var ui = MonitorState()
        if isRaw { _ = ui.reduce(.command(.rawLogs), in: run) }
        let rows = MonitorView.render(run: run, ui: ui, size: size).rows()
        for row in rows {
          #expect(displayWidth(row) == size.width, "columns shifted: \(row)")
          #expect(!row.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E })
        }
      }
    }
  }

  @Test func `many services are counted and reached`() throws {
    var script = Script()
    let names = (1...12).map { ServiceName("service-\($0)") }
    for name in names { script.healthy(1, name, 2) }
    script.health(1, "service-11", .unreachable(reason: "refused"))
    let run = script.state()
    var ui = MonitorState()
    func pane() -> [String] { MonitorView.render(run: run, ui: ui, size: Size(width: 80, height: 24)).rows() }
    // What is not well comes first, wherever it stands in the run.
    #expect(pane().first { $0.contains("service-") }?.contains("✗ service-11 no answer") == true)
    let first = try #require(pane().first { $0.contains("more:") })
    #expect(first.contains("all healthy"))
    _ = ui.reduce(.command(.focus1), in: run)
    for _ in names { _ = ui.reduce(.command(.down), in: run) }
    #expect(pane().contains { $0.contains("service-12") && $0.contains("healthy") })
    #expect(pane().contains { $0.contains("more:") && $0.contains("service-11 no answer") })
  }

  @Test func `what is not known of a service is worded so`() {
    var script = Script()
    script.health(1, .speechService, .unclear(status: 200, word: "REDIS_DOWN", excerpt: "{}"))
    script.health(1, .mediaService, .unasked(reason: "dubwatch itself had no more file descriptors"))
    let run = script.state()
    let rows = MonitorView.render(run: run, ui: MonitorState(), size: Size(width: 160, height: 48)).rows()
    #expect(rows.contains { $0.contains("○ echo-sts") && $0.contains("not known") })
    #expect(rows.contains { $0.contains("says \"REDIS_DOWN\"") })
    #expect(rows.contains { $0.contains("no more file descriptors") })
    #expect(run.rows.contains { $0.text == "health not known: says \"REDIS_DOWN\"" && $0.severity == .warning })
    #expect(run.services.allSatisfy { $0.failingStreak == 0 })
  }

  @Test func `a publisher that sends nothing is silent`() {
    var script = Script()
    for second in 1...4 { script.paths(Double(second), bytes: UInt64(second * 1000)) }
    func rows() -> [String] { MonitorView.render(run: script.state(), ui: MonitorState(), size: Size(width: 160, height: 48)).rows() }
    #expect(rows().contains { $0.contains("live/test/in") && $0.contains(" ready") })
    for second in 5...10 { script.paths(Double(second), bytes: 4000) }
    #expect(rows().contains { $0.contains("live/test/in") && $0.contains("no bytes") })
    script.paths(11, bytes: 9000)
    #expect(rows().contains { $0.contains("live/test/in") && $0.contains(" ready") })
  }

  /// How long it has been watched is no uptime.
  @Test func `uptime is the services own word`() {
    var script = Script()
    script.add(
      10, SourceID(.health, .speechService),
      .sample(
        .health(
          HealthSample(
            service: .speechService, outcome: .healthy(status: 200, word: nil, excerpt: ""), latencyMilliseconds: 2, url: "u",
            uptimeSeconds: 600))))
    script.healthy(10, .mediaServer, 2)
    script.healthy(14, .mediaServer, 2)
    script.tick(14)
    let rows = MonitorView.render(run: script.state(), ui: MonitorState(), size: Size(width: 160, height: 48)).rows()
    #expect(rows.contains { $0.contains("echo-sts") && $0.contains("10 min") || $0.contains("last answer") })
    #expect(rows.contains { $0.contains("mediamtx") && $0.contains("seen 4 s") })
  }

  /// Sources are read one after the other: their rows are shown by time, unless one comes much too late.
  @Test func `events stand in their order`() throws {
    var script = Script()
    for (t, name) in [(20.0, "b"), (21.0, "d"), (20.5, "c"), (19.5, "a"), (2.0, "late")] { script.own(t, .mark("row-\(name)")) }
    let run = script.state()
    var ui = MonitorState()
    func order() -> String {
      let rows = MonitorView.render(run: run, ui: ui, size: Size(width: 160, height: 48)).rows()
      return rows.compactMap { $0.firstMatch(of: /row-(\w+)/)?.1 }.joined(separator: " ")
    }
    #expect(order() == "a b c d late")
    // Up goes by what is shown, and a search finds a row where it stands.
    _ = ui.reduce(.command(.focus7), in: run)
    let shown = (0..<5).map { _ -> Int? in
      _ = ui.reduce(.command(.up), in: run)
      return ui.selection[.events]
    }
    #expect(shown == [4, 1, 2, 0, 3])
    _ = ui.reduce(.command(.down), in: run)
    #expect(ui.selection[.events] == 0)
  }

  @Test func `a healthy run shows nothing red`() {
    let run = SampleRuns.healthyMediaService().state()
    let canvas = MonitorView.render(run: run, ui: MonitorState(), size: Size(width: 160, height: 48))
    let bad = Theme.dark.style(.bad)
    for y in 0..<48 { for x in 0..<160 { #expect(canvas[x, y].style != bad) } }
    #expect(run.findings.isEmpty)
    #expect(!run.rows.contains { $0.severity == .bad || $0.severity == .warning })
    let text = canvas.rows().joined(separator: "\n")
    for word in ["failing", "no answer", "stale", "ended"] { #expect(!text.contains(word)) }
    #expect(text.contains("sign unknown"))
  }

  @Test func `stale values say their age`() {
    var script = SampleRuns.healthyMediaService()
    script.tick(60)
    let text = MonitorView.render(run: script.state(), ui: MonitorState(), size: Size(width: 160, height: 48)).rows().joined(
      separator: "\n")
    #expect(text.contains("last answer 20 s ago"))
    #expect(text.contains("stale 20 s"))
  }

  @Test func `a swapped encoding is said in words`() {
    var script = SampleRuns.everything(until: 35)
    script.told(36, .breaker(BreakerTransition(state: .halfOpen, trigger: .success)))
    for second in 36...41 { script.metrics(Double(second), [.breakerState: .number(1)], text: "a 1\n") }
    let text = MonitorView.render(run: script.state(), ui: MonitorState(), size: Size(width: 160, height: 48)).rows().joined(
      separator: "\n")
    #expect(text.contains("gauge 1 means open in contract spec-018, the log says half-open"))
  }

  @Test func `paused and replay are loud`() {
    let run = SampleRuns.everything().state()
    var ui = MonitorState()
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    _ = ui.reduce(.goTo(RunInstant(seconds: 48)), in: run)
    #expect(MonitorView.render(run: run, ui: ui, size: Size(width: 80, height: 24)).rows()[0].contains("PAUSED  -12 s"))
    let replay = MonitorState(isReplay: true)
    #expect(MonitorView.render(run: run, ui: replay, size: Size(width: 80, height: 24)).rows()[0].contains("REPLAY"))
  }

  @Test func `mouse hits what is there`() {
    let run = SampleRuns.everything().state()
    let frame = MonitorView.frame(run: run, ui: MonitorState(), size: Size(width: 120, height: 40))
    var kinds: Set<String> = []
    for y in 0..<40 {
      for x in 0..<120 {
        switch frame.action(for: MouseEvent(kind: .press, button: .left, point: Point(x: x, y: y))) {
        case .select(let pane, _, _): kinds.insert("select \(pane)")
        case .point: kinds.insert("time")
        case .focus: kinds.insert("focus")
        case .command: kinds.insert("button")
        case nil: kinds.insert("none")
        default: Issue.record("a click means something else at \(x),\(y)")
        }
      }
    }
    #expect(
      kinds.isSuperset(of: [
        "select events", "select breaker", "select backpressure", "select reconnection", "time", "focus", "none", "button",
      ]))
    let wheel = MouseEvent(kind: .scrollUp, point: Point(x: 100, y: 30))
    #expect(frame.action(for: wheel) == .scroll(.events, rows: -3))
  }

  @Test(arguments: 0..<Breadth.of(40)) func `random states and sizes never trap`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed) &* 7919 &+ 1)
    var run = RunState(limits: StateLimits(windowSeconds: 60, points: 50, rows: 30, logLines: 20))
    var ui = MonitorState(theme: Theme.allCases[seed % Theme.allCases.count])
    let events = RandomEvents.make(&random, count: 300)
    for event in events { run.apply(event) }
    for _ in 0..<25 {
      for _ in 0..<5 {
        let command = Commands.all[Int(random.next() % UInt64(Commands.all.count))]
        _ = ui.reduce(.command(command.action), in: run)
        if random.next() % 4 == 0 { _ = ui.reduce(.paste("a"), in: run) }
        if random.next() % 4 == 0 { _ = ui.reduce(.submit, in: run) }
      }
      let size = Size(width: 1 + Int(random.next() % 260), height: 1 + Int(random.next() % 90))
      let canvas = MonitorView.render(run: run, ui: ui, size: size, glyphs: random.next() % 2 == 0 ? .unicode : .ascii)
      #expect(canvas.size == size)
    }
  }
}
