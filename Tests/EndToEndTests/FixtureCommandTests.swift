import Foundation
import TestSupport
import Testing

/// The test stream from the command line, and what publishes it.
@Suite(.serialized) struct FixtureCommandTests {
  private let film = Checkout.film

  private func terminal(_ words: String, environment: [String: String] = [:], height: Int = 30) throws -> TmuxSession {
    try TmuxSession("\(words); echo status=$?; sleep 600", width: 160, height: height, environment: environment)
  }

  /// Process numbers of the ffmpegs that publish to an address of ours.
  private func publishers(of program: Int32) -> [Int32] {
    processes(holding: "/live/test/in").filter { processFile($0, "status")?.contains("PPid:\t\(program)\n") == true }
  }

  @Test func `verify says every rule and that the stream is good`() async throws {
    let frame = try await terminal("\(shellQuoted(dubwatchPath)) fixture verify \(shellQuoted(film))").wait("the status") {
      $0.contains("status=")
    }
    #expect(frame.contains("status=0"))
    for rule in ["path", "streams", "duration", "resolution", "frame rate", "sample rate", "channels", "track lengths", "size"] {
      #expect(frame.contains("✓ \(rule)"), "\(rule)")
    }
    #expect(frame.contains("10 segments of 6 s"))
  }

  @Test(arguments: [
    ("fixture verify /nonexistent.mp4", [:], "does not exist", 3), ("fixture verify \(#filePath)", [:], "is no media file", 1),
    ("fixture verify FILM", ["PATH": "/nonexistent"], "install ffmpeg", 3), ("fixture make FILM", [:], "--force", 1),
    ("fixture make /nonexistent/a.mp4", [:], "does not take a new file", 1),
    ("fixture make /tmp/dubwatch-never-made.mp4", ["PATH": "/nonexistent"], "install ffmpeg", 3),
    ("demo --fixture /nonexistent.mp4", [:], "--fixture: /nonexistent.mp4 does not exist", 3),
    ("demo --plain --fixture \(#filePath)", [:], "environment failed", 3),
    ("demo", ["DUBWATCH_FIXTURE": "/nonexistent.mp4"], "DUBWATCH_FIXTURE: /nonexistent.mp4 does not exist", 3),
  ])
  func `what cannot be done is said, with the right status`(
    words: String, environment: [String: String], says: String, status: Int
  ) async throws {
    // The path of the search is ours only for the program: the shell needs its own.
    let path = environment["PATH"].map { "PATH=\($0) " } ?? ""
    let rest = environment.filter { $0.key != "PATH" }
    let arguments = words.replacingOccurrences(of: "FILM", with: shellQuoted(film))
    let frame = try await terminal("\(path)\(shellQuoted(dubwatchPath)) \(arguments)", environment: rest).wait("the status") {
      $0.contains("status=")
    }
    #expect(frame.contains("status=\(status)"), "\(frame)")
    #expect(frame.contains(says), "\(frame)")
  }

  @Test func `without UTF-8 the marks are ASCII`() async throws {
    let frame = try await terminal("LC_ALL=C \(shellQuoted(dubwatchPath)) fixture verify \(shellQuoted(film))").wait("the status") {
      $0.contains("status=")
    }
    #expect(frame.contains("ok resolution") && !frame.contains("✓"))
  }

  @Test func `a demo publishes, and a kill -9 leaves no publisher behind`() async throws {
    let terminal = try TmuxSession("exec \(shellQuoted(dubwatchPath)) demo everything --speed 10 --plain", width: 160, height: 40)
    try await terminal.wait("a publisher") { $0.contains("publishes to http://127.0.0.1:") }
    let program = try #require(try terminal.processID())
    let found = publishers(of: program)
    #expect(found.count == 1)
    kill(program, SIGKILL)
    #expect(await eventually(within: 20) { found.allSatisfy { kill($0, 0) != 0 } })
  }

  @Test func `a publisher that is killed comes back`() async throws {
    let terminal = try TmuxSession("exec \(shellQuoted(dubwatchPath)) demo everything --speed 5 --plain", width: 160, height: 200)
    try await terminal.wait("a publisher") { $0.contains("publishes to http://127.0.0.1:") }
    let program = try #require(try terminal.processID())
    for pid in publishers(of: program) { kill(pid, SIGKILL) }
    try await terminal.wait("its end") { $0.contains("failed: ffmpeg ended by signal 9") }
    try await terminal.wait("its return") { $0.components(separatedBy: "publishes to").count == 3 }
  }

  @Test func `the fault that stops the publisher ends by itself`() async throws {
    let terminal = try TmuxSession("exec \(shellQuoted(dubwatchPath)) demo circuit-breaker --speed 5", width: 160, height: 60)
    try await terminal.wait("a publisher") { $0.contains("publishes to http://127.0.0.1:") }
    let program = try #require(try terminal.processID())
    let before = publishers(of: program)
    try terminal.press("f")
    try await terminal.wait("the menu") { $0.contains("The publisher stops and is started again after 5 s") }
    try terminal.press("G", "Enter")
    try await terminal.wait("its begin") { $0.contains("publisher-stop stop began") }
    try await terminal.wait("its end") { $0.contains("publisher-stop stop ended") }
    try await terminal.wait("its return") { _ in publishers(of: program).contains { !before.contains($0) } }
    #expect(publishers(of: program).allSatisfy { !before.contains($0) })
  }
}
