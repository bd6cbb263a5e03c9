import Foundation
import TestSupport
import Testing

/// `dubwatch run` and `dubwatch scenarios` as somebody types them.
@Suite struct RunCommandTests {
  private func run(_ arguments: [String], within seconds: Double = 60) async throws -> (status: Int32, output: String, errors: String) {
    let child = try ChildProgram(dubwatchPath, arguments)
    let status = try await child.exitStatus(within: seconds)
    return (status, child.output, child.errors)
  }

  @Test func `scenarios are listed with a sentence each`() async throws {
    let (status, output, _) = try await run(["scenarios"])
    #expect(status == 0)
    let lines = output.split(separator: "\n")
    #expect(lines.count == 9)
    #expect(lines.allSatisfy { $0.hasSuffix(".") && $0.contains("  ") })
    let file = try await run(["scenarios", "--show", "circuit-breaker"])
    #expect(file.status == 0 && file.output.contains("expect: breaker-opens"))
    #expect(try await run(["scenarios", "--show", "circuit-braker"]).status == 2)
    let rules = try await run(["scenarios", "--rules"])
    #expect(rules.status == 0 && rules.output.contains("\nbreaker-opens  ") && rules.output.contains("whole number, 1 to 1000 failures"))
    #expect(try await run(["scenarios", "--rules", "--show", "circuit-breaker"]).status == 2)
  }

  @Test(arguments: [
    (["run"], Int32(2), "--all"), (["run", "full-pipeline", "--speed", "6"], 2, "1 to 5"), (["run", "--all", "av-sync"], 2, "--all"),
    (["run", "full-pipeline", "--repeat", "0"], 2, "1 to 10000"), (["run", "full-pipelin"], 2, "full-pipeline"),
    (["run", "./gone.yaml"], 3, "no such file"),
    (["run", "full-pipeline", "--junit", "/no/such/folder/a.xml"], 1, "/no/such/folder"),
    (["run", "full-pipeline", "--junit", "same.out", "--json", "same.out"], 2, "same file"),
    (["run", "full-pipeline", "--env", "docker"], 2, "attach"), (["run", "full-pipeline", "--offline"], 2, "--env compose"),
    (["run", "full-pipeline", "--health", "a=http://127.0.0.1:1/"], 2, "--env attach"),
    (["run", "full-pipeline", "--env", "compose", "--speed", "2"], 2, "real time"),
    (["run", "full-pipeline", "--env", "attach", "--keep", "always"], 2, "--env compose"),
    (["run", "full-pipeline", "--shared-env"], 2, "compose and attach"),
    (["run", "--all", "--env", "compose", "--shared-env"], 2, "needs another environment"),
  ]) func `wrong use is said`(_ arguments: [String], _ status: Int32, _ word: String) async throws {
    let result = try await run(arguments)
    #expect(result.status == status)
    #expect(result.errors.contains(word), "\(result.errors)")
  }

  @Test func `a mistake names file line field and the nearest word`() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("name: x\nsentence: s\ntime_limit_s: 5\nexpectations:\n  - {id: a, expect: inflght-limit}\n".utf8).write(to: file)
    let result = try await run(["run", file.path])
    #expect(result.status == 2)
    #expect(result.errors.contains(":5: expectations[0].expect:") && result.errors.contains("\"inflight-limit\""), "\(result.errors)")
  }

  @Test(.timeLimit(.minutes(2))) func `a run of ones own is judged reported and leaves nothing`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write(
      "own.yaml",
      """
      name: own
      sentence: Two fragments, of which a third is expected.
      time_limit_s: 40
      publish: {loop_s: 20}
      expectations:
        - {id: two, expect: counter, signal: fragments_sent, at_least: 2}
        - {id: never, expect: events, event: reconnection-attempt, at_least: 1, title: "a reconnection <attempt>"}
        - {id: unseen, expect: recovers, optional: true}
      """)
    let (file, junit, json) = (scratch.file("own.yaml"), scratch.file("out.xml"), scratch.file("out.json"))
    let result = try await run(["run", file, "--speed", "5", "--headless", "--junit", junit, "--json", json])
    #expect(result.status == 1, "\(result.output)\n\(result.errors)")
    #expect(result.output.contains("FAILED own"))
    let xml = try String(contentsOfFile: junit, encoding: .utf8)
    #expect(xml.contains("<failure") && xml.contains("a reconnection &lt;attempt&gt;") && xml.contains("<skipped"))
    let text = try String(contentsOfFile: json, encoding: .utf8)
    #expect(text.contains("\"worker_audio_fragments_total") && text.contains("\"standing\" : \"violated\""))
    #expect(scratch.names == ["out.json", "out.xml", "own.yaml"])
  }

  @Test(.timeLimit(.minutes(1)), arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal ends the run and stops the environment`(_ number: Int32) async throws {
    let child = try ChildProgram(dubwatchPath, ["run", "full-pipeline", "--headless"])
    _ = try await waitFor("the scenario") { child.output.contains("scenario full-pipeline began") ? true : nil }
    child.send(number)
    #expect(try await child.exitStatus(within: 20) == 128 + number)
    #expect(child.output.contains("ended before its verdict"))
  }
}
