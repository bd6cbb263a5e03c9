import Contracts
import Events
import HarnessConfig
import Testing

@testable import Fleet

/// What is not looked at, not whole or not possible is never told as good.
@Suite struct FleetEvidenceTests {
  private func engine(_ answers: FleetAnswers..., contract: String = "spec-018", workerLimit: Int = 20_000) throws -> FleetEngine {
    var engine = FleetEngine(
      place: 0, queries: FleetQueries(contract: try ContractLoader.load(contract)), workerLimit: workerLimit)
    for answer in answers { engine.take(answer) }
    return engine
  }

  private func conditions(_ engine: FleetEngine) -> [String: String] {
    let rows = FleetTable([(name: "e", engine: engine)]).rows
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.worker.key.instance, $0.condition.text) })
  }

  private func course(_ points: [(Double, Double)]) -> EngineResult {
    var result = EngineResult()
    result.series = [
      EngineSeries(labels: ["job": "w", "instance": "a"], points: points.map { EnginePoint(time: $0.0, value: $0.1) })
    ]
    return result
  }

  @Test(arguments: [
    ([0.0, 1e11], "not known: scrape interval"), ([Answers.now, Answers.now - 5], "not known: scrape interval"),
    ([Answers.now - 5, Answers.now], "running"),
  ])
  func `a distance of scrapes that cannot be is none`(times: [Double], text: String) throws {
    var answers = Answers.well(["a"])
    answers.spacing = course(times.map { ($0, 1) })
    #expect(conditions(try engine(answers)) == ["a": text])
  }

  @Test(arguments: [-1e30, 1e30, 0, 1e11, Double.infinity])
  func `points far away are in no cell of the strip`(time: Double) throws {
    var answers = Answers.well(["a"])
    answers.strip = (result: course([(time, 1), (Answers.now, 0)]), end: Answers.now)
    let strip = try #require(try engine(answers).workers.values.first?.strip)
    #expect(strip.count == 15 && strip.last == .closed && !strip.contains(.open))
  }

  @Test(arguments: [
    (Double.nan, "not known: when its newest sample was taken"), (Double.infinity, "not known: when its newest sample was taken"),
    (-Double.infinity, "not known: when its newest sample was taken"), (Answers.now + 3600, "not known: when its newest sample was taken"),
    (Answers.now + 1, "running"),
  ])
  func `a sample of no time, or of the far future, has no age`(taken: Double, text: String) throws {
    var answers = Answers.well(["a"])
    answers.freshness = Answers.vector([("a", taken)])
    #expect(conditions(try engine(answers)) == ["a": text])
  }

  @Test func `a worker that sends and gets nothing back is not running`() throws {
    for contract in ["spec-018", "media-service"] {
      var answers = Answers.well(["a"])
      answers.figures[.processed] = Answers.vector([("a", 0)])
      let table = FleetTable([(name: "e", engine: try engine(answers, contract: contract))])
      #expect(table.rows.map(\.condition.text) == ["nothing came back dubbed in 5 min"])
      #expect(table.rows.first?.condition.gravity == .bad)
    }
  }

  @Test func `where the contract counts only some fallbacks no share is told`() throws {
    var answers = Answers.well(["a"])
    answers.figures[.fallback] = Answers.vector([("a", 10)])
    #expect(conditions(try engine(answers)) == ["a": "falls back 50 %"])
    let partly = try engine(answers, contract: "media-service")
    #expect(conditions(partly) == ["a": "falls back, at least 10 in 5 min"])
    #expect(partly.workers.values.allSatisfy { $0.fallbackShare == nil })
  }

  @Test func `alerts that were never told are not known, and old ones neither`() throws {
    var answers = Answers.well(["a"])
    answers.alerts = nil
    answers.troubles[.alerts] = .busy(status: 503, words: "")
    #expect(conditions(try engine(answers)) == ["a": "not known: alerts"])
    var firing = Answers.well(["a"])
    firing.alerts = [EngineAlert(labels: ["alertname": "Slow", "instance": "a"], isFiring: true, summary: "")]
    var later = Answers.well(["a"], at: Answers.now + 50)
    later.alerts = nil
    #expect(conditions(try engine(firing, later)) == ["a": "alert Slow"])
    var muchLater = Answers.well(["a"], at: Answers.now + 70)
    muchLater.alerts = nil
    #expect(conditions(try engine(firing, muchLater)) == ["a": "not known: alerts"])
  }

  @Test(arguments: [
    ([7.0, 0], "not known: breaker has an unknown code"), ([0, 7], "not known: breaker has an unknown code"), ([0, 7, 1], "breaker open"),
    ([2, 7], "breaker half-open"), ([0, 0], "running"),
  ])
  func `a code that is not known is worse than closed`(codes: [Double], text: String) throws {
    var answers = Answers.well(["a"])
    answers.figures[.breaker]?.series = codes.enumerated().flatMap { place, code in
      Answers.vector([("a", code)], labels: ["stream_id": "\(place)"]).series
    }
    #expect(conditions(try engine(answers)) == ["a": text])
  }

  @Test func `what is missing from half an answer is neither gone nor 0`() throws {
    var half = Answers.well(["b"], at: Answers.now + 5)
    half.freshness?.isPartial = true
    #expect(conditions(try engine(Answers.well(["a", "b"]), half)) == ["a": "running", "b": "running"])
    half = Answers.well(["b"], at: Answers.now + 5)
    half.freshness = nil
    #expect(conditions(try engine(Answers.well(["a", "b"]), half))["a"] == "running")
    var cut = Answers.well(["a", "b"])
    cut.figures[.fallback] = Answers.vector([("b", 0)])
    cut.figures[.fallback]?.leftOut = 1
    #expect(conditions(try engine(cut)) == ["a": "not known: fallback", "b": "running"])
  }

  @Test(arguments: FleetFigure.telling)
  func `half an answer of what would show a fault makes nobody running`(figure: FleetFigure) throws {
    var answers = Answers.well(["a"])
    answers.figures[figure]?.isPartial = true
    #expect(conditions(try engine(answers)) == ["a": "not known: \(figure.name) (in part only)"])
  }

  @Test func `workers that are not read are counted`() throws {
    let table = FleetTable([(name: "e", engine: try engine(Answers.well(["a", "b", "c"]), workerLimit: 2))])
    #expect(table.summary == "2 workers: 2 running; 2 of 3 are read")
    #expect(table.troubles.map(\.sentence) == ["e has 1 more worker than are read: ask less with --match"])
  }

  @Test func `a trouble stays until what it is about is asked again`() throws {
    var failed = Answers.well(["a"])
    failed.troubles[.strip] = .slow(seconds: 10)
    let others = Answers.well(["a"], at: Answers.now + 5)
    var answered = Answers.well(["a"], at: Answers.now + 10)
    answered.strip = (result: EngineResult(), end: Answers.now + 10)
    #expect(try engine(failed, others).troubles.count == 1)
    #expect(try engine(failed, others, answered).troubles.isEmpty)
  }

  @Test func `the strip ends where it was asked to end, and moves on with the time`() throws {
    var answers = Answers.well(["a"])
    answers.strip = (result: course([(Answers.now - 240, 0), (Answers.now - 180, 1)]), end: Answers.now)
    var engine = try engine(answers)
    #expect(engine.workers.values.first?.strip.suffix(5) == [.closed, .open, nil, nil, nil])
    engine.take(Answers.well(["a"], at: Answers.now + 90))
    #expect(engine.workers.values.first?.strip.suffix(6) == [.closed, .open, nil, nil, nil, nil])
    engine.grow(to: Answers.now + 1e9)
    #expect(engine.workers.values.first?.strip == Array(repeating: nil, count: 15))
  }

  @Test func `jobs of which the interval was not looked at come first`() throws {
    var answers = Answers.well([])
    let jobs = (10..<35).map { "job-\($0)" }
    func all(_ value: Double) -> EngineResult {
      var result = EngineResult()
      result.series = jobs.map {
        EngineSeries(labels: ["job": $0, "instance": "i-\($0)"], points: [EnginePoint(time: Answers.now, value: value)])
      }
      return result
    }
    (answers.freshness, answers.reachability) = (all(Answers.now - 1), all(1))
    var engine = try engine(answers)
    let first = engine.examples.prefix(FleetQueries.spacingLimit).map(\.job)
    #expect(first == Array(jobs.prefix(20)))
    answers.spacingJobs = first
    engine.take(answers)
    #expect(engine.examples.prefix(5).map(\.job) == Array(jobs.suffix(5)))
  }
}
