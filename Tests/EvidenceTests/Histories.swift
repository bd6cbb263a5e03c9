import Contracts
import Events
import Judging
import MediaSync
import RuleSupport
import RunModel

/// Runs in which all is as it should be, one for each thing that rules are about: what every rule is met by.
enum Histories {
  typealias Expectation = RunModel.Expectation

  private static func expect(_ rules: [(String, RuleDocument)]) -> [Expectation] {
    rules.map { Expectation(id: $0.0, rule: $0.1) } + [
      .stepsDone, .conditions(maxInflight: 3), .published(own: true, seconds: 600), .outputSeen,
    ]
  }

  private static let always: [(String, RuleDocument)] = [
    ("output-unbroken", .outputUnbroken), ("accounted", .fragmentsAccounted), ("inflight", .inflightLimit(3)), ("healthy", .healthy([])),
    ("logs-quiet", .logsQuiet(above: .warning, allowed: [], services: [])), ("snapshot", .snapshot),
    ("timestamps", .sync(.timestamps, thresholdMilliseconds: 120, share: 0.95, segments: 2)),
    ("content", .sync(.content, thresholdMilliseconds: 120, share: 0.95, segments: 2)), ("pts-rise", .presentationTimesRise),
  ]

  /// Ten segments in a minute.
  static let clean: FakeRun = {
    var worker = FakeWorker()
    worker.begin()
    for index in 0..<10 {
      let at = 7.2 + 6 * Double(index)
      worker.sent(at, index)
      worker.processed(at + 1.2, index)
      worker.out(at + 1.3, index)
    }
    worker.flows(until: 84)
    var run = worker.run
    run.published = 1.2...61.2
    run.isPublishedOnce = true
    run.output = 16.2...76.2
    run.voices = { _ in .dubbed }
    run.expectations = expect(
      always + [
        ("sent", .counter(.signal(.fragmentsSent), .equals, 10, isDelta: false)),
        ("sent-rises", .counter(.signal(.fragmentsSent), .equals, 10, isDelta: true)),
        ("processed", .counter(.signal(.fragmentsProcessed), .atLeast, 10, isDelta: false)),
        ("no-fallback", .counter(.signal(.fragmentsFallback), .atMost, 0, isDelta: false)),
        ("in-flight-zero", .gauge(.signal(.inflightFragments), minimum: 0, maximum: 0, .atEnd)),
        ("some-in-flight", .gauge(.signal(.inflightFragments), minimum: 1, maximum: 3, .eventually)),
        ("breaker-closed", .breakerStaysClosed), ("gauge-agrees", .breakerGaugeAgrees(withinSeconds: 2)),
        ("only-open", .fallbackOnlyWhileOpen), ("no-fallback-lines", .events(EventPattern(.fragmentFallback), .atMost, 0)),
        ("dubbed", .dubbed(.all, segments: 9)), ("no-repeat", .noRepeat(segments: 9)), ("no-loss", .noLoss(segments: 9)),
        ("silence", RuleDocument("silence", [:])), ("freeze", RuleDocument("freeze", [:])), ("black", RuleDocument("black", [:])),
        ("loudness", RuleDocument("loudness", ["target_lufs": .number(-23)])),
        ("delay", .delay(withinSeconds: 20, growth: 100, segments: 9)),
        ("sent-lines", .events(EventPattern(.fragmentSent), .equals, 10)), ("duration", .outputDuration(toleranceSeconds: 0.5)),
      ])
    return run
  }()

  /// Five failures open the breaker, fallback audio for a cooldown, a probe closes it.
  static let breaker: FakeRun = {
    var worker = FakeWorker()
    worker.begin()
    for index in 0..<14 {
      let at = 7.2 + 6 * Double(index)
      switch index {
      case 1...5:
        worker.sent(at, index)
        worker.failed(at + 1.2, index, "TIMEOUT")
        worker.fallback(at + 1.21, index, "error")
        if index == 5 { worker.breaker(at + 1.22, "open", failures: 5, trigger: "failure") }
      case 6...10: worker.fallback(at, index, "circuit_open")
      case 11:
        worker.breaker(at, "half-open")
        worker.sent(at + 0.01, 6)
        worker.processed(at + 1.2, 6)
        worker.breaker(at + 1.21, "closed", trigger: "success")
      default:
        let sequence = index < 6 ? index : index - 5
        worker.sent(at, sequence)
        worker.processed(at + 1.2, sequence)
      }
      worker.out(at + 1.3, index, dubbed: !(1...10).contains(index))
    }
    worker.flows(until: 92)
    var run = worker.run
    run.voices = { (1...10).contains($0) ? .original : .dubbed }
    run.expectations = expect(
      always + [
        ("opens", .breakerOpens(failures: 5)), ("sequence", .breakerSequence([.open, .halfOpen, .closed])), ("cooldown", .breakerCooldown),
        ("gauge-agrees", .breakerGaugeAgrees(withinSeconds: 2)), ("while-open", .fallbackWhileOpen), ("only-open", .fallbackOnlyWhileOpen),
        ("as-told", .dubbed(.told, segments: 6)), ("failures", .events(EventPattern(.fragmentFailed, detail: "TIMEOUT"), .equals, 5)),
        ("fallback-error", .counter(.signal(.fallbackError), .equals, 5, isDelta: false)),
      ])
    return run
  }()

