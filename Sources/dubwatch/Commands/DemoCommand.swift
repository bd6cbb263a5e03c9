import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun
import MonitorUI
import RunScreen

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "demo")

  @Argument(help: "Which scenario.", completion: .list(DemoScript.all.map(\.name)))
  var scenario = DemoScript.everything.name

  @Option(help: "Pipeline speed: so many seconds of the pipeline in one second, 1 to 20.")
  var speed: Double = 1

  @Option(
    help: ArgumentHelp("A YAML file with theme and keys, in place of the usual one (`dubwatch config`).", valueName: "FILE"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @OptionGroup var fixture: FixtureOptions

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var recording: RecordOptions

  mutating func validate() throws {
    try DemoScript.parse(scenario).check(speed: speed)
  }

  mutating func run() async throws {
    let (script, fixture) = (try DemoScript.parse(scenario), try fixture.locator())
    let settings = try Settings.load(config, commands: Commands.all.map(\.name))
    let plan = recording.plan
    try plan.check(runs: 1)
    let status = try await screen.resolved(settings).watch {
      var setUp = RunSetUp.demo(script, speed: speed, fixture: fixture, $0)
      setUp.recording = plan
      return setUp
    }
    try ExitCode.end(status)
  }
}
