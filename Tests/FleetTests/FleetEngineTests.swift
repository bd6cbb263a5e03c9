import Contracts
import Events
import HarnessConfig
import Testing

@testable import Fleet

/// Answers of an engine as a test says them.
struct Answers {
  static let now = 1_700_000_000.0
  var made = FleetAnswers(askedAt: now)

  static func vector(_ values: [(String, Double)], labels: [String: String] = [:], at time: Double = now) -> EngineResult {
    var result = EngineResult()
    result.series = values.map { name, value in
      EngineSeries(labels: labels.merging(["job": "w", "instance": name]) { $1 }, points: [EnginePoint(time: time, value: value)])
    }
    return result
  }

  /// Workers that are well: `up`, a fresh sample, a closed breaker, fragments.
  static func well(_ names: [String], at time: Double = now, age: Double = 2) -> FleetAnswers {
    var answers = FleetAnswers(askedAt: time)
    func all(_ value: Double) -> EngineResult { vector(names.map { ($0, value) }, at: time) }
    answers.reachability = all(1)
    answers.freshness = all(time - age)
    answers.figures = [.breaker: all(0), .sent: all(0.2), .processed: all(10), .fallback: all(0), .inflight: all(1), .backpressure: all(0)]
    var spacing = EngineResult()
    spacing.series = [EngineSeries(labels: ["job": "w"], points: (0..<5).map { EnginePoint(time: time - 20 + Double($0) * 5, value: 1) })]
    answers.spacing = spacing
    answers.alerts = []
    return answers
  }
}

@Suite struct FleetEngineTests {
  private func engine(_ answers: FleetAnswers...) throws -> FleetEngine {
    var engine = FleetEngine(place: 0, queries: FleetQueries(contract: try ContractLoader.load("spec-018")))
    for answer in answers { engine.take(answer) }
    return engine
  }

