import ArgumentParser
import CommandText
import Events
import HarnessRun
import WireFormats

struct FixtureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixture", abstract: "Makes and checks the 60 s test stream.", subcommands: [FixtureMake.self, FixtureVerify.self])
}

struct FixtureMake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Makes the test stream and its dub with ffmpeg, in about 25 s.",
    discussion: CommandExamples.after(
      """
      60 s of h264 1280x720 at 30 fps and AAC 48 kHz stereo, with a white flash and a beep at each mark of a fixed rhythm, and the mark's \
      number in both. Beside it lies the dub of its sound, FILE with .dub.aac for its ending, which serve echo-sts --voice dub answers with.
      """,
      of: "fixture make"))

  @Argument(help: ArgumentHelp("The file to write.", valueName: "FILE"), completion: .file(extensions: ["mp4"]))
  var file = "dubwatch-60s.mp4"

  @Flag(help: "Replace a file that is there.")
  var force = false

  mutating func run() async throws {
    let (line, status) = try await FixtureWork(file).make(replaces: force)
    if let status { throw ExitCode(status) }
    guard let line, StandardOutput.write(line) else { throw ExitCode(ExitStatus.no) }
  }
}

struct FixtureVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks a test stream by every rule of the data model.",
    discussion: CommandExamples.after(
      "Exit status: 0 every rule is kept, 1 one is not or it is no media file, 3 the file or ffprobe cannot be had.", of: "fixture verify"))

  @Argument(help: ArgumentHelp("The file to check.", valueName: "FILE"), completion: .file())
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() async throws {
    let (found, status) = try await FixtureWork(file).measure()
    if let status { throw ExitCode(status) }
    guard let fixture = found else { throw ExitCode(ExitStatus.no) }
    let checks = fixture.checks()
    let isGood = checks.allSatisfy(\.holds)
    let text = json ? try FixtureListing.json(fixture, checks, isGood) : FixtureListing.text(fixture, checks, .ofLocale)
    guard StandardOutput.write(text), isGood else { throw ExitCode(ExitStatus.no) }
  }
}
