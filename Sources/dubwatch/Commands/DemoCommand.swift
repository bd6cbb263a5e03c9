import ArgumentParser
import CommandText
import EmbeddedPipeline
import HarnessRun
import MonitorUI
import WireFormats

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Shows the embedded pipeline live, unjudged. Needs nothing else.",
    discussion: CommandExamples.after(
      "Scenarios: " + DemoScript.all.map { "\($0.name) (\($0.sentence))" }.joined(separator: "; ") + ".", of: "demo"))

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
    try await screen.resolved(settings).watch {
      var setUp = RunSetUp.demo(script, speed: speed, fixture: fixture, $0)
      setUp.recording = plan
      return setUp
    }
  }
}

extension DemoCommand {
  static func check(speed: Double) throws {
    guard speed >= 1, speed <= 20 else { throw ValidationError("--speed is \(speed), but must be 1 to 20.") }
  }
}

extension DemoScript {
  /// Whether it can be shown at a speed, or a sentence why not.
  func check(speed: Double) throws {
    try DemoCommand.check(speed: speed)
    guard speed <= maxSpeed else {
      throw ValidationError(
        "--speed is \(speed), but \(name) shows errors of the content, which is searched up to \(Int(maxSpeed)) times real time: "
          + "use --speed 1 to \(Int(maxSpeed)).")
    }
  }

  /// The script of a name, or a sentence with the nearest one.
  static func parse(_ name: String) throws -> DemoScript {
    if let script = named(name) { return script }
    let names = all.map(\.name)
    let hint = NearestWord.find(name, among: names).map { " Did you mean \($0)?" } ?? ""
    throw ValidationError("There is no scenario '\(name)'.\(hint) Scenarios: \(names.joined(separator: ", ")).")
  }
}
