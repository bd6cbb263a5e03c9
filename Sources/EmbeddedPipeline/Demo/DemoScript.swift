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
  public static let all: [DemoScript] = [everything, fullPipeline, circuitBreaker, backpressure, reconnection]

  /// The default: every pane has something to show.
  public static let everything = DemoScript(
    name: "everything", sentence: "backpressure, a reconnection, the breaker's whole cycle, slow answers and a crash, one after the other",
    configuration: PipelineConfiguration(),
    steps: [
      Step(at: 8, fault: .backpressure(.medium, .slowDown, delayMilliseconds: 500)),
      Step(at: 14, fault: .backpressure(.high, .pause, delayMilliseconds: nil)),
      Step(at: 20, fault: .backpressure(.low, .none, delayMilliseconds: nil)),
      // Out from 22 to 27: the attempt at 24 fails, the one at 28 succeeds.
      Step(at: 22, fault: .speechOutage(seconds: 5)),
      // The segments of 42 to 66 fail: the breaker opens by 68, probes at 102 at the latest.
      Step(at: 38, fault: .speechErrors(code: .timeout, count: 5)),
      Step(at: 112, fault: .latency(milliseconds: 9000, seconds: 10)), Step(at: 136, fault: .workerCrash(restartAfterSeconds: 5)),
    ], expectedSeconds: 165)

  /// A clean run.
  public static let fullPipeline: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.segmentLimit = 10
    return DemoScript(
      name: "full-pipeline", sentence: "a clean minute: ten fragments sent, ten processed, none left in flight",
      configuration: configuration, steps: [], expectedSeconds: 75)
  }()

  /// The breaker's cycle.
  public static let circuitBreaker: DemoScript = {
    var configuration = PipelineConfiguration()
    configuration.processingDelayMilliseconds = 200
    return DemoScript(
      name: "circuit-breaker", sentence: "five failures open the breaker, a probe after the cooldown closes it",
      configuration: configuration, steps: [Step(at: 8, fault: .speechErrors(code: .timeout, count: 5))], expectedSeconds: 90)
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
    // Out from 14 to 54: the attempts at 16, 20, 28 and 44 fail, the one at 76 succeeds.
    return DemoScript(
      name: "reconnection", sentence: "the speech service is away: attempts after 2, 4, 8, 16 and 32 s, the fifth succeeds",
      configuration: configuration, steps: [Step(at: 14, fault: .speechOutage(seconds: 40))], expectedSeconds: 100)
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
