import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessConfig
import HarnessCore
import HarnessRun
import Judging
import RunScreen
import WireFormats

extension WorkerMutation: ExpressibleByArgument {}
extension RunEnvironment: ExpressibleByArgument {}

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "run")

  @Argument(help: "A built-in scenario or a YAML file; any number.", completion: .list(BuiltInScenarios.files.map(\.name)))
  var scenarios: [String] = []

  @Flag(help: "Every built-in scenario.")
  var all = false

  @Option(name: .customLong("repeat"), help: "How often each is run, 1 to 10000.")
  var repeats = 1

  @Flag(help: "End at the first violation, and run nothing after it.")
  var failFast = false

  @Flag(help: "Say where each run differs from the last 20 recordings of its scenario that passed; changes no exit status.")
  var againstLastGood = false

  @Option(help: "Pipeline speed, 1 to 5; a scenario that cannot be judged so fast runs as fast as it can be.")
  var speed: Double = 1

  @Option(
    name: .customLong("env"),
    help: "The environment: embedded (in this program), compose (a Docker project of its own), attach (services that run already).")
  var environment: RunEnvironment = .embedded

  @Flag(help: "compose and attach: one environment for all scenarios, judged by what changes from each one's start.")
  var sharedEnv = false

  @Option(help: "compose: when the project is left as it is: never, on-failure or always.")
  var keep: KeepPolicy = .never

  @Option(help: ArgumentHelp("attach: where the test stream is published; without, whoever runs the services does.", valueName: "URL"))
  var publish: String?

  @Flag(help: "No screen: one line per change. Automatic when standard output is no terminal.")
  var headless = false

  @Option(help: ArgumentHelp("Write the verdict as JUnit XML.", valueName: "FILE"))
  var junit: String?

  @Option(help: ArgumentHelp("Write verdict, evidence, the metrics at completion and the table of deltas as JSON.", valueName: "FILE"))
  var json: String?

  @Flag(inversion: .prefixedNo, help: "Ring the terminal's bell at a violation.")
  var bell = true

  @Option(help: .hidden)
  var mutation: WorkerMutation?

  @OptionGroup var fixture: FixtureOptions

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var recording: RecordOptions

  @OptionGroup(title: "With --env compose") var compose: ComposeOptions

  @OptionGroup(title: "With --env attach (--config and --contract with compose too)") var sources: WatchOptions

  mutating func validate() throws {
    guard speed >= 1, speed <= 5 else { throw ValidationError("--speed is \(speed), but must be 1 to 5: above it nothing is judged.") }
    guard (1...10_000).contains(repeats) else { throw ValidationError("--repeat is \(repeats), but must be 1 to 10000.") }
    if scenarios.isEmpty, !all {
      throw ValidationError("Which scenario? Name one (`dubwatch scenarios` lists them), a YAML file, or --all.")
    }
    if all, !scenarios.isEmpty { throw ValidationError("--all runs every built-in scenario: name none beside it.") }
    if let problem = environmentProblem { throw ValidationError(problem) }
  }

  mutating func run() async throws {
    let list = try loaded()
    for scenario in list { try RunPlan.check(scenario, in: environment, publishes: environment != .attach || publish != nil) }
    let settings = try sources.settings()
    var shown = try screen.resolved(settings)
    if headless { shown.isPlain = true }
    var series = JudgedSeries(
      plan: try plan(settings), scenarios: list, repeats: repeats, failsFast: failFast, speed: speed,
      reports: ReportFiles(junit: junit, json: json))
    series.recording = recording.plan
    series.comparesWithLastGood = againstLastGood
    let (screen, rings) = (shown, bell)
    let status = try await series.run(isPlain: screen.isPlain) { try await screen.show($0, $1, rings: rings) }
    try ExitCode.end(status)
  }

  private func plan(_ settings: Settings) throws -> RunPlan {
    RunPlan(
      environment, isShared: sharedEnv, fixture: fixture.fixture, publish: publish, mutation: mutation,
      compose: compose.plan(environment == .compose ? settings.file : nil, keep: keep),
      watch: sources.request(environment == .embedded ? Settings(file: nil, path: "", isNamed: false) : settings))
  }

  /// What the command line says of an environment that it is not about.
  private var environmentProblem: String? {
    if environment != .compose, compose.isGiven { return "--compose-file, --project and --offline are for --env compose." }
    if environment != .compose, keep != .never { return "--keep is for --env compose." }
    if environment != .attach, sources.isGiven { return "Sources such as --health and --metrics are for --env attach." }
    if environment != .attach, publish != nil { return "--publish is for --env attach." }
    guard environment == .embedded else {
      if speed != 1 { return "--speed is for the embedded environment: other services run in real time." }
      return mutation == nil ? nil : "--mutation is for the embedded environment."
    }
    if sharedEnv { return "--shared-env is for --env compose and attach: an embedded environment is made anew in a moment." }
    return sources.contract == nil ? nil : "--contract is for --env compose and attach."
  }

  private func loaded() throws -> [Scenario] {
    if all { return BuiltInScenarios.all }
    return try scenarios.map { try ScenarioLoader.load($0) }
  }
}
