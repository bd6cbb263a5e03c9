import Foundation
import TestSupport
import Testing

/// The worker between two streams of an RTSP server, published by ffmpeg and read by our own probe.
@Suite(.serialized) struct RTSPWorkerTests {
  private static let speed = 4
  private static let relay = Checkout.path("Tests/Support/rtsp_relay.py")

  @Test(.timeLimit(.minutes(3))) func `a worker between two RTSP streams puts both tracks out in step`() async throws {
    let server = try ChildProgram("python3", [Self.relay])
    let port = try await waitFor("the RTSP server: \(server.errors)") { Int(server.output.split(separator: "\n").first ?? "") }
    let (input, output) = ("rtsp://127.0.0.1:\(port)/live/test/in", "rtsp://127.0.0.1:\(port)/live/test/out")
    let speech = try await Served.speech(speed: Self.speed)
    let publisher = try Served.publisher(["-f", "rtsp", "-rtsp_transport", "tcp", input], speed: Self.speed)
    _ = try await waitFor("the publisher: \(publisher.errors)") { server.errors.contains("RECORD /live/test/in 200") ? true : nil }
    let source = try await ProbedStream(input, seconds: 14)
    #expect(!source.offsets.isEmpty && source.offsets.allSatisfy { abs($0) < 25 }, "the input: \(source)")
    let worker = try await Served.worker(input, output, speech: speech, speed: Self.speed)
    try worker.control(#"{"skew_ms":120}"#)
    _ = try await waitFor("the output: \(worker.program.output.suffix(2000)) \(worker.program.errors)", within: 60) {
      server.errors.contains("RECORD /live/test/out 200") ? true : nil
    }
    let stream = try await ProbedStream(output, seconds: 20)
    #expect(stream.offsets.count >= 2 && stream.offsets.allSatisfy { abs($0 - 120) < 25 }, "\(stream) \(server.errors.suffix(500))")
    #expect(stream.deltas.count >= 3 && stream.deltas.allSatisfy { abs($0) < 120 }, "\(stream)")
    #expect(!stream.findings.contains("gap") && !stream.findings.contains("seam"), "\(stream)")
    #expect(worker.program.status == nil && server.status == nil, "it still runs: \(worker.program.errors)")
    withExtendedLifetime((server, speech, publisher)) {}
  }
}
