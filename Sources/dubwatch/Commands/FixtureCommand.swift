import ArgumentParser
import CommandText
import Events
import HarnessRun
import WireFormats

struct FixtureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "fixture", subcommands: [FixtureMake.self, FixtureVerify.self])
}

struct FixtureMake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "fixture make")

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
  static let configuration = CommandConfiguration(of: "fixture verify")

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
    try answer(text, isGood: isGood)
  }
}
