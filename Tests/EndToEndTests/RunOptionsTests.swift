import Foundation
import TestSupport
import Testing

/// What `dubwatch run` does with several runs, in a job of GitHub actions, on a screen, and when it is asked twice to end.
@Suite(.serialized) struct RunOptionsTests {
  /// A scenario of a few seconds of pipeline time, whose second expectation is violated where it should be.
  private func scenario(_ folder: Scratch, isViolated: Bool) throws -> String {
    try folder.write(
      "short.yaml",
      """
      name: short
      sentence: A fragment is sent.
      time_limit_s: 60
      publish: {loop_s: 24}
      expectations:
        - {id: sent, expect: counter, signal: fragments_sent, at_least: 1, title: "a fragment, at least"}
        - {id: lost, expect: counter, signal: reconnections, equals: \(isViolated ? 3 : 0), title: "reconnections: counted"}

      """)
    return folder.file("short.yaml")
  }

  private func withFolder(_ body: (Scratch) async throws -> Void) async throws {
    let folder = try Scratch("dubwatch-runs")
    defer { folder.remove() }
    try await body(folder)
  }

  @Test(.timeLimit(.minutes(2))) func `repeats end at the first failure, which a job shows beside it`() async throws {
    try await withFolder { folder in
      let json = folder.file("out.json")
      let words = [
        "run", try scenario(folder, isViolated: true), "--speed", "5", "--headless", "--repeat", "3", "--fail-fast", "--json", json,
      ]
      let child = try ChildProgram("env", ["GITHUB_ACTIONS=true", dubwatchPath] + words)
      #expect(try await child.exitStatus(within: 60) == 1)
      #expect(child.output.contains("== 1/3 short") && !child.output.contains("== 2/3"), "\(child.output)")
      #expect(child.output.contains("0 of 1 runs passed, 2 not run"), "\(child.output)")
      #expect(child.output.contains("\n::error title=short%3A reconnections%3A counted::violated: "), "\(child.output)")
      // Several were asked for: a list.
      let reports = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [[String: Any]]
      #expect(reports?.count == 1)
    }
  }

  @Test(.timeLimit(.minutes(2))) func `repeats that pass are all run`() async throws {
    try await withFolder { folder in
      let words = ["run", try scenario(folder, isViolated: false), "--speed", "5", "--headless", "--repeat", "2"]
      let child = try ChildProgram("env", ["GITHUB_ACTIONS=true", dubwatchPath] + words)
      #expect(try await child.exitStatus(within: 60) == 0)
      #expect(child.output.contains("2 of 2 runs passed"), "\(child.output)")
      #expect(child.output.components(separatedBy: "::notice title=short::passed: ").count == 3, "\(child.output)")
    }
  }

  @Test(.timeLimit(.minutes(2))) func `asked twice to end, it ends and leaves nothing`() async throws {
    try await withFolder { folder in
      let project = "dubwatch-twice-\(UUID().uuidString.prefix(8))"
      let child = try ChildProgram(
        "env",
        ["TMPDIR=\(folder.path)", "DUBWATCH_TEST_MARK=\(project)", dubwatchPath, "run", "circuit-breaker", "--speed", "2", "--headless"])
      _ = try await waitFor("publishing") { child.output.contains("publishes to") ? true : nil }
      child.send(SIGINT)
      try await Task.sleep(for: .milliseconds(50))
      child.send(SIGINT)
      #expect(try await child.exitStatus(within: 30) == 130)
      try await waitUntil("the end of every child", within: 30) {
        !processes().contains { processFile($0, "environ")?.contains(project) == true }
      }
      #expect(folder.names.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(2)), arguments: [true, false]) func `on a screen the verdict is live, and a violation rings`(rings: Bool)
    async throws
  {
    try await withFolder { folder in
      let report = folder.file("report.json")
      let words =
        [dubwatchPath, "run", try scenario(folder, isViolated: true), "--speed", "5", "--json", report] + (rings ? [] : ["--no-bell"])
      // What the program writes goes through a file too: a bell leaves no trace on a screen.
      let written = folder.file("written")
      // tmux 3.3a does not always notice that `script` has ended: the shell says it, and stays.
      let command =
        "script -qefc \(shellQuoted(words.map(shellQuoted).joined(separator: " "))) \(shellQuoted(written)); echo over; sleep 100"
      let terminal = try TmuxSession(command, width: 160, height: 48)
      try await terminal.wait("a pending verdict") { $0.contains("8 Verdict") && $0.contains(" pending") }
      let last = try await terminal.wait("the verdict") { $0.contains("ENDED failed") && $0.contains("✗ reconnections: counted") }
      #expect(last.contains("✓ a fragment, at least"), "\(last)")
      try terminal.press("q")
      try await terminal.wait("the end") { $0.hasPrefix("over") || $0.contains("\nover") }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: written))
      // The screen took with it what it showed: what is violated, how it ended and where the report is stand on the terminal.
      let rest = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").suffix(8).joined(separator: "\n")
      #expect(rest.contains("violated     reconnections: counted"), "\(rest)")
      #expect(rest.contains(/\nFAILED [^\n]* s: \d+ met, 1 violated/), "\(rest)")
      #expect(rest.contains("\nreports: \(report)"), "\(rest)")
      #expect(!rest.contains("\nmet "), "\(rest)")
      // Other 0x07 end an OSC sequence; ours stand alone.
      let text = String(decoding: bytes, as: UTF8.self).replacing(/\u{1B}\][^\u{07}\u{1B}]*\u{07}/, with: "")
      #expect(text.contains("\u{07}") == rings)
    }
  }
}
