import HarnessCore
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension FixtureLocator {
  /// Where the test stream is looked for; fails at once when one was named that is not there.
  /// - Parameter given: what the user named; nil for nothing.
  package static func usual(_ given: String?) throws(Problem) -> FixtureLocator {
    let locator = FixtureLocator(
      given: given, environment: Host.environment, workingDirectory: FileManager.default.currentDirectoryPath, executable: Host.executable)
    _ = try locator.find()
    return locator
  }
}
