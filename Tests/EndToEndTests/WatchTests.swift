import Foundation
import TestSupport
import Testing

/// `watch` over services of the program itself that come and go, and over nothing at all.
@Suite(.serialized) struct WatchTests {
  @Test func `a service that does not answer is shown with its reason, and picked up when it comes and when it goes`() async throws {
    let port = try Loopback.freePort()
    let url = "http://127.0.0.1:\(port)"
    let terminal = try TmuxSession(
      "\(shellQuoted(dubwatchPath)) watch --health echo-sts=\(url)/health --interval 0.3", width: 120, height: 40)
    try await terminal.wait("the reason") { $0.contains("connection refused") }
    let service = try TmuxSession("\(shellQuoted(dubwatchPath)) serve echo-sts --port \(port)", width: 80, height: 24)
    try await terminal.wait("health") { $0.contains("● echo-sts") && $0.contains("healthy") }
    try service.press("C-c")
    try await terminal.wait("its end") { $0.contains("✗ echo-sts") && $0.contains("no answer") && $0.contains("connection refused") }
    withExtendedLifetime(service) {}
  }

  @Test func `with nothing given and nothing there, every default endpoint says why`() async throws {
    let terminal = try TmuxSession("\(shellQuoted(dubwatchPath)) watch --contract spec-018", width: 120, height: 40)
    try await terminal.wait("the reasons") { frame in
      ["mediamtx", "media-service", "echo-sts"].allSatisfy { frame.contains($0) } && frame.contains("WATCHING")
    }
  }

  @Test func `a secret in a URL is never shown`() async throws {
    let terminal = try TmuxSession(
      "URL='http://user:hunter2@127.0.0.1:1/health?token=hunter3' \(shellQuoted(dubwatchPath)) watch --health x=env:URL", width: 160,
      height: 48)
    let frame = try await terminal.wait("the reason") { $0.contains("refused") }
    #expect(!frame.contains("hunter2") && !frame.contains("hunter3"))
  }

  @Test(arguments: [
    (["demo", "circuit-braker"], "circuit-breaker", 2), (["watch", "--contract", "spec-19"], "spec-018", 2),
    (["watch", "--config", "/nonexistent.yaml"], "there is no such file", 3), (["healthcheck", "ftp://h/"], "http", 1),
    (["healthcheck", "http://127.0.0.1:1/", "--timeout", "0"], "0.05 to 60", 1),
    (["metrics", "/nonexistent/file"], "No such file", 3), (["metrics", "http://127.0.0.1:1/metrics"], "refused", 3),
    (["frame"], "--demo", 2), (["demo", "--speed", "100"], "1 to 20", 2), (["demo", "av-drift", "--speed", "8"], "1 to 4", 2),
    (["bogus"], "bogus", 2),
  ])
  func `bad input gets a sentence and the right status`(arguments: [String], says: String, status: Int) async throws {
    let words = arguments.map(shellQuoted).joined(separator: " ")
    let terminal = try TmuxSession("\(shellQuoted(dubwatchPath)) \(words); echo status=$?; sleep 600", width: 160, height: 24)
    let frame = try await terminal.wait("the status") { $0.contains("status=") }
    #expect(frame.contains("status=\(status)"))
    #expect(frame.contains(says))
  }

  @Test func `lines are printed when standard output is no terminal, and TERM ends them with 143`() throws {
    let text = try run(
      "sh", ["-c", "timeout -s TERM 4 \(shellQuoted(dubwatchPath)) demo full-pipeline --speed 5 --plain; test $? = 124"])
    #expect(text.contains("contract spec-018"))
    #expect(text.contains("fragment media-service: sent 0"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test(arguments: ["text", "svg"])
  func `a frame is printed`(format: String) throws {
    let text = try run(
      dubwatchPath, ["frame", "--demo", "everything", "--speed", "10", "--after", "30", "--size", "120x40", "--format", format])
    #expect(text.contains("Services") && text.contains("media-service"))
    if format == "text" {
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().count == 40)
    } else {
      #expect(text.contains("<svg") && text.hasSuffix("</svg>\n"))
    }
  }
}
