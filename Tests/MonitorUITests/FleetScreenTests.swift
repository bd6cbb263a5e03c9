import CanvasSupport
import Contracts
import Events
import Fleet
import HarnessConfig
import TerminalCanvas
import TestSupport
import Testing

@testable import MonitorUI

@Suite struct FleetScreenTests {
  /// Thirty workers of three regions: one whose breaker is open, one that is silent, one that falls back, one of which the breaker is not known.
  static func moment() throws -> FleetMoment {
    let now = 1_700_000_000.0
    let names = (1...30).map { "worker-\($0)" }
    func all(_ value: (Int) -> Double?, _ labels: (Int) -> [String: String] = { _ in [:] }) -> EngineResult {
      var result = EngineResult()
      for (index, name) in names.enumerated() {
        guard let value = value(index) else { continue }
        let own = ["job": "media-service", "instance": name].merging(labels(index)) { $1 }
        result.series.append(EngineSeries(labels: own, points: [EnginePoint(time: now, value: value)]))
      }
      return result
    }
    var answers = FleetAnswers(askedAt: now)
    answers.reachability = all { _ in
      1
    } _: {
      ["region": ["eu-west", "us-east", "ap-south"][$0 % 3]]
    }
    answers.freshness = all { now - ($0 == 4 ? 61 : 2) }
    answers.figures = [
      .breaker: all { $0 == 3 ? 1 : $0 == 6 ? nil : 0 }, .sent: all { _ in 0.166 }, .processed: all { $0 == 3 ? 0 : 49 },
      .fallback: all { $0 == 3 ? 49 : $0 == 7 ? 2 : 0 }, .inflight: all { $0 == 3 ? 0 : 1 }, .sync: all { Double($0 % 7) * 5 },
      .backpressure: all { _ in 0 }, .reconnections: all { _ in 0 },
    ]
    var spacing = EngineResult()
    let points = (0..<5).map { EnginePoint(time: now - 20 + Double($0) * 5, value: 1) }
    spacing.series = [EngineSeries(labels: ["job": "media-service"], points: points)]
    answers.spacing = spacing
    var strip = EngineResult()
    strip.series = names.prefix(5).enumerated().map { index, name in
      EngineSeries(
        labels: ["job": "media-service", "instance": name],
        points: (0..<15).map { EnginePoint(time: now - Double(14 - $0) * 60, value: index == 3 && $0 > 9 ? 1 : 0) })
    }
    answers.strip = (result: strip, end: now)
    answers.troubles = [.families: .refused(status: 422, words: "query \u{1B}[2Jprocessing would load too many samples")]
    answers.alerts = []
    var engine = FleetEngine(place: 0, queries: FleetQueries(contract: try ContractLoader.load("spec-018")))
    engine.take(answers)
    var moment = FleetMoment(at: WallTime(epochSeconds: now))
    moment.engines = [(name: "http://127.0.0.1:9090/", engine: engine)]
    return moment
  }

  private func screen(_ keys: [Key] = []) throws -> FleetScreen {
    var screen = FleetScreen(theme: .dark)
    screen.show(try Self.moment())
    for key in keys { _ = screen.take(key) }
    return screen
  }

  private func canvas(_ screen: FleetScreen, _ width: Int = 140, _ height: Int = 24, _ glyphs: GlyphSet = .unicode) -> Canvas {
    FleetView.render(screen, size: Size(width: width, height: height), glyphs: glyphs)
  }

  @Test func `a fleet looks as it is stored`() throws {
    try Golden.expect(
      [
        ("worst first", canvas(try screen())),
        ("narrow, ASCII", canvas(try screen(), 60, 12, .ascii)),
        ("grouped by region, filtered", canvas(try screen([.char("b"), .char("/"), .char("1"), .enter]))),
        ("keys", canvas(try screen([.char("?")]))),
        ("nothing yet", canvas(FleetScreen(theme: .dark), 80, 6)),
      ], "fleet")
  }

