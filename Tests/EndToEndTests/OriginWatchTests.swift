import Foundation
import TestSupport
import Testing

/// `watch` over the media server's stand-in, which it cannot tell from MediaMTX.
@Suite(.serialized) struct OriginWatchTests {
  @Test(.timeLimit(.minutes(2))) func `a path is published, listed by the poller, and gone with its publisher`() async throws {
    let origin = try ChildProgram(dubwatchPath, ["serve", "stream-origin", "--port", "0", "--log-file", "/dev/null"])
    let port = try await waitFor("the origin's port") {
      origin.errors.split(separator: "\n").first { $0.contains("listens on port") }?.split(separator: " ").last.flatMap { Int($0) }
    }
    let base = "http://127.0.0.1:\(port)"
    let publisher = try ChildProgram(
      "ffmpeg",
      [
        "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=30", "-f", "lavfi", "-i", "sine=r=48000", "-c:v",
        "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mpegts", base + "/live/test/in",
      ])
    let watcher = try ChildProgram(
      dubwatchPath, ["watch", "--media-server", base, "--health", "mediamtx=\(base)/health", "--interval", "0.3", "--plain"])
    _ = try await waitFor("the path; \(publisher.errors)", within: 60) {
      watcher.output.contains("path live/test/in is ready") ? true : nil
    }
    publisher.end()
    _ = try await waitFor("the path's end") { watcher.output.contains("path live/test/in is gone") ? true : nil }
    origin.end()
    #expect(origin.status == 143 << 8, "TERM ends it with its own status: \(origin.errors)")
    watcher.end()
  }
}
