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

  /// Where it is looked for.
  var locator: FixtureLocator {
    FixtureLocator(
      given: fixture, environment: Host.environment, workingDirectory: FileManager.default.currentDirectoryPath, executable: Host.executable
    )
  }
}
