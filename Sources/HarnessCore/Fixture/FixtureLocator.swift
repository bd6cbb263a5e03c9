import ProcessGuard
import TransportStream
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the test stream: where the user says, in a checkout, in the cache; else makes it there once.
package struct FixtureLocator: Sendable {
  /// Where a checkout holds it.
  package static let checkoutPath = "fixtures/stream/dubwatch-60s.mp4"
  /// The variable that names one.
  package static let variable = "DUBWATCH_FIXTURE"
  /// How far above the executable a checkout is looked for: `.build/x86_64-unknown-linux-gnu/release/dubwatch`, and one more.
  private static let levelsUp = 5

  /// Where one is found.
  package enum Place: Sendable, Hashable {
    /// The user named it: nothing is known of it.
    case given(String)
    /// Ours, in a checkout or in the cache.
    case ours(String)
    /// None is there yet; it is to be made here.
    case toBeMade(String)
    /// None is there, and no place to make one; what to do, in a sentence.
    case nowhere(String)
  }

  private let given: String?
  private let environment: [String: String]
  private let workingDirectory: String
  private let executable: String?

  /// A locator.
  /// - Parameters:
  ///   - given: what the user named on the command line.
  ///   - executable: the path of this program, beside which a checkout may be.
  package init(given: String? = nil, environment: [String: String], workingDirectory: String, executable: String?) {
    self.given = given
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.executable = executable
  }

  /// Where it is; fails when the user named one that is not there. Looks at files, changes nothing.
  package func find() throws(Problem) -> Place {
    if let given { return .given(try usable(given, named: "--fixture")) }
    if let named = environment[Self.variable], !named.isEmpty { return .given(try usable(named, named: Self.variable)) }
    for directory in checkouts() where FileFacts.isUsable(directory + "/" + Self.checkoutPath) {
      return .ours(directory + "/" + Self.checkoutPath)
    }
    guard let directory = cacheDirectory else {
      return .nowhere(
        "no test stream is found, and there is no place to make one: set HOME or XDG_CACHE_HOME, or name one by --fixture FILE")
    }
    let cached = directory + "/dubwatch-60s-v\(FixtureRecipe.version).mp4"
    return FileFacts.isUsable(cached) && FileFacts.isUsable(DubTrack.path(beside: cached)) ? .ours(cached) : .toBeMade(cached)
  }

  /// Makes it in the cache, where no other is found.
  package func make(at path: String, with maker: FixtureMaker) async throws(Problem) {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        .output, "the cache folder \(directory) cannot be made: \(FileFacts.reason); set XDG_CACHE_HOME, or name a test stream by --fixture"
      )
    }
    try await maker.make(at: path)
  }

  private func usable(_ path: String, named option: String) throws(Problem) -> String {
    let full = absolute(path)
    do throws(Problem) { _ = try FileFacts.size(of: full) } catch { throw error.at(option) }
    return full
  }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : workingDirectory + "/" + path }

  /// The current directory, then the executable's and those above it.
  private func checkouts() -> [String] {
    var all = [workingDirectory]
    var rest = executable?[...] ?? ""
    for _ in 0..<Self.levelsUp {
      guard let slash = rest.lastIndex(of: "/"), slash != rest.startIndex else { break }
      rest = rest[..<slash]
      all.append(String(rest))
    }
    return all
  }

  private var cacheDirectory: String? {
    // The specification has relative paths ignored.
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/dubwatch" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/dubwatch"
  }
}
