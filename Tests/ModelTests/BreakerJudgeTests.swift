import Contracts
import Events
import RuleSupport
import RunModel
import Testing

@Suite struct BreakerJudgeTests {
  /// `failures` timeouts 6 s apart from 6 s on, then the breaker opens and tells a count.
  private static func opened(_ rule: RuleDocument, failures: Int, told: Int?, code: String = "TIMEOUT") -> Trial {
    var trial = Trial(rule)
    trial.heard()
    // An answer: the count of failures begins here.
    trial.fragment(1.5, .processed, 99)
    for index in 0..<failures { trial.fragment(6 * Double(index + 1), .failed, index, code) }
    trial.breaker(max(2, 6 * Double(failures) + 0.001), .open, failures: told)
    return trial
  }

  @Test(arguments: [
    (5, 5 as Int?, "TIMEOUT", Verdict.Standing.met), (5, nil, "TIMEOUT", .met), (4, 4, "TIMEOUT", .violated),
    (4, nil, "TIMEOUT", .violated),
    // Its own count is right, but only four were seen.
    (4, 5, "TIMEOUT", .violated), (6, 5, "TIMEOUT", .violated), (0, 5, "TIMEOUT", .met), (0, nil, "TIMEOUT", .unobservable),
    // Failures that do not count were counted.
    (5, 5, "FRAGMENT_TOO_LARGE", .met),
  ]) func `opens at exactly five`(_ failures: Int, _ told: Int?, _ code: String, _ standing: Verdict.Standing) {
    var trial = Self.opened(.breakerOpens(failures: 5), failures: failures, told: told, code: code)
    trial.end(40)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// Failures before the run, failures in it, and the breaker's own count.
  @Test(arguments: [
    (2, 3, 5 as Int?, Verdict.Standing.met), (2, 3, nil, .met), (0, 3, 5, .met), (0, 3, nil, .unobservable), (3, 3, 5, .violated),
  ])
  func `failures from before the run count on`(_ before: Int, _ during: Int, _ told: Int?, _ standing: Verdict.Standing) {
    var trial = Trial(.breakerOpens(failures: 5))
    var early = Script()
    if before > 0 { early.told(0.1, .fragment(FragmentHappening(stage: .processed, sequenceNumber: 90)), reportedAt: 0.1) }
    for index in 0..<before {
      let at = 0.2 + 0.1 * Double(index)
      early.told(at, .fragment(FragmentHappening(stage: .failed, sequenceNumber: 91 + index, detail: "TIMEOUT")), reportedAt: at)
    }
    for (place, event) in early.events.enumerated() { trial.script.insert(event, at: 1 + place) }
    trial.heard()
    for index in 0..<during { trial.fragment(6 * Double(index + 1), .failed, index, "TIMEOUT") }
    trial.breaker(6 * Double(during) + 0.001, .open, failures: told)
    trial.end(60)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// The line of the failure is written before that of the opening.
  @Test func `a probe that fails is no sixth failure`() {
    var trial = Self.opened(.breakerOpens(failures: 5), failures: 5, told: 5)
    trial.breaker(61, .halfOpen)
    trial.fragment(62, .failed, 6, "TIMEOUT")
    trial.breaker(62.001, .open)
    trial.end(70)
    #expect(trial.standing == .met, "\(trial.verdict.reason)")
  }

  @Test func `a good answer begins the count anew`() {
    var trial = Trial(.breakerOpens(failures: 2))
    trial.heard()
    trial.fragment(6, .failed, 0, "TIMEOUT")
    trial.fragment(12, .processed, 1)
    trial.fragment(18, .timedOut, 2)
    trial.breaker(18.1, .open)
    #expect(trial.standing == .violated)
    #expect(trial.verdict.evidence.count == 3)
  }

  @Test(arguments: [
    (10.0, Verdict.Standing.violated), (29.9, .violated), (30, .met), (36.9, .met), (37.2, .met), (37.5, .violated),
  ]) func `cooldown runs from the last failure`(_ gap: Double, _ standing: Verdict.Standing) {
    var trial = Self.opened(.breakerCooldown, failures: 5, told: 5)
    // A fragment that was under way fails after the opening: the cooldown runs from it.
    trial.fragment(32, .timedOut, 9)
    trial.breaker(32 + gap, .halfOpen)
    trial.end(80)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// A failure that counts at 6 s; those that open the breaker at 30 s carry codes of which nobody knows whether they count.
  @Test(arguments: [(60.2, Verdict.Standing.met), (50, .violated), (68, .violated)])
  func `a failure from long before the opening is none that the cooldown runs from`(_ halfOpen: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.breakerCooldown)
    trial.heard()
    trial.fragment(6, .failed, 0, "TIMEOUT")
    for index in 1...5 { trial.fragment(29.5 + 0.1 * Double(index), .failed, index, "WS_CLOSED") }
    trial.breaker(30, .open, failures: 5)
    trial.breaker(halfOpen, .halfOpen)
    trial.end(80)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.contains("after it opened"))
  }

  @Test func `a failure after the opening that may not count leaves the cooldown open`() {
    var trial = Self.opened(.breakerCooldown, failures: 5, told: 5)
    trial.fragment(39, .failed, 9, "WS_CLOSED")
    trial.breaker(69.5, .halfOpen)
    trial.end(80)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
    #expect(trial.verdict.reason.contains("not known"))
  }

  /// The breaker of a new process is closed: its cooldown is neither over nor too long.
  @Test func `a process that ends while its breaker is open leaves the cooldown open`() {
    var trial = Self.opened(.breakerCooldown, failures: 5, told: 5)
    trial.told(40, .lifecycle(.started))
    trial.end(90)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
  }

  /// It opened before the scenario began, and goes half-open in it.
  @Test(arguments: [(30.6, Verdict.Standing.met), (20, .violated)])
  func `a cooldown that began before the run goes on in it`(_ halfOpen: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.breakerCooldown)
    trial.heard()
    // Told late, of the time before the scenario.
    trial.breaker(0.6, .open, failures: 5)
    trial.breaker(halfOpen, .halfOpen)
    trial.end(50)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test(arguments: [
    ([BreakerState.open, .halfOpen, .closed], Verdict.Standing.met), ([.open, .halfOpen, .open], .violated), ([.open, .closed], .violated),
    ([.open, .halfOpen], .violated), ([], .violated),
  ]) func `the states of a breaker come in their order`(_ states: [BreakerState], _ standing: Verdict.Standing) {
    var trial = Trial(.breakerSequence([.open, .halfOpen, .closed]))
    trial.heard()
    for (index, state) in states.enumerated() { trial.breaker(10 + Double(index), state) }
    trial.end(40)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `stays closed`() {
    var trial = Trial(.breakerStaysClosed)
    trial.heard()
    trial.scrape(3, [.breakerState: .number(0)])
    var quiet = trial
    quiet.end(10)
    #expect(quiet.standing == .met)
    var gauge = trial
    gauge.scrape(4, [.breakerState: .number(1)])
    #expect(gauge.standing == .violated)
    trial.breaker(5, .open, failures: 5)
    #expect(trial.standing == .violated)
  }

  @Test func `without lines for it nothing is proven`() {
    for rule in [RuleDocument.breakerStaysClosed, .breakerSequence([.open]), .breakerCooldown, .breakerOpens(failures: 5)] {
      var silent = Trial(rule, templates: [.fragmentSent])
      silent.heard()
      silent.scrape(3, [.breakerState: .number(0)])
      silent.end(10)
      #expect(silent.standing == .unobservable)
      var unread = Trial(rule)
      unread.end(10)
      #expect(unread.standing == .unobservable)
    }
  }

  @Test(arguments: [
    // After the opening at 10 s the gauge reads this at 11, 12, 13, 14 s.
    ([1.0, 1, 1, 1], Verdict.Standing.met), ([0, 1, 1, 1], .met), ([0, 0, 0, 0], .violated), ([2, 2, 2, 2], .violated),
    ([1, 7, 1, 1], .violated),
  ]) func `gauge agrees`(_ codes: [Double], _ standing: Verdict.Standing) {
    var trial = Trial(.breakerGaugeAgrees(withinSeconds: 2))
    trial.heard()
    for second in 2...9 { trial.scrape(Double(second), [.breakerState: .number(0)]) }
    trial.breaker(10, .open)
    for (index, code) in codes.enumerated() { trial.scrape(11 + Double(index), [.breakerState: .number(code)]) }
    trial.end(15)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    if codes == [2, 2, 2, 2] { #expect(trial.verdict.reason.contains("swapped")) }
  }

  @Test(arguments: [
    // Cuts at 42, 48, 54, 60, 66 fall back; the one at 72 is the probe.
    (5, false, Verdict.Standing.met), (4, false, .violated), (0, false, .violated), (5, true, .violated),
  ]) func `fallback while open`(_ fallbacks: Int, _ sends: Bool, _ standing: Verdict.Standing) {
    var trial = Trial(.fallbackWhileOpen)
    trial.heard()
    trial.flow(to: 80)
    trial.breaker(37.2, .open)
    for index in 0..<fallbacks { trial.fragment(42 + 6 * Double(index), .fallback, 6 + index, "circuit_open") }
    if sends { trial.fragment(50, .sent, 20) }
    trial.breaker(72, .halfOpen)
    trial.end(80)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// Open from 37.2 to 72 s, with fallbacks at 42 and 48 s: as many as are due depends on what went in.
  @Test(arguments: [
    // Our publisher, until when it publishes and when it begins again; the cuts that the log tells.
    (80.0 as Double?, nil as Double?, nil as [Double]?, Verdict.Standing.violated), (50, nil, nil, .met), (50, 56, nil, .violated),
    (50, 66, nil, .met), (nil, nil, nil, .unobservable), (nil, nil, [42, 48], .met), (nil, nil, [42, 48, 54, 72], .violated),
    (nil, nil, [42, 48, 72], .met),
  ]) func `what falls back is held against what went in`(
    _ until: Double?, _ again: Double?, _ cuts: [Double]?, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.fallbackWhileOpen, templates: HappeningKind.ofLogs.filter { cuts != nil || $0 != .segmentIn })
    trial.heard()
    func publisher(_ at: Double, _ happening: PublisherHappening) {
      let event = Happening(.publisher(happening), service: "publisher", provenance: .own)
      trial.script.add(at, SourceID(.publisher, "publisher"), .happening(event))
    }
    if let until {
      publisher(1.2, .started(target: "in"))
      publisher(until, .stopped)
    }
    if let again { publisher(again, .started(target: "in")) }
    trial.breaker(37.2, .open)
    for (index, at) in (cuts ?? []).enumerated() { trial.segment(at - 0.1, index, .input) }
    for index in 0..<2 { trial.fragment(42 + 6 * Double(index), .fallback, 6 + index, "circuit_open") }
    trial.breaker(72, .halfOpen)
    trial.end(80)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `where nothing went in, that nothing fell back is no success`() {
    var trial = Trial(.fallbackWhileOpen)
    trial.heard()
    trial.breaker(37.2, .open)
    trial.breaker(72, .halfOpen)
    trial.end(80)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
  }

  /// Only the gauge tells: closed up to 10 s, open from 11 s on. What is sent before a cooldown has passed was sent while it was open;
  /// later it may be a probe that failed between two readings.
  @Test(arguments: [(20.5, 1, Verdict.Standing.violated), (45.5, 1, .unobservable), (20.5, 16, .unobservable)])
  func `what was sent between two readings of an open breaker`(_ sent: Double, _ interval: Int, _ standing: Verdict.Standing) {
    var trial = Trial(.fallbackWhileOpen, templates: [.fragmentSent, .fragmentFallback])
    trial.heard()
    trial.flow(to: 70)
    for second in 2...10 { trial.scrape(Double(second), [.breakerState: .number(0)]) }
    for second in stride(from: 11, through: 69, by: interval) { trial.scrape(Double(second), [.breakerState: .number(1)]) }
    for index in 0..<9 { trial.fragment(14 + 6 * Double(index), .fallback, index, "circuit_open") }
    trial.fragment(sent, .sent, 40)
    trial.scrape(70, [.breakerState: .number(0)])
    trial.end(75)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// The gauge is closed before and after a fallback; between readings that lie far apart it may have been open.
  @Test(arguments: [(1.0, Verdict.Standing.violated), (7, .violated), (15, .unobservable), (30, .unobservable)])
  func `readings far apart do not tell what the breaker was between them`(_ apart: Double, _ standing: Verdict.Standing) {
    var trial = Trial(.fallbackOnlyWhileOpen, templates: [.fragmentFallback, .fragmentSent])
    trial.heard()
    trial.scrape(5, [.breakerState: .number(0)])
    trial.fragment(5.5, .fallback, 1, "circuit_open")
    trial.scrape(5 + apart, [.breakerState: .number(0)])
    trial.end(50)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test func `fallback only while open`() {
    var trial = Trial(.fallbackOnlyWhileOpen)
    trial.heard()
    trial.fragment(3, .fallback, 0, "timeout")
    trial.breaker(10, .open)
    trial.fragment(12, .fallback, 1, "circuit_open")
    trial.breaker(40, .halfOpen)
    trial.fragment(41, .fallback, 2, "circuit_open")
    trial.breaker(42, .closed)
    var good = trial
    good.end(50)
    #expect(good.standing == .met)
    trial.fragment(44, .fallback, 3, "circuit_open")
    #expect(trial.standing == .violated)
  }
}
