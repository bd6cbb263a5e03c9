import Foundation
import TestSupport
import Testing

/// The worker between two streams of a foreign RTMP server, and a publisher and a reader that are ffmpeg.
@Suite(.serialized) struct RTMPWorkerTests {
  private static let speed = 4

  @Test(.timeLimit(.minutes(3))) func `a worker between two RTMP streams puts both tracks out in step`() async throws {
    guard NginxRTMP.isAvailable("the worker over RTMP") else { return }
    let server = try await NginxRTMP()
    let speech = try await Served.speech(speed: Self.speed)
    let publisher = try Served.publisher(["-f", "flv", server.url("in")], speed: Self.speed)
    try await server.waitForPublisher("in")
    let worker = try await Served.worker(server.url("in"), server.url("out"), speech: speech, speed: Self.speed)
    do { try await server.waitForPublisher("out", seconds: 60) } catch {
      Issue.record("\(error)\n\(worker.program.output.suffix(3000))\n\(worker.program.errors)\n\(publisher.errors)")
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
    #expect(video.count > 600, "\(video.count) frames; \(worker.program.output.suffix(2000))")
    #expect(audio.count > 950, "\(audio.count) frames")
    #expect(zip(video, video.dropFirst()).allSatisfy { $1 - $0 < 0.06 }, "no picture is missing")
    #expect(zip(audio, audio.dropFirst()).allSatisfy { $1 - $0 < 0.06 }, "no sound is missing")
    #expect(abs((video.last ?? 0) - (audio.last ?? 100)) < 1)
    // And what is heard and seen lies where it lay, read by our own probe.
    let stream = try await ProbedStream(server.url("out"), seconds: 20)
    #expect(stream.offsets.count >= 2 && stream.offsets.allSatisfy { abs($0) < 25 }, "\(stream)")
    let metrics = try run(dubwatchPath, ["metrics", "http://127.0.0.1:\(worker.port)/metrics"])
    #expect(metrics.contains("worker_audio_fragments_total"))
    #expect(worker.program.status == nil, "it still runs: \(worker.program.errors)")
    withExtendedLifetime((server, speech, publisher)) {}
  }
}
