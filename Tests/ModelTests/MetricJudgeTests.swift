import Events
import Judging
import PrometheusText
import RuleSupport
import RunModel
import Testing

@Suite struct MetricJudgeTests {
  /// A counter's reading before the scenario, its readings in it, the one after the steps, and what comes of it.
  struct CounterCase: Sendable {
    var before: Double?
    var during: [Double]
    var after: Double?
    var comparison: Comparison
    var wanted: Double
    var isDelta = false
    var standing: Verdict.Standing
  }

  @Test(arguments: [
    CounterCase(during: [3, 10], after: 10, comparison: .equals, wanted: 10, standing: .met),
    CounterCase(during: [3, 9], after: 9, comparison: .equals, wanted: 10, standing: .violated),
    CounterCase(during: [3, 11], comparison: .equals, wanted: 10, standing: .violated),
    CounterCase(during: [3], comparison: .atLeast, wanted: 3, standing: .met),
    CounterCase(during: [1, 2], after: 2, comparison: .atLeast, wanted: 3, standing: .violated),
    CounterCase(during: [1, 4], comparison: .atMost, wanted: 3, standing: .violated),
    CounterCase(during: [1], after: 3, comparison: .atMost, wanted: 3, standing: .met),
    CounterCase(before: 100, during: [103], after: 110, comparison: .equals, wanted: 10, isDelta: true, standing: .met),
    CounterCase(before: 100, during: [103], after: 110, comparison: .equals, wanted: 110, isDelta: true, standing: .violated),
    // The service was started again: 3 before, 4 after, and nobody knows how many between the last reading and its end.
    CounterCase(before: 100, during: [103, 4], after: 4, comparison: .equals, wanted: 7, isDelta: true, standing: .unobservable),
    CounterCase(before: 100, during: [103, 4], after: 4, comparison: .atLeast, wanted: 7, isDelta: true, standing: .met),
    CounterCase(before: 100, during: [103, 4], after: 4, comparison: .atMost, wanted: 7, isDelta: true, standing: .unobservable),
    CounterCase(before: 100, during: [103, 4], after: 4, comparison: .atMost, wanted: 6, isDelta: true, standing: .violated),
    CounterCase(during: [], comparison: .equals, wanted: 0, standing: .unobservable),
  ]) func `a counter is judged by what it rose`(_ test: CounterCase) {
    var trial = Trial(.counter(.signal(.fragmentsSent), test.comparison, test.wanted, isDelta: test.isDelta))
    // The script begins with the scenario; what was read before it stands in front.
    if let before = test.before {
      var early = Script()
      early.signals(0.5, [.fragmentsSent: .number(before)])
      trial.script.insert(early.events[0], at: 1)
    }
    for (index, value) in test.during.enumerated() { trial.scrape(2 + Double(index), [.fragmentsSent: .number(value)]) }
    trial.own(20, .completed(reason: "done"))
    if let after = test.after { trial.scrape(20.5, [.fragmentsSent: .number(after)]) }
    trial.own(21, .closed)
    #expect(trial.standing == test.standing, "\(trial.verdict.reason)")
  }

  /// A sum over streams falls when one of them ends; its process says that it goes on.
  @Test(arguments: [
    (Comparison.atLeast, 100.0, Verdict.Standing.unobservable), (.atMost, 5, .unobservable), (.atLeast, 1, .met), (.atMost, 0.5, .violated),
  ])
  func `a sum that loses a series is no restart`(_ comparison: Comparison, _ wanted: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.counter(.series("sent", labels: [:], sums: true), comparison, wanted, isDelta: true))
    func page(_ values: [String: Int]) -> String {
      values.map { "sent{stream=\"\($0)\"} \($1)\n" }.joined() + "process_start_time_seconds 1000\n"
    }
    trial.scrape(2, text: page(["a": 1000, "b": 500]))
    trial.scrape(3, text: page(["a": 1001, "b": 500]))
    trial.scrape(4, text: page(["b": 500]))
    trial.scrape(5, text: page(["b": 501]))
    trial.own(10, .completed(reason: "done"))
    trial.scrape(11, text: page(["b": 501]))
    trial.own(12, .closed)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// The worker's endpoint shows nothing of it: another one's numbers are not the worker's.
  @Test func `a signal is the workers own`() {
    let rules: [RuleDocument] = [
      .counter(.signal(.fragmentsSent), .atLeast, 1, isDelta: true),
      .gauge(.signal(.inflightFragments), minimum: 0, maximum: 0, .atEnd),
    ]
    for rule in rules {
      var trial = Trial(rule)
      for second in 2...12 {
        trial.scrape(Double(second), [:])
        trial.script.signals(
          Double(second) + 0.1, [.fragmentsSent: .number(Double(second)), .inflightFragments: .number(0)], of: "other")
      }
      trial.own(10, .completed(reason: "done"))
      trial.own(13, .closed)
      #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
    }
  }