  private func conditions(_ engine: FleetEngine) -> [String: String] {
    let rows = FleetTable([(name: "e", engine: engine)]).rows
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.worker.key.instance, $0.condition.text) })
  }

  @Test func `workers of which all is known are running`() throws {
    let table = FleetTable([(name: "e", engine: try engine(Answers.well(["a", "b"])))])
    #expect(table.summary == "2 workers: 2 running")
    #expect(table.throughput == "0.4 fragments/s")
    #expect(table.troubles.isEmpty)
  }

  @Test func `each fault has its words, and the worst stands first`() throws {
    var answers = Answers.well((1...11).map { "w-\($0)" })
    func set(_ name: String, _ figure: FleetFigure, _ value: Double?) {
      var result = answers.figures[figure] ?? EngineResult()
      result.series.removeAll { $0.labels["instance"] == name }
      if let value { result.series += Answers.vector([(name, value)]).series }
      answers.figures[figure] = result
    }
    answers.reachability = Answers.vector((1...11).map { ("w-\($0)", $0 == 1 ? 0 : 1) })
    answers.freshness = Answers.vector((1...11).map { ("w-\($0)", Answers.now - ($0 == 2 ? 45 : 1)) })
    set("w-3", .breaker, 1)
    set("w-4", .breaker, 2)
    set("w-5", .fallback, 30)
    set("w-6", .breaker, nil)
    set("w-7", .backpressure, 4)
    set("w-8", .sent, 0)
    set("w-9", .breaker, 7)
    answers.alerts = [EngineAlert(labels: ["alertname": "Slow", "instance": "w-10"], isFiring: true, summary: "")]
    let table = FleetTable([(name: "e", engine: try engine(answers))])
    #expect(
      table.rows.map { "\($0.worker.key.instance): \($0.condition.text)" } == [
        "w-1: cannot be scraped", "w-2: silent for 45 s", "w-3: breaker open", "w-4: breaker half-open", "w-10: alert Slow",
        "w-5: falls back 75 %", "w-6: not known: breaker", "w-9: not known: breaker has an unknown code", "w-7: backpressure, 4 in 5 min",
        "w-8: idle", "w-11: running",
      ])
    #expect(table.summary.hasSuffix("1 running; 2 of 11 not known"))
  }

  @Test(arguments: FleetFigure.all)
  func `a figure that is withheld never makes a worker better`(figure: FleetFigure) throws {
    var answers = Answers.well(["a"])
    answers.figures[figure] = EngineResult()
    // Of the same counter another label is there: then none of this one means 0, as the contract says.
    let kin = figure == .processed || figure == .fallback || figure == .sent
    let text = try #require(conditions(try engine(answers))["a"])
    let expected =
      switch figure {
      case .breaker: "not known: breaker"
      case .sent: "idle"
      case .processed: "nothing came back dubbed in 5 min"
      // No other series of its family is there, and no target declares it.
      case .backpressure: "not known: backpressure"
      default: "running"
      }
    #expect(text == expected, "\(kin)")
    answers.figures[figure] = nil
    let unanswered = try #require(conditions(try engine(answers))["a"])
    let needed: [FleetFigure] = [.breaker, .sent, .processed, .fallback, .backpressure]
    #expect(unanswered == (needed.contains(figure) ? "not known: \(figure.name)" : "running"))
  }

  @Test func `without the distance of scrapes nothing is told to be current`() throws {
    var answers = Answers.well(["a"])
    answers.spacing = nil
    #expect(conditions(try engine(answers)) == ["a": "not known: scrape interval"])
    #expect(FleetTable([(name: "e", engine: try engine(answers))]).throughput == nil)
  }

  @Test(arguments: [(15.4, "running"), (15.6, "silent for 16 s")])
  func `a worker is silent after three intervals although the engine shows its last values`(age: Double, text: String) throws {
    #expect(conditions(try engine(Answers.well(["a"], age: age))) == ["a": text])
  }

  @Test func `an engine that does not answer lets all grow old`() throws {
    var none = FleetAnswers(askedAt: Answers.now + 20)
    none.troubles = [.reachability: .slow(seconds: 10), .freshness: .slow(seconds: 10)]
    let table = FleetTable([(name: "http://e", engine: try engine(Answers.well(["a"]), none))])
    #expect(table.rows.map(\.condition.text) == ["silent for 22 s"])
    #expect(
      table.troubles.map(\.sentence) == ["http://e did not answer within 10 s: give it longer with --timeout, or ask less with --match"])
  }

  @Test func `a worker that the engine has no longer is gone, not forgotten`() throws {
    let later = Answers.well(["b"], at: Answers.now + 5)
    #expect(conditions(try engine(Answers.well(["a", "b"]), later)) == ["a": "gone", "b": "running"])
  }

  @Test func `ages are by the engine's clock, and a clock that is off is said`() throws {
    var answers = Answers.well(["a"])
    answers.askedAt = Answers.now - 3600
    let engine = try engine(answers)
    #expect(conditions(engine) == ["a": "running"])
    #expect(engine.troubles.map(\.sentence) == ["its clock is 60 min ahead of this machine's: ages are by its clock"])
  }

  @Test func `of several streams the worst breaker counts`() throws {
    var answers = Answers.well(["a"])
    answers.figures[.breaker]?.series = [1.0, 0, 2].flatMap { Answers.vector([("a", $0)], labels: ["stream_id": "\($0)"]).series }
    #expect(conditions(try engine(answers)) == ["a": "breaker open"])
  }

  @Test func `the strip has a cell a minute, and none where nothing was scraped`() throws {
    var answers = Answers.well(["a"])
    var strip = EngineResult()
    strip.series = [
      EngineSeries(
        labels: ["job": "w", "instance": "a"],
        points: [
          EnginePoint(time: Answers.now - 120, value: 1), EnginePoint(time: Answers.now - 60, value: 2),
          EnginePoint(time: Answers.now, value: 0),
        ])
    ]
    answers.strip = (result: strip, end: Answers.now)
    let cells = try #require(try engine(answers).workers.values.first?.strip)
    #expect(cells.count == 15 && cells.suffix(4) == [nil, .open, .halfOpen, .closed])
  }

  @Test func `rows are filtered by words and labels, ordered and grouped`() throws {
    var answers = Answers.well(["w-1", "w-2", "w-10"])
    answers.reachability?.series[0].labels["region"] = "eu"
    answers.figures[.inflight] = Answers.vector([("w-1", 1), ("w-2", 3)])
    let engines = [(name: "e", engine: try engine(answers))]
    func names(_ change: (inout FleetOrder) -> Void) -> [String] {
      var order = FleetOrder()
      change(&order)
      return FleetTable(engines, order: order).rows.map(\.worker.key.instance)
    }
    #expect(names { _ in } == ["w-1", "w-2", "w-10"])
    #expect(names { $0.filter = "region=EU" } == ["w-1"])
    #expect(names { $0.filter = "W-1 running" } == ["w-1", "w-10"])
    #expect(names { $0.column = .figure(.inflight) } == ["w-2", "w-1", "w-10"])
    #expect(names { ($0.column, $0.isReversed) = (.figure(.inflight), true) } == ["w-1", "w-2", "w-10"])
    #expect(names { $0.group = "region" } == ["w-2", "w-10", "w-1"])
  }

  @Test func `the queries of a contract are at most twelve with what goes beside them`() throws {
    for name in ["spec-018", "media-service"] {
      let queries = FleetQueries(contract: try ContractLoader.load(name), match: try LabelMatchers(parsing: #"job="w""#))
      #expect(queries.figures.count + 4 <= FleetQueries.requestLimit)
      #expect(queries.figures.allSatisfy { $0.query.contains(#"job="w""#) })
    }
    let spec = FleetQueries(contract: try ContractLoader.load("spec-018"))
    #expect(spec.figures.first?.query == "max by (job, instance, stream_id, stream) (worker_sts_breaker_state)")
    #expect(spec.freshness == "max by (job, instance) (timestamp(worker_sts_breaker_state))")
  }

  @Test func `stretches hold four scrapes, however rare they are`() throws {
    var answers = Answers.well(["a"])
    answers.spacing?.series[0].points = (0..<4).map { EnginePoint(time: Answers.now - 180 + Double($0) * 60, value: 1) }
    let queries = try engine(answers).queries
    #expect(queries.figures.first { $0.figure == .sent }?.query.contains("[240s]") == true)
    #expect(queries.figures.first { $0.figure == .fallback }?.query.contains("[300s]") == true)
  }

  @Test func `raw samples of one time are one page again, without what the engine added`() throws {
    var result = EngineResult()
    func series(_ name: String, _ labels: [String: String], _ values: [(Double, Double)]) {
      let all = labels.merging(["__name__": name, "job": "w", "instance": "a"]) { $1 }
      result.series.append(EngineSeries(labels: all, points: values.map { EnginePoint(time: $0.0, value: $0.1) }))
    }
    series("worker_av_sync_delta_ms_bucket", ["le": "5"], [(10, 1), (15, 2)])
    series("worker_av_sync_delta_ms_count", [:], [(10, 1), (15, 2)])
    series("worker_audio_fragments_total", ["status": "sent"], [(10, 3), (15, 4)])
    series("up", [:], [(10, 1), (15, 1)])
    let pages = EngineHistory.pages(result, contract: try ContractLoader.load("spec-018"), after: 10, until: 100)
    #expect(pages.map(\.time) == [15])
    // A stamp of the far future is no page: what comes after it would never be shown.
    #expect(EngineHistory.pages(result, contract: try ContractLoader.load("spec-018"), after: 0, until: 12).map(\.time) == [10])
    #expect(
      pages.first?.text == """
        # TYPE worker_audio_fragments_total counter
        worker_audio_fragments_total{status="sent"} 4.0
        # TYPE worker_av_sync_delta_ms histogram
        worker_av_sync_delta_ms_bucket{le="5"} 2.0
        worker_av_sync_delta_ms_count 2.0

        """)
    let key = WorkerKey(engine: 0, job: "w", instance: "a:1")
    #expect(EngineHistory.query(key, match: LabelMatchers(), seconds: 900.2) == #"{instance="a:1",job="w"}[901s]"#)
    #expect(EngineHistory.query(key, match: LabelMatchers(), seconds: 1e30) == #"{instance="a:1",job="w"}[10000000s]"#)
  }
}
