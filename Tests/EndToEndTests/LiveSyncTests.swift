import Foundation
import TestSupport
import Testing

/// The test stream through a worker, and its output read by `dubwatch probe`: what is done to the audio is what is measured.
@Suite(.serialized) struct LiveSyncTests {
  private static let speed = 4

  @Test(.timeLimit(.minutes(4))) func `the content offset is the skew that was set, and drifts the way it was made to`() async throws {
    let origin = try await Served(["stream-origin", "--log-file", "/dev/null"], speed: Self.speed)
    let speech = try await Served.speech(speed: Self.speed)
    let (input, output) = ("http://127.0.0.1:\(origin.port)/live/test/in", "http://127.0.0.1:\(origin.port)/live/test/out")
    var publisher = try Served.publisher(["-f", "mpegts", input], speed: Self.speed)
    let worker = try await Served.worker(input, output, speech: speech, speed: Self.speed)
    // Before anything comes out.
    try worker.control(#"{"skew_ms":200}"#)
    let late = try await ProbedStream(output + "?from=start", seconds: 20)
    Self.expect(late, 200)
    try worker.control(#"{"skew_ms":-150}"#)
    Self.expect(try await Self.settled(output, 18) { $0 < 0 }, -150)
    // In place again, and from there 6 ms a second: past 120 ms after 20 s.
    try worker.control(#"{"skew_ms":0,"drift_ms_per_s":6}"#)
    let drifting = try await Self.settled(output, 42) { $0 > -25 }
    #expect(drifting.offsets.count >= 6, "\(drifting.offsets)")
    #expect((drifting.offsets.last ?? 0) > 120, "late: \(drifting.offsets)")
    for (before, after) in zip(drifting.offsets, drifting.offsets.dropFirst()) {
      #expect(abs(after - before - 36) < 25, "6 s at 6 ms/s: \(drifting.offsets)")
    }
    #expect(!drifting.findings.contains("gap") && !drifting.findings.contains("seam"), "\(drifting.findings)")
    // Killed and started again, the publisher begins a new session, and all is in place.
    try worker.control(#"{"skew_ms":0,"drift_ms_per_s":0}"#)
    publisher.send(SIGKILL)
    _ = try await waitFor("the input's loss") {
      worker.program.output.contains("input lost") || worker.program.output.contains("input ended") ? true : nil
    }
    let before = worker.program.output.components(separatedBy: "input connected").count
    publisher = try Served.publisher(["-f", "mpegts", input], speed: Self.speed)
    _ = try await waitFor("the input's return") {
      worker.program.output.components(separatedBy: "input connected").count > before ? true : nil
    }
    // What was on its way before the loss comes out first, and where the publisher was away there may be a gap.
    let back = try await Self.settled(output, 18) { abs($0) < 25 }
    #expect(back.offsets.count >= 2 && back.offsets.allSatisfy { abs($0) < 25 }, "\(back)")
    #expect(worker.program.status == nil && origin.program.status == nil && speech.program.status == nil, "\(worker.program.errors)")
    withExtendedLifetime((origin, speech, publisher)) {}
  }

  /// Every segment within 25 ms of an offset, nothing missing.
  private static func expect(_ stream: ProbedStream, _ milliseconds: Double, _ place: SourceLocation = #_sourceLocation) {
    #expect(stream.offsets.count >= 2, "\(stream)", sourceLocation: place)
    #expect(stream.offsets.allSatisfy { abs($0 - milliseconds) < 25 }, "\(stream)", sourceLocation: place)
    #expect(!stream.findings.contains("gap"), "\(stream)", sourceLocation: place)
  }

  /// Reads a stream again until all of its offsets show that what was set has come out; a segment may lie across the change.
  private static func settled(_ url: String, _ seconds: Int, _ holds: (Double) -> Bool) async throws -> ProbedStream {
    var stream: ProbedStream
    var tries = 0
    repeat {
      stream = try await ProbedStream(url, seconds: seconds)
      tries += 1
    } while tries < 3 && !(stream.offsets.count >= 2 && stream.offsets.allSatisfy(holds))
    return stream
  }
}
