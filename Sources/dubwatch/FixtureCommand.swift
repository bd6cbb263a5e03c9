import ArgumentParser
import Events
import Foundation
import HarnessCore
import ProcessGuard
import TerminalCanvas
import WireFormats

struct FixtureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixture", abstract: "Makes and checks the 60 s test stream.", subcommands: [FixtureMake.self, FixtureVerify.self])
}

struct FixtureMake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Makes the test stream with ffmpeg, in about 15 s.",
    discussion: "60 s of h264 1280x720 at 30 fps and AAC 48 kHz stereo, with a white flash and a beep at each mark of a fixed rhythm.")

  @Argument(help: ArgumentHelp("The file to write.", valueName: "FILE"), completion: .file(extensions: ["mp4"]))
  var file = "dubwatch-60s.mp4"

  @Flag(help: "Replace a file that is there.")
  var force = false

  mutating func run() async throws {
    let path = FixtureFile.absolute(file)
    guard force || !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.output, "\(file) is there already: name another file, or add --force to replace it")
    }
    let text = try await FixtureFile.guarded { [file] processGuard in
      try await FixtureMaker(processGuard: processGuard).make(at: path)
      let fixture = try await FixtureProbe(processGuard: processGuard).measure(path)
      guard fixture.violations().isEmpty else {
        throw Problem(
          .badInput, "\(file) was made, but is not as it must be: \(fixture.violations().map(\.description).joined(separator: "; "))")
      }
      return FixtureFile.summary(fixture)
    }
    guard StandardOutput.write("\(escapeUntrusted(path)): \(text)\n") else { throw ExitCode(ExitStatus.no) }
  }
}

struct FixtureVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks a test stream by every rule of the data model.",
    discussion: "Exit status: 0 every rule is kept, 1 one is not or it is no media file, 3 the file or ffprobe cannot be had.")

  @Argument(help: ArgumentHelp("The file to check.", valueName: "FILE"), completion: .file())
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() async throws {
    let path = FixtureFile.absolute(file)
    let fixture = try await FixtureFile.guarded { try await FixtureProbe(processGuard: $0).measure(path) }
    let checks = fixture.checks()
    let isGood = checks.allSatisfy(\.holds)
    let text = json ? try Self.json(fixture, checks, isGood) : Self.lines(fixture, checks, FixtureFile.glyphs)
    guard StandardOutput.write(text), isGood else { throw ExitCode(ExitStatus.no) }
  }

  static func lines(_ fixture: TestFixture, _ checks: [TestFixture.Check], _ glyphs: GlyphSet) -> String {
    let width = checks.map(\.field.count).max() ?? 0
    var lines = checks.map { check in
      let padding = String(repeating: " ", count: width - check.field.count + 2)
      let rule = check.holds || check.found == check.required ? "" : ", but must be \(check.required)"
      return "\(check.holds ? glyphs.check : glyphs.bad) \(check.field)\(padding)\(escapeUntrusted(check.found))\(rule)"
    }
    let broken = checks.filter { !$0.holds }.count
    lines.append(broken == 0 ? "\(FixtureFile.summary(fixture))" : "\(broken) of \(checks.count) rules broken")
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Report: Encodable {
    var path: String
    var ok: Bool
    var expectedSegments: Int
    var facts: TestFixture.Facts
    var checks: [TestFixture.Check]
  }

  private static func json(_ fixture: TestFixture, _ checks: [TestFixture.Check], _ isGood: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let report = Report(
      path: fixture.path, ok: isGood, expectedSegments: fixture.expectedSegments(), facts: fixture.facts, checks: checks)
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  }
}

/// What both commands need.
private enum FixtureFile {
  static func absolute(_ file: String) -> String {
    file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
  }

  static func summary(_ fixture: TestFixture) -> String { "good, \(fixture.expectedSegments()) segments of 6 s" }

  /// What standard output can show, by the locale.
  static var glyphs: GlyphSet {
    setlocale(LC_CTYPE, "")
    return String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8" ? .unicode : .ascii
  }

  /// Runs work that starts children; ends them when a signal comes, and leaves none behind.
  static func guarded<Value: Sendable>(_ work: @escaping @Sendable (ProcessGuard) async throws -> Value) async throws -> Value {
    let processGuard = ProcessGuard()
    let result = Outcome<Value>()
    let signal = await Signals.run {
      do { await result.set(.success(try await work(processGuard))) } catch { await result.set(.failure(error)) }
    }
    await processGuard.shutdown(grace: 1)
    if let signal { throw ExitCode(signal) }
    switch await result.value {
    case .success(let value): return value
    case .failure(let failure): throw failure
    case nil: throw Problem(.ending, "nothing came of it")
    }
  }

  private actor Outcome<Value: Sendable> {
    private(set) var value: Result<Value, any Error>?
    func set(_ new: Result<Value, any Error>) { value = new }
  }
}
