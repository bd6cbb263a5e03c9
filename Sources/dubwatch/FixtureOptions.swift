import ArgumentParser
import Foundation
import HarnessCore

/// Which test stream is published.
struct FixtureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The test stream to publish. Otherwise DUBWATCH_FIXTURE, the checkout's, or one made once in the cache.", valueName: "FILE"),
    completion: .file())
  var fixture: String?

  /// Where it is looked for; fails at once when one was named that is not there.
  func locator() throws -> FixtureLocator {
    let locator = FixtureLocator(
      given: fixture, environment: Host.environment, workingDirectory: FileManager.default.currentDirectoryPath, executable: Host.executable
    )
    _ = try locator.find()
    return locator
  }
}