  /// The connection is lost, comes back at the third attempt, and once more at the first.
  static let reconnection: FakeRun = {
    var worker = FakeWorker()
    worker.begin()
    var sequence = 0
    for index in 0..<12 {
      let at = 7.2 + 6 * Double(index)
      switch index {
      case 2:
        worker.lost(at - 1)
        worker.attempt(at + 1, 1, planned: 2, success: false)
        worker.fallback(at + 0.1, index, "error")
      case 3:
        worker.attempt(at - 1, 2, planned: 4, success: false)
        worker.fallback(at + 0.1, index, "error")
      case 4:
        worker.fallback(at + 0.1, index, "error")
        worker.attempt(at + 1, 3, planned: 8, success: true)
        worker.session(at + 1.1)
        sequence = 0
      case 8:
        worker.lost(at - 3)
        worker.attempt(at - 1, 1, planned: 2, success: true)
        worker.session(at - 0.9)
        sequence = 0
        worker.sent(at, sequence)
        worker.processed(at + 1.2, sequence)
        sequence += 1
      default:
        worker.sent(at, sequence)
        worker.processed(at + 1.2, sequence)
        sequence += 1
      }
      worker.out(at + 1.3, index, dubbed: !(2...4).contains(index))
    }
    worker.flows(until: 80)
    var run = worker.run
    run.voices = { (2...4).contains($0) ? .original : .dubbed }
    run.expectations = expect(
      always + [
        ("backoff", .backoff(attempts: 3)), ("fresh-session", .freshSession), ("recovers", .recovers),
        ("dub-returns", .dubbed(.sessions, segments: 3)),
        ("breaker-closed", .breakerStaysClosed),
        ("reconnections", .counter(.signal(.reconnections), .equals, 4, isDelta: false)),
      ])
    return run
  }()

  /// A slow_down under which sends wait, a pause under which none is sent. At debug the worker tells its cuts.
  static let backpressure: FakeRun = {
    var worker = FakeWorker()
    worker.begin()
    for index in 0..<8 {
      let at = 7.2 + 6 * Double(index)
      worker.cut(at, index)
      switch index {
      case 1:
        worker.pressure(at - 1, "slow_down", delay: 500)
        worker.sent(at + 0.6, index)
        worker.processed(at + 1.5, index)
      case 2:
        worker.sent(at + 0.6, index)
        worker.processed(at + 1.5, index)
        worker.pressure(at + 2, "pause")
      case 3: worker.fallback(at + 5, index, "timeout")
      case 4:
        worker.pressure(at - 0.5, "none")
        worker.sent(at, 3)
        worker.processed(at + 1.2, 3)
      default:
        let sequence = index < 4 ? index : index - 1
        worker.sent(at, sequence)
        worker.processed(at + 1.2, sequence)
      }
      worker.out(at + (index == 3 ? 5.1 : 1.6), index)
    }
    worker.flows(until: 56)
    var run = worker.run
    run.expectations = expect(
      always + [
        ("pause-holds", .pauseHolds), ("slow-down-holds", .slowDownHolds), ("breaker-closed", .breakerStaysClosed),
        ("pause", .counter(.signal(.backpressurePause), .atLeast, 1, isDelta: false)),
      ])
    return run
  }()

  /// The worker gives up and ends.
  static let givesUp: FakeRun = {
    var worker = FakeWorker()
    worker.begin()
    for index in 0..<3 {
      let at = 7.2 + 6 * Double(index)
      worker.sent(at, index)
      worker.processed(at + 1.2, index)
      worker.out(at + 1.3, index)
    }
    worker.lost(24)
    worker.attempt(26, 1, planned: 2, success: false)
    worker.exited(30)
    worker.flows(until: 31)
    var run = worker.run
    run.output = 16.2...30
    run.expectations = expect([("exits", .exitsWithFailure(.mediaService))])
    return run
  }()

  static let all: [(name: String, run: FakeRun)] = [
    ("clean", clean), ("breaker", breaker), ("reconnection", reconnection), ("backpressure", backpressure), ("gives-up", givesUp),
  ]
}
