import HarnessModel

/// What a demo does and when: a configuration of the embedded pipeline and faults at fixed times (pipeline time).
public struct DemoScript: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// Seconds since the start.
    public var at: Double
    /// What is done.
    public var fault: PipelineFault
  }

  /// Its name, as a command takes it.
  public var name: String
  /// One sentence on it.
  public var sentence: String
  /// How the pipeline is started.
  public var configuration: PipelineConfiguration
  /// What is done, in order of time.
  public var steps: [Step]
  /// How long it takes, in seconds.
  public var expectedSeconds: Double

  /// The script with a name; nil when there is none.
  public static func named(_ name: String) -> DemoScript? { all.first { $0.name == name } }

  /// Every script, the default first.
  public static let all: [DemoScript] = [
    everything, fullPipeline, circuitBreaker, backpressure, reconnection, avSync, avDrift,
  ]

  /// The default: every pane has something to show.
  public static let everything = DemoScript(
    name: "everything",
    sentence: "backpressure, a reconnection, the breaker's whole cycle, audio that drifts, slow answers and a crash, one after the other",
    configuration: PipelineConfiguration(),
    steps: [
      Step(at: 9, fault: .backpressure(.medium, .slowDown, delayMilliseconds: 500)),
      Step(at: 15, fault: .backpressure(.high, .pause, delayMilliseconds: nil)),
      Step(at: 21, fault: .backpressure(.low, .none, delayMilliseconds: nil)),
      // Out from 23 to 28: the attempt at 25 fails, the one at 29 succeeds.
      Step(at: 23, fault: .speechOutage(seconds: 5)),
      // Five segments fail, the first cut by 42: the breaker opens by 68, and probes at 106 at the latest.
      Step(at: 36, fault: .speechErrors(code: .timeout, count: 5)),
      // Past 120 ms after 20 s.
      Step(at: 74, fault: .audioDrift(millisecondsPerSecond: 6, seconds: 32)),
      Step(at: 116, fault: .latency(milliseconds: 9000, seconds: 10)), Step(at: 140, fault: .workerCrash(restartAfterSeconds: 5)),
    ], expectedSeconds: 190)

  /// A clean run.
  public static let fullPipeline: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.isPublishedOnce = true
    configuration.segmentLimit = 10
    return DemoScript(
      name: "full-pipeline", sentence: "a clean minute: ten fragments sent, ten processed, none left in flight",
      configuration: configuration, steps: [], expectedSeconds: 90)
  }()

  /// Constant errors of the audio, which time stamps do not show.
  public static let avSync = DemoScript(
    name: "av-sync", sentence: "the audio is 80 ms late, then 200 ms late, then 150 ms early: the content shows it, time stamps do not",
    configuration: PipelineConfiguration(),
    steps: [
      // In place until 40: first output comes about 18 s after the start.
      Step(at: 40, fault: .audioSkew(milliseconds: 80, seconds: 24)), Step(at: 64, fault: .audioSkew(milliseconds: 200, seconds: 24)),
      Step(at: 88, fault: .audioSkew(milliseconds: -150, seconds: 24)),
    ], expectedSeconds: 140)

  /// A drift, which time stamps do not show either.
  public static let avDrift = DemoScript(
    name: "av-drift", sentence: "the audio drifts by 4 ms a second until it is past 120 ms late, and is put right",
    configuration: PipelineConfiguration(), steps: [Step(at: 36, fault: .audioDrift(millisecondsPerSecond: 4, seconds: 45))],
    expectedSeconds: 110)

  /// The breaker's cycle.
  public static let circuitBreaker: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 200
    return DemoScript(
      name: "circuit-breaker", sentence: "five failures open the breaker, a probe after the cooldown closes it",
      configuration: configuration, steps: [Step(at: 8, fault: .speechErrors(code: .timeout, count: 5))], expectedSeconds: 95)
  }()

  /// Slow answers fill the service: of four places three are medium, four are high.
  public static let backpressure: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 20_000
    configuration.rules.maxInflight = 4
    configuration.rules.fragmentTimeoutMilliseconds = 30_000
    return DemoScript(
      name: "backpressure", sentence: "slow answers bring slow_down and pause; the waiting segment is sent when the pause is taken back",
      configuration: configuration, steps: [], expectedSeconds: 100)
  }()

  /// Four attempts fail, the fifth succeeds.
  public static let reconnection: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 200
    // Out from 14 to 62: the attempts at 16, 20, 28 and 44 fail, the one at 76 succeeds, with time to spare on both sides.
    return DemoScript(
      name: "reconnection", sentence: "the speech service is away: attempts after 2, 4, 8, 16 and 32 s, the fifth succeeds",
      configuration: configuration, steps: [Step(at: 14, fault: .speechOutage(seconds: 48))], expectedSeconds: 100)
  }()
}

extension EmbeddedPipeline {
  /// Plays a script on this running pipeline and says when it is over; returns early when cancelled.
  public func play(_ script: DemoScript) async {
    let origin = clock.now()
    for step in script.steps {
      do { try await clock.sleep(seconds: origin.advanced(bySeconds: step.at).seconds(since: clock.now())) } catch { return }
      await inject(step.fault)
    }
    do { try await clock.sleep(seconds: origin.advanced(bySeconds: script.expectedSeconds).seconds(since: clock.now())) } catch { return }
    await say(.runEnded(reason: "the demo \(script.name) is over after \(LogText.shortest(script.expectedSeconds)) s"), "dubwatch")
  }
}
