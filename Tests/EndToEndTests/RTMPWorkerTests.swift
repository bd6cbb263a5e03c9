import Foundation
import Testing

/// The worker between two streams of a foreign RTMP server, and a publisher and a reader that are ffmpeg.
@Suite(.serialized) struct RTMPWorkerTests {
  private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("fixtures/stream/dubwatch-60s.mp4").path
  private static let speed = 4

  /// Starts a service and gives it with its port.
  private func serve(_ arguments: [String]) async throws -> (service: ChildProgram, port: Int) {
    let service = try ChildProgram(dubwatchPath, ["serve"] + arguments + ["--speed", "\(Self.speed)", "--port", "0"])
    let port = try await waitFor("\(arguments)") { () -> Int? in
      if service.status != nil { throw NotThere(what: "\(arguments): \(service.errors)") }
      return service.errors.split(separator: "\n").first { $0.contains("listens on port") }?.split(separator: " ").last.flatMap { Int($0) }
    }
    return (service, port)
  }

  @Test(.timeLimit(.minutes(3))) func `a worker between two RTMP streams puts both tracks out in step`() async throws {
    guard NginxRTMP.isAvailable("the worker over RTMP") else { return }
    let server = try await NginxRTMP()
    let speech = try await serve(["echo-sts", "--processing-delay", "1200"])
    let publisher = try ChildProgram(
      "ffmpeg",
      [
        "-v", "error", "-nostdin", "-readrate", "\(Self.speed)", "-stream_loop", "-1", "-i", Self.fixture, "-c", "copy", "-f", "flv",
        server.url("in"),
      ])
    try await server.waitForPublisher("in")
    let worker = try await serve([
      "media-service", "--sts-url", "http://127.0.0.1:\(speech.port)", "--input", server.url("in"), "--output", server.url("out"),
    ])
    do { try await server.waitForPublisher("out", seconds: 60) } catch {
      Issue.record("\(error)\n\(worker.service.output.suffix(3000))\n\(worker.service.errors)\n\(publisher.errors)")
      return
    }
    // 24 s of the output: four segments.
    let probe = try ChildProgram(
      "ffprobe",
      [
        "-v", "error", "-rw_timeout", "20000000", "-show_entries", "packet=codec_type,pts_time", "-of", "csv=p=0", "-read_intervals",
        "%+24", server.url("out"),
      ])
    #expect(try await probe.exitStatus(within: 60) == 0, "\(probe.errors)")
    let packets = probe.output.split(separator: "\n").map { $0.split(separator: ",") }.filter { $0.count >= 2 }
    let video = packets.filter { $0[0] == "video" }.compactMap { Double($0[1]) }.sorted()
    let audio = packets.filter { $0[0] == "audio" }.compactMap { Double($0[1]) }.sorted()
    #expect(video.count > 600, "\(video.count) frames; \(worker.service.output.suffix(2000))")
    #expect(audio.count > 950, "\(audio.count) frames")
    #expect(zip(video, video.dropFirst()).allSatisfy { $1 - $0 < 0.06 }, "no picture is missing")
    #expect(zip(audio, audio.dropFirst()).allSatisfy { $1 - $0 < 0.06 }, "no sound is missing")
    #expect(abs((video.last ?? 0) - (audio.last ?? 100)) < 1)
    let metrics = try run(dubwatchPath, ["metrics", "http://127.0.0.1:\(worker.port)/metrics"])
    #expect(metrics.contains("worker_audio_fragments_total"))
    #expect(worker.service.status == nil, "it still runs: \(worker.service.errors)")
    withExtendedLifetime((server, speech, publisher)) {}
  }
}
