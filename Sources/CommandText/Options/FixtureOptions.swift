import ArgumentParser
import HarnessCore
import HarnessRun

/// Which test stream is published.
package struct FixtureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The test stream to publish. Otherwise DUBWATCH_FIXTURE, the checkout's, or one made once in the cache.", valueName: "FILE"),
    completion: .file())
  package var fixture: String?

  package init() {}

  /// Where it is looked for; fails at once when one was named that is not there.
  package func locator() throws -> FixtureLocator { try FixtureLocator.usual(fixture) }
}