  /// What was sent, what came back, and what is said of "sent at most 4".
  @Test(arguments: [(4.0, 10.0, Verdict.Standing.unobservable), (4, 4, .met), (4, 7, .met), (9, 10, .violated)])
  func `a counter that stands still while what it counts comes back is no evidence`(
    _ sent: Double, _ processed: Double, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.counter(.signal(.fragmentsSent), .atMost, 4, isDelta: true))
    var early = Script()
    early.signals(0.5, [.fragmentsSent: .number(0), .fragmentsProcessed: .number(0)])
    trial.script.insert(early.events[0], at: 1)
    trial.scrape(5, [.fragmentsSent: .number(sent), .fragmentsProcessed: .number(processed)])
    trial.own(10, .completed(reason: "done"))
    trial.scrape(11, [.fragmentsSent: .number(sent), .fragmentsProcessed: .number(processed)])
    trial.own(12, .closed)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `a scrape that was under way at the end decides nothing`() {
    var trial = Trial(.gauge(.signal(.inflightFragments), minimum: 0, maximum: 0, .atEnd))
    trial.own(10, .completed(reason: "done"))
    // Asked for 1 ms before it arrived, which is before the end.
    trial.scrape(10.0005, [.inflightFragments: .number(2)])
    #expect(trial.standing == .pending)
    trial.scrape(11, [.inflightFragments: .number(0)])
    trial.own(12, .closed)
    #expect(trial.standing == .met)
  }