  @Test(arguments: [Size(width: 1, height: 1), Size(width: 5, height: 3), Size(width: 20, height: 200), Size(width: 400, height: 2)])
  func `any size is drawn, and nothing from outside as it came`(size: Size) throws {
    for keys in [[], [Key.char("?")], [.char("/")], [.char("b")]] {
      let canvas = FleetView.render(try screen(keys), size: size, glyphs: .unicode)
      #expect(canvas.size == size)
      #expect(!FrameText.render(canvas).unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test func `the selected worker stays selected wherever its row goes`() throws {
    var screen = try screen([.down, .down])
    let key = try #require(screen.selected)
    _ = screen.take(.char("s"))
    let selection = try #require(screen.selection)
    #expect(screen.order.column == .name && screen.table.rows[selection].worker.key == key)
    #expect(screen.take(.enter) == .open(key))
  }

  @Test func `a filter follows each letter, and escape shows all`() throws {
    var screen = try screen([.char("/"), .char("u"), .char("s"), .char("-")])
    #expect(screen.table.rows.isEmpty && screen.table.count == 30)
    for key in [Key.backspace, .backspace, .backspace] { _ = screen.take(key) }
    for letter in "region=us" { _ = screen.take(.char(letter)) }
    #expect(screen.table.rows.count == 10)
    _ = screen.take(.char("q"))
    #expect(screen.table.rows.isEmpty)
    _ = screen.take(.escape)
    #expect(screen.table.rows.count == 30)
  }

  @Test func `no key stands twice in the table`() {
    let keys = FleetScreen.commands.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func `lines tell what is not well, then what changes`() throws {
    var lines = FleetLines()
    var moment = try Self.moment()
    let first = lines.lines(for: moment, time: "10:00:00")
    #expect(
      first == [
        #"10:00:00 warning http://127.0.0.1:9090/ does not compute the query (HTTP 422): query \e[2Jprocessing would load too many samples"#,
        "10:00:00 bad     media-service/worker-5: silent for 61 s", "10:00:00 bad     media-service/worker-4: breaker open",
        "10:00:00 warning media-service/worker-8: falls back 3.9 %", "10:00:00 warning media-service/worker-7: not known: breaker",
        "10:00:00 info    30 workers: 1 silent, 1 breaker open, 1 falls back, 26 running; 1 of 30 not known",
      ])
    #expect(lines.lines(for: moment, time: "10:00:05") == [])
    moment.engines = []
    moment.failures = [FleetTrouble("e gave no whole answer: connection refused")]
    #expect(lines.lines(for: moment, time: "10:00:10").first == "10:00:10 warning e gave no whole answer: connection refused")
  }

  @Test func `a trouble of which only the figures change is told once, and its end once`() {
    var lines = FleetLines()
    func told(_ sentences: [String]) -> [String] {
      var moment = FleetMoment(at: WallTime(epochSeconds: 0))
      moment.failures = sentences.map { FleetTrouble($0) }
      return lines.lines(for: moment, time: "t").filter { !$0.contains(" info ") }
    }
    #expect(told(["has 3 more"]) == ["t warning has 3 more"])
    #expect(told(["has 4 more"]) == [])
    #expect(told([]) == ["t good    no longer: has 4 more"])
  }

  @Test func `lines wait until everything was asked once`() throws {
    var lines = FleetLines()
    var moment = try Self.moment()
    moment.isSettled = false
    #expect(lines.lines(for: moment, time: "10:00:00") == [])
    moment.isSettled = true
    #expect(lines.lines(for: moment, time: "10:00:01").count == 6)
  }

  @Test func `a fleet that was not looked at for a while is old when it is seen again`() throws {
    var screen = try screen()
    screen.grow(to: WallTime(epochSeconds: 1_700_000_100))
    #expect(screen.table.rows.allSatisfy { !$0.worker.isCurrent })
    #expect(screen.table.summary == "30 workers: 30 silent")
  }

  @Test func `only labels by which workers differ are offered for groups`() throws { #expect(try screen().groupLabels == ["region"]) }
}
