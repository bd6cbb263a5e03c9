import Foundation
import TestSupport
import Testing

/// `dubwatch probe` from the command line.
@Suite(.serialized) struct ProbeCommandTests {
  private let film = Checkout.film

  @Test func `a good file reads as good, by three figures`() async throws {
    let program = try ChildProgram(dubwatchPath, ["probe", film, "--duration", "20"])
    #expect(try await program.exitStatus(within: 60) == 0, "\(program.errors)")
    for words in ["h264 1280x720 30 fps", "aac 48000 Hz stereo", "timestamp alignment", "content offset", "service claims", "4 of 4"] {
      #expect(program.output.contains(words), "\(words) in \(program.output)")
    }
  }

  @Test func `sound that is late is found in what is heard, not in time stamps`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = scratch.file("late.ts")
    _ = try run(
      "ffmpeg",
      ["-v", "error", "-nostdin", "-t", "16", "-i", film, "-itsoffset", "0.2", "-i", film, "-t", "16"] + ["-map", "0:v", "-map", "1:a"]
        + ["-c", "copy", file])
    let program = try ChildProgram(dubwatchPath, ["probe", file, "--json"])
    #expect(try await program.exitStatus(within: 60) == 1, "\(program.errors)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any])
    #expect(report["ok"] as? Bool == false && report["claim"] is NSNull)
    let alignment = try #require(report["timestamp_alignment"] as? [String: Any])
    let content = try #require(report["content_offset"] as? [String: Any])
    #expect((alignment["max_ms"] as? Double ?? .nan) < 15)
    #expect(abs((content["p50_ms"] as? Double ?? .nan) - 200) < 15)
    #expect((report["segments"] as? [[String: Any]])?.first?["segment_index"] as? Int == 0)
  }

  @Test(
    arguments: [
      ("slow.mp4", ["-c", "copy", "-bsf:a", "setts=ts=TS*1.03"], 1, "audio runs 3.00 % slow"),
      ("untimed.avi", ["-c", "copy"], 0, "carry no presentation time: they are placed by their decoding time"),
      ("dark.mp4", ["-c", "copy", "-vn"], 1, "nothing was measured: packets of both tracks are needed"),
      ("still.ts", ["-c", "copy", "-bsf:v", "noise=drop=1"], 1, "the video track is announced, but no packet of it came"),
    ] as [(String, [String], Int32, String)])
  func `what a stream lacks is said, and makes the answer no where it must`(
    name: String, arguments: [String], status: Int32, says: String
  ) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = scratch.file(name)
    _ = try run("ffmpeg", ["-v", "error", "-nostdin", "-t", "16", "-i", film] + arguments + [file])
    let program = try ChildProgram(dubwatchPath, ["probe", file])
    #expect(try await program.exitStatus(within: 60) == status, "\(program.output) \(program.errors)")
    #expect(program.output.contains(says), "\(program.output)")
    // None of the library's own words.
    for word in ["header for output", "pts", "codec parameters"] where name != "slow.mp4" {
      #expect(!program.errors.contains(word), "\(program.errors)")
    }
  }

  @Test(arguments: [
    (["probe", "/nonexistent.ts"], "No such file", 3), (["probe", #filePath], "no media stream", 1),
    (["probe", "http://user:hunter2@127.0.0.1:1/x"], "env:VARIABLE", 2), (["probe", "ftp://h/x"], "rtmp, rtsp, http or a file", 2),
    (["probe"], "URL|FILE|-", 2), (["probe", "x", "--duration", "0"], "1 to 86400", 2),
  ])
  func `what cannot be read is said, with the right status`(arguments: [String], says: String, status: Int32) async throws {
    let program = try ChildProgram(dubwatchPath, arguments)
    #expect(try await program.exitStatus(within: 30) == status)
    #expect(program.errors.contains(says) && !program.errors.contains("hunter2"), "\(program.errors)")
  }

  @Test(arguments: [SIGKILL, SIGINT])
  func `no reader outlives the program`(signal: Int32) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let pipe = scratch.file("pipe.ts")
    try #require(mkfifo(pipe, 0o600) == 0)
    // Nobody writes into it: the reader waits.
    let program = try ChildProgram(dubwatchPath, ["probe", pipe])
    _ = try await waitFor("the reader") { readers(of: pipe).isEmpty ? nil : true }
    program.send(signal)
    let status = try await waitFor("its end") { program.status }
    #expect(status == (signal == SIGINT ? 130 << 8 : SIGKILL))
    _ = try await waitFor("the reader's end") { readers(of: pipe).isEmpty ? true : nil }
    #expect(readers(of: pipe).isEmpty)
  }

  /// The ffmpegs that read a path.
  private func readers(of path: String) -> [Int32] {
    processes(holding: path, "framecrc")
  }
}
