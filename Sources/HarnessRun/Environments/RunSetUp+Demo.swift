import EmbeddedPipeline
import Events
import HarnessConfig
import HarnessCore
import ProcessGuard

extension RunSetUp {
  /// A demo of the embedded pipeline.
  /// - Parameters:
  ///   - speed: seconds of the pipeline in one second, 1 to 20.
  ///   - fixture: where the test stream is looked for.
  package static func demo(_ script: DemoScript, speed: Double, fixture: FixtureLocator, _ processGuard: ProcessGuard) -> RunSetUp {
    let clock = ScaledClock(speed: speed, wallOrigin: Host.wallClock())
    // Polling stays at about 8 reads a second whatever the speed: watching must not change what is watched.
    let pollSeconds = max(1, speed / 8)
    var configuration = script.configuration
    configuration.temporaryDirectory = ComposeProject.temporaryFolder(Host.environment)
    let driver = EmbeddedDriver(
      configuration: configuration, publishesAtOnce: true, clock: clock, processGuard: processGuard, pollSeconds: pollSeconds,
      fixture: fixture)
    var options = HarnessOptions(
      scenario: script.name, contract: .fixed(BuiltInContracts.spec018, reason: "the embedded pipeline keeps it"),
      expectedSeconds: script.expectedSeconds, localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.script = script.faults
    return RunSetUp(driver: driver, options: options, clock: clock)
  }
}
