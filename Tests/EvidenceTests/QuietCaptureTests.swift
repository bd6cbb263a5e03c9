import Contracts
import Events
import Foundation
import RunModel
import TestSupport
import Testing

/// Healthy runs that were captured raise no alarm: nothing is a warning, no finding holds at any moment.
@Suite struct QuietCaptureTests {
  /// What is loud of a run, with its time.
  private static func loud(_ run: FakeRun, until end: Double = .infinity) -> [String] {
    var found: [String] = []
    var standing: Set<String> = []
    run.watch { step in
      guard step.now.seconds <= end else { return }
      let now = Set((step.alarms.map(\.text) + step.findings.values.map(\.value.text)))
      found += now.subtracting(standing).sorted().map { "\(step.now.seconds): \($0)" }
      standing = now
    }
    let rows = run.play().rows.filter { [.warning, .bad].contains($0.severity) && $0.at.seconds <= end }
    return found + rows.map { "\($0.at.seconds): \($0.severity) \($0.text)" }
  }

  /// Until somebody stopped the processes.
  private static func end(of run: FakeRun) throws -> Double {
    try #require(run.lines.first { $0.text.contains("Worker stopped") || $0.text.contains("Shutting down") }).at - 0.01
  }

  private static func page(_ name: String) throws -> String {
    try String(contentsOfFile: Checkout.fixture("media-service/\(name).txt"), encoding: .utf8)
  }

  @Test func `a normal run of the real service, with metrics as it makes them`() throws {
    var run = try CaptureTests.capture("normal")
    run.published = 1.2...61.2
    run.isPublishedOnce = true
    #expect(try Self.loud(run, until: Self.end(of: run)) == [])
  }

  @Test func `a normal run of the real service, with the pages that were read of it`() throws {
    var run = try CaptureTests.capture("normal")
    run.published = 1.2...61.2
    run.isPublishedOnce = true
    let processed = run.lines.filter { $0.text.contains("Fragment processed") }.map(\.at)
    try #require(processed.count == 9)
    run.pages = [(0, try Self.page("metrics-before")), (processed[7], try Self.page("metrics-during"))]
    run.pages.append((processed[8], try Self.page("metrics-after")))
    #expect(try Self.loud(run, until: Self.end(of: run)) == [])
  }

  @Test func `the log of the real speech service beside it`() throws {
    var run = try CaptureTests.capture("normal")
    run.published = 1.2...61.2
    run.isPublishedOnce = true
    let text = try String(contentsOfFile: Checkout.fixture("media-service/echo-sts.log"), encoding: .utf8)
    var matcher = LogMatcher(contract: run.contract, hostUTCOffsetSeconds: 0)
    var time: Double?
    run.services.append(.speechService)
    for line in text.split(separator: "\n").map(String.init) {
      time = matcher.match(line, service: .speechService).line.reportedAt?.epochSeconds ?? time
      guard let at = time.map({ $0 - run.wallStart }), at <= run.seconds else { continue }
      run.lines.append(FakeRun.Line(at: max(0.2, at), text: line, service: .speechService, isPast: at < FakeRun.began))
    }
    #expect(try Self.loud(run, until: Self.end(of: run)) == [])
  }

  /// Until its speech service was killed.
  @Test func `the branch with segments of 30 s`() throws {
    let run = try CaptureTests.capture("branch-30s")
    let end = try #require(run.lines.first { $0.text.contains("Socket.IO disconnected") }).at
    #expect(Self.loud(run, until: end - 0.1) == [])
  }
}
