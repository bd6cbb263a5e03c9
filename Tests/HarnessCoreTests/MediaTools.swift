import Events
import Foundation
import MediaSync
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

/// The test stream as it is committed.
enum CommittedFixture {
  static let path = Checkout.path(FixtureLocator.checkoutPath)
}

/// Tests that run ffmpeg: one at a time, so that they do not take the machine from those beside them.
@Suite(.serialized) struct MediaTests {}

/// ffmpeg for what tests need to have made, sent and received.
struct MediaTools: Sendable {
  let processGuard = ProcessGuard(executable: nil)

  /// Runs ffmpeg to its end.
  func make(_ arguments: [String]) async throws {
    let outcome = try await ToolRun(processGuard: processGuard).run(
      ChildRequest("ffmpeg", ["-v", "level+error", "-nostdin", "-y"] + arguments), limit: 60)
    try #require(outcome.exit == .exited(0), "ffmpeg \(arguments): \(outcome.complaint ?? "")")
  }

  /// Everything ffmpeg writes to its standard output.
  func read(_ arguments: [String]) async throws -> [UInt8] {
    let all = Collected<UInt8>()
    let child = try await processGuard.start(ChildRequest("ffmpeg", ["-v", "error", "-nostdin"] + arguments)) { channel, bytes in
      if channel == .standardOutput { all.add(contentsOf: bytes) }
    }
    try #require(await child.waitForExit() == .exited(0))
    return all.all
  }

  /// Makes the first seconds of the fixture.
  func shortFilm(_ seconds: Int, at path: String) async throws {
    try await make(["-i", CommittedFixture.path, "-t", "\(seconds)", "-c", "copy", path])
  }

  /// An ffmpeg that waits for one stream at a URL and writes it to a file.
  func receiver(_ input: [String], into file: String) async throws -> GuardedProcess {
    try await processGuard.start(ChildRequest("ffmpeg", ["-v", "error", "-nostdin", "-y"] + input + ["-c", "copy", file]))
  }

  /// Process numbers of the ffmpegs whose command line holds a text.
  static func running(_ text: String) -> [Int32] {
    processes(holding: text, "-progress")
  }
}

extension Collector {
  var published: [PublisherHappening] {
    happenings.compactMap { if case .publisher(let what) = $0.kind { what } else { nil } }
  }
  var publisherSamples: [PublisherSample] {
    events.compactMap { if case .sample(.publisher(let sample)) = $0 { sample } else { nil } }
  }
  var publisherFailures: [String] {
    published.compactMap { if case .failed(let reason) = $0 { reason } else { nil } }
  }
}
