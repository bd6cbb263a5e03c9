import Events
import HarnessCore
import MediaSync
import ProcessGuard
import TransportStream
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The stream that is published.
struct TestStream: Sendable {
  /// The path of its file.
  var path: String
  /// How long it is, in seconds.
  var seconds: Double

  /// Where the dub of its sound lies; nil where there is none.
  var dubTrack: String? {
    let path = DubTrack.path(beside: path)
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }
}

extension TestStream {
  /// Why there is nothing to publish.
  enum Obstacle: Error {
    /// What is missing can be done without: no stream then.
    case goesWithout(String)
    /// The user asked for what cannot be had.
    case refused(String)
  }

  /// Finds the test stream, or makes it.
  static func find(
    _ locator: FixtureLocator, processGuard: ProcessGuard, environment: [String: String], say: @Sendable (Finding) async -> Void
  ) async throws(Obstacle) -> TestStream {
    let place: FixtureLocator.Place
    do { place = try locator.find() } catch { throw .refused(error.description) }
    if Tools.find("ffmpeg", environment: environment) == nil {
      if case .given(let path) = place { throw .refused("\(path) cannot be published: ffmpeg is not installed, or not in PATH") }
      throw .goesWithout("ffmpeg is not installed, or not in PATH: \(consequence)")
    }
    switch place {
    case .ours(let path): return TestStream(path: path, seconds: MarkRhythm.standard.periodSeconds)
    case .given(let path): return try await measured(path, processGuard)
    case .nowhere(let reason): throw .goesWithout("\(reason). Until then \(consequence)")
    case .toBeMade(let path):
      let making = Finding(id: "fixture-made", text: "the test stream is made once, which takes about 20 s: \(path)")
      await say(making)
      var made = making
      made.holds = false
      do {
        try await locator.make(at: path, with: FixtureMaker(processGuard: processGuard))
      } catch {
        await say(made)
        throw .goesWithout("\(error.description). Until then \(consequence)")
      }
      await say(made)
      return TestStream(path: path, seconds: MarkRhythm.standard.periodSeconds)
    }
  }

  private static let consequence = "no stream is published, and segments are cut by the clock"

  private static func measured(_ path: String, _ processGuard: ProcessGuard) async throws(Obstacle) -> TestStream {
    do {
      let facts = try await FixtureProbe(processGuard: processGuard).measure(path).facts
      return TestStream(path: path, seconds: max(facts.videoSeconds ?? 0, facts.audioSeconds ?? 0, facts.durationSeconds))
    } catch {
      throw .refused(error.description)
    }
  }
}
