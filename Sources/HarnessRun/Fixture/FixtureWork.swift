import Events
import HarnessCore
import ProcessGuard
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes and measures test streams; a signal ends it, and no child is left behind.
package struct FixtureWork: Sendable {
  private let file: String
  private let path: String

  /// - Parameter file: the path as the user wrote it.
  package init(_ file: String) {
    self.file = file
    path = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
  }

  /// Makes the file, and measures it.
  /// - Parameter replaces: whether a file that is there may go.
  /// - Returns: a line that says so; nil and its exit status when a signal came.
  package func make(replaces: Bool) async throws -> (line: String?, status: Int32?) {
    guard replaces || !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.output, "\(file) is there already: name another file, or add --force to replace it")
    }
    let (made, status) = try await guarded { [file, path] processGuard in
      try await ProgressLine("making the test stream").during { try await FixtureMaker(processGuard: processGuard).make(at: path) }
      let fixture = try await Self.measure(path, processGuard)
      guard fixture.violations().isEmpty else {
        throw Problem(
          .badInput, "\(file) was made, but is not as it must be: \(fixture.violations().map(\.description).joined(separator: "; "))")
      }
      return fixture
    }
    return (made.map { "\(escapeUntrusted(path)): \(FixtureListing.summary($0))\n" }, status)
  }

  /// Measures the file.
  /// - Returns: what was found; nil and its exit status when a signal came.
  package func measure() async throws -> (fixture: TestFixture?, status: Int32?) {
    try await guarded { [path] in try await Self.measure(path, $0) }
  }

  private static func measure(_ path: String, _ processGuard: ProcessGuard) async throws -> TestFixture {
    try await ProgressLine("measuring the test stream").during {
      try await FixtureProbe(processGuard: processGuard).measureWithMarks(path, clock: clock)
    }
  }

  private static var clock: any RunClock { ScaledClock(wallOrigin: Host.wallClock()) }

  private func guarded<Value: Sendable>(
    _ work: @escaping @Sendable (ProcessGuard) async throws -> Value
  ) async throws -> (Value?, Int32?) {
    try await withProcessGuard(grace: 1) { processGuard in
      let (outcome, status) = await Signals.run { () async throws -> Value in try await work(processGuard) }
      if let status { return (nil, status) }
      return (try outcome.get(), nil)
    }
  }
}