  @Test(arguments: [
    (RuleDocument.GaugeTime.always, [1.0, 2, 3], Verdict.Standing.unobservable), (.always, [1, 4, 3], .violated),
    (.eventually, [1, 2, 9], .met), (.eventually, [9, 9, 9], .violated), (.eventually, [], .unobservable),
  ]) func `a gauge is judged by all of its values`(_ time: RuleDocument.GaugeTime, _ values: [Double], _ standing: Verdict.Standing) {
    let isAlways = time == .always
    var trial = Trial(.gauge(.signal(.inflightFragments), minimum: isAlways ? 0 : 1, maximum: isAlways ? 3 : 8, time))
    let shown = time == .eventually && standing == .met ? [9, 9, 2] : values
    for (index, value) in shown.enumerated() { trial.scrape(2 + Double(index), [.inflightFragments: .number(value)]) }
    trial.end(10)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    if standing == .unobservable, !values.isEmpty { #expect(trial.verdict.reason.contains("proves no \"always\"")) }
  }

  @Test(arguments: [
    (["reason": "error"], false, Verdict.Standing.met), ([:], false, .unobservable), ([:], true, .violated),
    (["reason": "nothing"], false, .unobservable),
  ]) func `series by a subset of its labels`(_ labels: [String: String], _ sums: Bool, _ standing: Verdict.Standing) {
    var trial = Trial(.counter(.series("falls_total", labels: labels, sums: sums), .equals, 2, isDelta: false))
    trial.own(5, .completed(reason: "done"))
    trial.scrape(
      6, text: "falls_total{reason=\"error\",stream=\"a\"} 2\nfalls_total{reason=\"timeout\",stream=\"a\"} 3\nother_total 7\n")
    trial.own(7, .closed)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// Restarted within one poll, and beyond its old value again by the next: the series was made anew, or the process began anew.
  @Test(arguments: [
    ("falls_created 100\n", "falls_created 100\n", 2.0), ("falls_created 100\n", "falls_created 200\n", 7),
    ("process_start_time_seconds 100\n", "process_start_time_seconds 200\n", 7), ("", "", 2),
  ]) func `a restart that no value shows`(_ before: String, _ after: String, _ risen: Double) {
    var trial = Trial(.counter(.series("falls_total", labels: [:], sums: false), .atLeast, 1000, isDelta: true))
    trial.scrape(1.5, text: "up 1\n")
    for second in 2...4 { trial.scrape(Double(second), text: "falls_total 5\n" + before) }
    trial.own(5, .completed(reason: "done"))
    trial.scrape(6, text: "falls_total 7\n" + after)
    trial.own(7, .closed)
    // From nothing in a good answer to 5, and what came then.
    trial.script.tick(8)
    #expect(trial.verdict.reason.contains("rose by \(5 + Int(risen))"), "\(trial.verdict.reason)")
  }

  /// A quantile of which nothing was observed is NaN by Prometheus' rule: neither beyond a bound nor within.
  @Test(arguments: [
    (RuleDocument.GaugeTime.always, "NaN", "NaN", Verdict.Standing.unobservable), (.atEnd, "NaN", "NaN", .unobservable),
    (.eventually, "NaN", "NaN", .unobservable), (.atEnd, "NaN", "4", .met), (.atEnd, "3", "9", .violated), (.eventually, "NaN", "4", .met),
    (.always, "NaN", "9", .violated), (.atEnd, "4", "NaN", .unobservable),
  ]) func `what is not a number is no reading`(
    _ time: RuleDocument.GaugeTime, _ during: String, _ after: String, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.gauge(.series("rpc_seconds", labels: [:], sums: false), minimum: nil, maximum: 5, time))
    for second in 2...4 { trial.scrape(Double(second), text: "rpc_seconds{quantile=\"0.99\"} \(during)\n") }
    trial.own(5, .completed(reason: "done"))
    trial.scrape(6, text: "rpc_seconds{quantile=\"0.99\"} \(after)\n")
    trial.own(7, .closed)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    if standing == .unobservable, during == "NaN" || time == .atEnd { #expect(trial.verdict.reason.contains("not a number")) }
  }

  @Test(arguments: [([5.0, .nan, 8], Verdict.Standing.met), ([.nan, .nan, .nan], .unobservable)])
  func `a counter goes on counting after an answer that is not a number`(_ values: [Double], _ standing: Verdict.Standing) {
    var trial = Trial(.counter(.signal(.fragmentsSent), .equals, 3, isDelta: true))
    var early = Script()
    early.signals(0.5, [.fragmentsSent: .number(values[0])])
    trial.script.insert(early.events[0], at: 1)
    for (index, value) in values.enumerated() { trial.scrape(2 + Double(index), [.fragmentsSent: .number(value)]) }
    trial.own(10, .completed(reason: "done"))
    trial.scrape(10.5, [.fragmentsSent: .number(values[2])])
    trial.own(11, .closed)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    if standing == .unobservable { #expect(trial.verdict.reason.contains("not a number")) }
  }

  /// NaN equals nothing, not even itself: a page that has it would never stand still.
  @Test func `a page with what is not a number can be frozen`() {
    var trial = Trial(.counter(.signal(.fragmentsSent), .atMost, 10, isDelta: false))
    trial.heard()
    let stuck: [SignalID: SignalValue] = [.fragmentsSent: .number(2), .syncClaim: .number(.nan)]
    for second in 2...30 { trial.scrape(Double(second), stuck) }
    for index in 0..<6 { trial.fragment(4.5 + 3 * Double(index), .sent, index) }
    trial.end(30)
    trial.scrape(30.5, stuck)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.contains("frozen"))
  }

  @Test func `an old value proves nothing at the end`() {
    var trial = Trial(.counter(.signal(.reconnections), .equals, 5, isDelta: false))
    trial.scrape(2, [.reconnections: .number(5)])
    trial.end(60)
    #expect(trial.standing == .unobservable)
    #expect(trial.verdict.reason.contains("last value is not known"))
  }

  @Test func `the snapshot is that of the end`() throws {
    var trial = Trial(.snapshot)
    trial.scrape(2, text: "early 1\n")
    trial.own(5, .completed(reason: "done"))
    trial.scrape(6, text: "late 2\n")
    trial.scrape(7, text: "later 3\n")
    trial.own(8, .closed)
    #expect(trial.standing == .met)
    let kept = try #require(trial.script.state().verdict.snapshots[.mediaService])
    #expect(kept.value.layout.series.map(\.name) == ["late"])
  }

  @Test func `a deadline ends the wait`() {
    var trial = Trial(.counter(.signal(.fragmentsSent), .atLeast, 5, isDelta: false), by: 10)
    for second in 2...14 { trial.scrape(Double(second), [.fragmentsSent: .number(4)]) }
    #expect(trial.standing == .violated)
    #expect(trial.verdict.decidedAt.map { $0.seconds < 13 } == true)
  }

  /// What holds at its deadline has to go on holding.
  @Test(arguments: [(4.0, Verdict.Standing.met), (9.0, .violated)])
  func `a deadline does not end the watch`(last: Double, standing: Verdict.Standing) {
    var trial = Trial(.counter(.signal(.fragmentsSent), .atMost, 5, isDelta: false), by: 10)
    for second in 2...13 { trial.scrape(Double(second), [.fragmentsSent: .number(4)]) }
    #expect(trial.standing == .pending)
    for second in 14...20 { trial.scrape(Double(second), [.fragmentsSent: .number(last)]) }
    trial.own(20.5, .closed)
    #expect(trial.standing == standing)
  }

  /// A run that is judged by one of several workers says so.
  @Test(
    arguments: [([], []), (["media-service-2", "media-service-10"], []), ([], ["w"]), ([], ["echo-sts"])]
      as [([ServiceName], [ServiceName])])
  func `workers that are not judged are named`(services: [ServiceName], telling: [ServiceName]) {
    var trial = Trial([.conditions(maxInflight: nil)])
    guard case .description(var description)? = trial.script.events.first?.event else { return }
    description.services += services
    trial.script.add(0.5, .harness, .description(description))
    for service in telling {
      let kind: Happening.Kind =
        service == .speechService
        ? .fragment(FragmentHappening(stage: .acknowledged, sequenceNumber: 1)) : .segment(SegmentHappening(direction: .output, index: 1))
      trial.script.told(2, kind, reportedAt: 2, by: service)
    }
    trial.end(20)
    #expect(trial.standing == .met)
    let unjudged = services + telling.filter { $0 != .speechService }
    #expect(unjudged.allSatisfy { trial.verdict.reason.contains($0.text) }, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.contains("not judged") == !unjudged.isEmpty, "\(trial.verdict.reason)")
  }
}
