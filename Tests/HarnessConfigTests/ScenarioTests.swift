import Events
import Foundation
import HarnessConfig
import Judging
import RuleSupport
import RunModel
import TestSupport
import Testing

/// swift-testing has a type of this name, too.
typealias Expectation = RunModel.Expectation

@Suite struct ScenarioTests {
  @Test func `every built in file is read`() throws {
    #expect(BuiltInScenarios.all.count == BuiltInScenarios.files.count)
    for file in BuiltInScenarios.files {
      let scenario = try ScenarioLoader.parse(yaml: file.yaml, file: file.name)
      #expect(scenario.name == file.name)
      #expect(!scenario.sentence.isEmpty && !scenario.expectations.isEmpty)
      #expect(try ScenarioLoader.load(file.name) == scenario)
    }
  }

  @Test func `the files of the fixtures are the ones built in`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Checkout.fixture("scenarios"))
    #expect(Set(names) == Set(BuiltInScenarios.files.map { $0.name + ".yaml" }))
    for file in BuiltInScenarios.files {
      let text = try String(contentsOfFile: Checkout.fixture("scenarios/\(file.name).yaml"), encoding: .utf8)
      #expect(text == file.yaml)
    }
  }

  @Test func `every field is read`() throws {
    let scenario = try ScenarioLoader.parse(
      yaml: """
        name: mine
        sentence: A sentence.
        time_limit_s: 100
        expected_s: 50
        max_speed: 4
        publish: {loop_s: 90}
        fixture: film.mp4
        needs: {processing_delay_ms: 20, backpressure: false, max_inflight: 2, timeout_ms: 3000, log_level: debug}
        steps:
          - {at: 8, inject: sts-errors, with: {code: GPU_OOM, count: 3}}
          - {wait: {breaker: half-open}, within: 5, mark: half}
          - {wait: {event: fragment-fallback, detail: error, count: 2}, within: 5}
          - {wait: {series: x_total, labels: {a: b}, sum: true, at_least: 3}, within: 5}
          - {wait: {expectation: one}, within: 5}
          - {after: 2}
          - {inject: sts-disconnect}
        expectations:
          - {id: one, expect: counter, series: x_total, labels: {a: b}, sum: true, delta: true, at_most: 4, title: a title, by_s: 20, optional: true}
          - {id: two, expect: gauge, signal: inflight_fragments, at_least: 1, at_most: 3, when: always}
          - {id: three, expect: breaker-sequence, states: [open, half-open]}
          - {id: four, expect: logs-quiet, above: error, allow: [some text], services: [echo-sts]}
        """, file: "mine.yaml")
    #expect(scenario.publish == PublishPlan(length: .loop(seconds: 90), fixture: "film.mp4"))
    #expect(scenario.needs.sendsBackpressure == false && scenario.needs.logLevel == .debug && scenario.needs.maxInflight == 2)
    #expect(
      scenario.steps == [
        ScenarioStep(.at(seconds: 8), .inject(FaultRequest("sts-errors", ["code": "GPU_OOM", "count": "3"]))),
        ScenarioStep(.when(.breaker(.halfOpen), withinSeconds: 5), .mark("half")),
        ScenarioStep(.when(.event(EventPattern(.fragmentFallback, detail: "error"), count: 2), withinSeconds: 5)),
        ScenarioStep(.when(.metric(.series("x_total", labels: ["a": "b"], sums: true), atLeast: 3), withinSeconds: 5)),
        ScenarioStep(.when(.decided(expectation: "one"), withinSeconds: 5)), ScenarioStep(.after(seconds: 2)),
        ScenarioStep(.next, .inject(FaultRequest("sts-disconnect"))),
      ])
    #expect(
      scenario.expectations == [
        Expectation(
          id: "one", title: "a title", rule: .counter(.series("x_total", labels: ["a": "b"], sums: true), .atMost, 4, isDelta: true),
          deadlineSeconds: 20, isOptional: true),
        Expectation(id: "two", rule: .gauge(.signal(.inflightFragments), minimum: 1, maximum: 3, .always)),
        Expectation(id: "three", rule: .breakerSequence([.open, .halfOpen])),
        Expectation(id: "four", rule: .logsQuiet(above: .error, allowed: ["some text"], services: [.speechService])),
      ])
  }

  private static let head = "name: x\nsentence: s\ntime_limit_s: 50\n"

  @Test(arguments: [
    ("expectations: [{id: a, expect: countr, signal: fragments_sent, equals: 1}]", "m.yaml:4: expectations[0].expect:", "\"counter\""),
    (
      "expectations: [{id: a, expect: counter, signal: fragments_snt, equals: 1}]", "m.yaml:4: expectations[0].signal:",
      "\"fragments_sent\""
    ),
    ("expectations: [{id: a, expect: counter, signal: fragments_sent}]", "m.yaml:4: expectations[0]:", "exactly one of equals"),
    ("expectations: [{id: a, expect: counter, signal: fragments_sent, equal: 1}]", "m.yaml:4: expectations[0].equal:", "\"equals\""),
    ("expectations: [{id: a, expect: gauge, signal: inflight_fragments, equals: 1, when: at_ends}]", "expectations[0].when:", "\"at_end\""),
    ("expectations: [{id: a, expect: pts-rise}, {id: a, expect: recovers}]", "expectations[1].id:", "stands there twice"),
    ("expectations: [{id: steps, expect: pts-rise}]", "expectations[0].id:", "every run adds"),
    ("expectations: [{id: A b, expect: pts-rise}]", "expectations[0].id:", "small letters"),
    ("expectations: [{expect: pts-rise}]", "expectations[0].id:", "is missing"),
    ("expectations: []", "expectations:", "cannot be judged"),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 4, inject: sts-outge}]", "m.yaml:5: steps[0].inject:", "\"sts-outage\""),
    (
      "expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 4, inject: sts-outage, with: {second: 4}}]", "steps[0].with.second:",
      "\"seconds\""
    ),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 4, inject: sts-outage, with: {seconds: soon}}]", "with.seconds:", "a number"),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{inject: sts-errors, with: {code: TIMEOT}}]", "with.code:", "\"TIMEOUT\""),
    (
      "expectations: [{id: a, expect: pts-rise}]\nsteps: [{inject: audio-drift, with: {ms_per_s: 240}}]", "with.ms_per_s:",
      "-100 to 100 milliseconds per second"
    ),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{inject: audio-drift, with: {ms_per_min: 60}}]", "ms_per_min:", "\"ms_per_s\""),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{wait: {breaker: opn}, within: 3}]", "steps[0].wait.breaker:", "\"open\""),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{wait: {breaker: open}}]", "steps[0].within:", "is missing"),
    (
      "expectations: [{id: a, expect: pts-rise}]\nsteps: [{wait: {expectation: b}, within: 3}]", "steps[0].wait.expectation:",
      "no expectation"
    ),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 1, after: 2}]", "steps[0]:", "one of them is enough"),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 60, mark: late}]", "steps[0].at:", "time limit"),
    (
      "expectations: [{id: a, expect: pts-rise}]\nsteps: [{at: 8, mark: a}, {at: 2, mark: b}]", "steps[1].at:",
      "lies before the step above it"
    ),
    ("expectations: [{id: a, expect: pts-rise}]\npublish: {loop_s: 600}", "time_limit_s:", "the run would be over before its stream"),
    ("expectations: [{id: published, expect: pts-rise}]", "expectations[0].id:", "that every run adds"),
    ("expectations: [{id: a, expect: pts-rise}]\nsteps: [{within: 3}]", "steps[0]:", "does nothing"),
    ("expectations: [{id: a, expect: pts-rise}]\nneeds: {max_inflight: 11}", "needs.max_inflight:", "1 to 10"),
    ("expectations: [{id: a, expect: pts-rise}]\npublish: twice", "publish:", "once"),
    ("expectations: [{id: a, expect: pts-rise}]\nmax_speed: 20", "max_speed:", "1.0 to 5.0"),
  ]) func `a mistake is named with its place`(_ rest: String, _ place: String, _ word: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try ScenarioLoader.parse(yaml: Self.head + rest + "\n", file: "m.yaml") }
    let text = try #require(error).description
    #expect(text.contains(place) && text.contains(word), "\(text)")
  }

  /// The reader takes what the table has: every word, every parameter with its bounds, and nothing beyond.
  @Test(arguments: FaultKind.words) func `every fault of the table is read`(_ word: String) throws {
    let rest = "expectations: [{id: a, expect: pts-rise}]\nsteps: [{inject: \(word), with: {"
    func read(_ values: String) throws -> ScenarioStep.Action? {
      try ScenarioLoader.parse(yaml: Self.head + rest + values + "}}]\n", file: "m.yaml").steps.first?.action
    }
    let parameters = try #require(FaultKind.parameters(of: word))
    #expect(try read("") == .inject(FaultRequest(word)))
    for parameter in parameters {
      let name = parameter.name.text
      var (good, bad): ([String], [String])
      switch parameter.domain {
      case .number(let range, _): (good, bad) = (["\(range.lowerBound)", "\(range.upperBound)"], ["\(range.upperBound + 1)", "x", ".nan"])
      case .whole(let range, _): (good, bad) = (["\(range.lowerBound)", "\(range.upperBound)"], ["\(range.upperBound + 1)", "1.5", "x"])
      case .word(let words): (good, bad) = (words, ["nothing-like-it"])
      case .service: (good, bad) = (["echo-sts"], ["\"\""])
      }
      for value in good { #expect(try read("\(name): \(value)") == .inject(FaultRequest(word, [name: value]))) }
      for value in bad {
        let error = #expect(throws: ConfigurationError.self) { try read("\(name): \(value)") }
        #expect(error?.description.contains("m.yaml:5: steps[0].with.\(name):") == true, "\(error?.description ?? "")")
      }
      let error = #expect(throws: ConfigurationError.self) { try read("\(name)x: 1") }
      #expect(error?.description.contains("unknown field \"\(name)x\"; did you mean \"\(name)\"?") == true, "\(error?.description ?? "")")
    }
  }

  @Test func `a name that is none is said with the nearest`() throws {
    let error = #expect(throws: ConfigurationError.self) { try ScenarioLoader.load("circuit-braker") }
    #expect(try #require(error).description.contains("\"circuit-breaker\""))
  }

  /// The examples of the data model, each of them in a scenario.
  @Test func `the data models examples are expressed`() throws {
    func rules(_ name: String) throws -> [RuleDocument] { try ScenarioLoader.load(name).expectations.map(\.rule) }
    let full = try rules("full-pipeline")
    #expect(full.contains(.counter(.signal(.fragmentsSent), .equals, 10, isDelta: false)))
    #expect(full.contains(.counter(.signal(.fragmentsProcessed), .equals, 10, isDelta: false)))
    #expect(full.contains(.gauge(.signal(.inflightFragments), minimum: 0, maximum: 0, .atEnd)))
    #expect(full.contains(.sync(.timestamps, thresholdMilliseconds: 120, share: 0.95, segments: 9)))
    #expect(try rules("circuit-breaker").contains(.breakerOpens(failures: 5)))
    let held = try rules("backpressure")
    #expect(held.contains(.counter(.signal(.backpressurePause), .atLeast, 1, isDelta: false)))
    #expect(held.contains(.counter(.signal(.backpressureSlowDown), .atLeast, 1, isDelta: false)))
    #expect(try rules("reconnection").contains(.backoff(attempts: 5)))
    #expect(BackoffSchedule().delays == [2, 4, 8, 16, 32])
  }
}
