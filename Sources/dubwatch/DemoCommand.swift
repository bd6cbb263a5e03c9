import ArgumentParser
import EmbeddedPipeline
import Events
import HarnessConfig
import HarnessCore
import ProcessGuard
import WireFormats

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Shows the embedded pipeline live, unjudged. Needs nothing else.",
    discussion: "Scenarios: " + DemoScript.all.map { "\($0.name) (\($0.sentence))" }.joined(separator: "; ") + ".")

  @Argument(help: "Which scenario.", completion: .list(DemoScript.all.map(\.name)))
  var scenario = DemoScript.everything.name

  @Option(help: "Pipeline speed: so many seconds of the pipeline in one second, 1 to 20.")
  var speed: Double = 1

  @OptionGroup var fixture: FixtureOptions

  @OptionGroup var screen: ScreenOptions

  mutating func validate() throws {
    _ = try DemoScript.parse(scenario)
    try Self.check(speed: speed)
  }

  mutating func run() async throws {
    let run = try DemoRun(DemoScript.parse(scenario), speed: speed, fixture: fixture.locator())
    try await MonitorSession(run.setUp, screen: screen.resolved()).run()
  }

  static func check(speed: Double) throws {
    guard speed >= 1, speed <= 20 else { throw ValidationError("--speed is \(speed), but must be 1 to 20.") }
  }
}

extension DemoScript {
  /// The script of a name, or a sentence with the nearest one.
  static func parse(_ name: String) throws -> DemoScript {
    if let script = named(name) { return script }
    let names = all.map(\.name)
    let hint = NearestWord.find(name, among: names).map { " Did you mean \($0)?" } ?? ""
    throw ValidationError("There is no scenario '\(name)'.\(hint) Scenarios: \(names.joined(separator: ", ")).")
  }
}

/// A demo, ready to be watched or rendered.
struct DemoRun {
  let setUp: RunSetUp

  init(_ script: DemoScript, speed: Double, fixture: FixtureLocator) throws {
    let clock = ScaledClock(speed: speed, wallOrigin: Host.wallClock())
    let processGuard = ProcessGuard()
    // Polling stays at about 8 reads a second whatever the speed: watching must not change what is watched.
    let pollSeconds = max(1, speed / 8)
    let driver = EmbeddedDriver(
      configuration: script.configuration, publishesAtOnce: true, clock: clock, processGuard: processGuard, pollSeconds: pollSeconds,
      fixture: fixture)
    var options = HarnessOptions(
      scenario: script.name, contract: .fixed(BuiltInContracts.spec018, reason: "the embedded pipeline keeps it"),
      expectedSeconds: script.expectedSeconds, localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.script = script.faults
    setUp = RunSetUp(driver: driver, options: options, clock: clock, processGuard: processGuard)
  }
}
