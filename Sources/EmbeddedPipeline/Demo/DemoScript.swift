import Events
import MediaSync
import SpeechProtocol

/// What a demo does and when: a configuration of the embedded pipeline and faults at fixed times (pipeline time).
package struct DemoScript: Sendable {
  /// Its name, as a command takes it.
  package var name: String
  /// One sentence on it.
  package var sentence: String
  /// How the pipeline is started.
  package var configuration: PipelineConfiguration
  /// What is done, in order of time.
  package var steps: [FaultScript.Step]
  /// How long it takes, in seconds.
  package var expectedSeconds: Double
  /// What it tells of meanwhile, in order of time; the first from the start on.
  package var acts: [StoryAct]

  /// What is done, and when it is over.
  package var faults: FaultScript {
    var script = FaultScript(
      steps: steps, seconds: expectedSeconds, end: "the demo \(name) is over after \(LogText.shortest(expectedSeconds)) s")
    script.acts = acts
    return script
  }

  /// The highest speed at which it can show what it is about, in seconds of the pipeline in one second: that at which some act of it can
  /// still be seen. Audio that is out of place in the content is not seen faster than the content is searched.
  package var maxSpeed: Double { min(20, acts.map { $0.maxSpeed ?? 20 }.max() ?? 20) }

  /// The script with a name; nil when there is none.
  package static func named(_ name: String) -> DemoScript? { all.first { $0.name == name } }

  /// Every script, the default first.
  package static let all: [DemoScript] = [
    everything, fullPipeline, circuitBreaker, backpressure, reconnection, avSync, avDrift,
  ]

  /// The default: every pane has something to show.
  package static let everything = DemoScript(
    name: "everything",
    sentence: "backpressure, a reconnection, the breaker's whole cycle, audio that drifts, slow answers and a crash, one after the other",
    configuration: PipelineConfiguration(),
    steps: [
      FaultScript.Step(at: 9, .backpressure, pressure(.medium, .slowDown, delayMilliseconds: 500)),
      FaultScript.Step(at: 15, .backpressure, pressure(.high, .pause)),
      FaultScript.Step(at: 21, .backpressure, pressure(.low, .none)),
      // Out from 23 to 28: the attempt at 25 fails, the one at 29 succeeds.
      FaultScript.Step(at: 23, .speechOutage, [.seconds: 5]),
      // Five segments fail, the first cut by 42: the breaker opens by 68, and probes at 106 at the latest.
      FaultScript.Step(at: 36, .speechErrors, errors(.timeout, count: 5)),
      // Past 120 ms after 20 s.
      FaultScript.Step(at: 74, .audioDrift, [.millisecondsPerSecond: 6, .seconds: 32]),
      FaultScript.Step(at: 116, .latency, [.milliseconds: 9000, .seconds: 10]), FaultScript.Step(at: 140, .workerCrash, [.restartAfter: 5]),
    ], expectedSeconds: 190, acts: everythingActs)

  /// A clean run.
  package static let fullPipeline: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.isPublishedOnce = true
    configuration.segmentLimit = 10
    return DemoScript(
      name: "full-pipeline", sentence: "a clean minute: ten fragments sent, ten processed, none left in flight",
      configuration: configuration, steps: [], expectedSeconds: 90, acts: fullPipelineActs)
  }()

  /// Constant errors of the audio, which time stamps do not show.
  package static let avSync = DemoScript(
    name: "av-sync", sentence: "the audio is 80 ms late, then 200 ms late, then 150 ms early: the content shows it, time stamps do not",
    configuration: PipelineConfiguration(),
    steps: [
      // In place until 40: first output comes about 18 s after the start.
      FaultScript.Step(at: 40, .audioSkew, [.milliseconds: 80, .seconds: 24]),
      FaultScript.Step(at: 64, .audioSkew, [.milliseconds: 200, .seconds: 24]),
      FaultScript.Step(at: 88, .audioSkew, [.milliseconds: -150, .seconds: 24]),
    ], expectedSeconds: 140, acts: avSyncActs)

  /// A drift, which time stamps do not show either.
  package static let avDrift = DemoScript(
    name: "av-drift", sentence: "the audio drifts by 4 ms a second until it is past 120 ms late, and is put right",
    configuration: PipelineConfiguration(), steps: [FaultScript.Step(at: 36, .audioDrift, [.millisecondsPerSecond: 4, .seconds: 45])],
    expectedSeconds: 110, acts: avDriftActs)

  /// The breaker's cycle.
  package static let circuitBreaker: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 200
    return DemoScript(
      name: "circuit-breaker", sentence: "five failures open the breaker, a probe after the cooldown closes it",
      configuration: configuration, steps: [FaultScript.Step(at: 8, .speechErrors, errors(.timeout, count: 5))], expectedSeconds: 95,
      acts: circuitBreakerActs)
  }()

  /// Slow answers fill the service: of four places three are medium, four are high.
  package static let backpressure: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 20_000
    configuration.rules.maxInflight = 4
    configuration.rules.fragmentTimeoutMilliseconds = 30_000
    return DemoScript(
      name: "backpressure", sentence: "slow answers bring slow_down and pause; the waiting segment is sent when the pause is taken back",
      configuration: configuration, steps: [], expectedSeconds: 100, acts: backpressureActs)
  }()

  /// Four attempts fail, the fifth succeeds.
  package static let reconnection: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 200
    // Out from 14 to 62: the attempts at 16, 20, 28 and 44 fail, the one at 76 succeeds, with time to spare on both sides.
    return DemoScript(
      name: "reconnection", sentence: "the speech service is away: attempts after 2, 4, 8, 16 and 32 s, the fifth succeeds",
      configuration: configuration, steps: [FaultScript.Step(at: 14, .speechOutage, [.seconds: 48])], expectedSeconds: 100,
      acts: reconnectionActs)
  }()

  private static func errors(_ code: STSErrorCode, count: Int) -> [FaultParameter.Name: FaultValue] {
    [.code: .word(code.rawValue), .count: .number(Double(count))]
  }

  private static func pressure(
    _ severity: BackpressureSeverity, _ action: BackpressureAction, delayMilliseconds: Double? = nil
  ) -> [FaultParameter.Name: FaultValue] {
    var values: [FaultParameter.Name: FaultValue] = [.severity: .word(severity.rawValue), .action: .word(action.rawValue)]
    values[.delayMilliseconds] = delayMilliseconds.map { .number($0) }
    return values
  }
}
