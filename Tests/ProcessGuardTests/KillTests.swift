import Foundation
import TestSupport
import Testing

@testable import ProcessGuard

/// What happens to children when the program is killed: with the real program, real signals, real processes.
@Suite(.serialized) struct KillTests {
  private func launchProbe(_ arguments: [String], output: String) throws -> (process: Process, input: Pipe) {
    let probe = try #require(Checkout.program("guardprobe"), "guardprobe is not built")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: probe)
    process.arguments = arguments
    let input = Pipe()
    process.standardInput = input
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    try process.run()
    return (process, input)
  }

  private func number() -> String { "7\(Int.random(in: 10_000...99_999)).\(Int.random(in: 1000...9999))" }

  @Test(.timeLimit(.minutes(1)))
  func `killed program leaves nothing behind`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let word = number()
    try FileManager.default.createDirectory(atPath: scratch.file("temporary/deep"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.file("temporary/deep/file")))
    try FileManager.default.createSymbolicLink(atPath: scratch.file("temporary/link"), withDestinationPath: scratch.file("kept"))
    try FileManager.default.createDirectory(atPath: scratch.file("kept"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.file("kept/file")))
    // Grandchildren: in sessions of their own, plain, in a group of its own, and deaf to TERM.
    let script =
      "setsid -f sleep \(word); setsid sh -c 'trap : TERM; while :; do sleep \(word); done' & sleep \(word) & (set -m; sleep \(word) &); (trap '' TERM HUP INT; sleep \(word) & wait; sleep \(word)) & sleep \(word)"
    let (probe, input) = try launchProbe(
      ["--shell", script, "--remove", scratch.file("temporary"), "--command", "echo ran > \(scratch.file("ran"))"],
      output: scratch.file("output"))
    defer { input.fileHandleForWriting.closeFile() }
    #expect(await eventually { scratch.text("output")?.contains("ready") == true && processes(holding: "sleep\u{0}\(word)").count >= 6 })
    kill(probe.processIdentifier, SIGKILL)
    #expect(await eventually { processes(holding: word).isEmpty })
    #expect(await eventually { scratch.exists("ran") && !scratch.exists("temporary") })
    #expect(scratch.exists("kept/file"), "a link out of the removed directory was followed")
    // The guard itself is gone as well: its arguments are the only ones of that form below our probe's path.
    let path = try #require(Checkout.program("guardprobe"))
    #expect(await eventually { processes(holding: "\(path)\u{0}\(ProcessGuard.guardArgument)").isEmpty })
  }

  /// Killed at random moments of start-up, before and while children are started.
  @Test(.timeLimit(.minutes(2)), arguments: [2, 8, 14, 20, 26, 32, 40, 55, 75, 100])
  func `killed at any moment`(milliseconds: Int) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let word = number()
    let script = "sleep \(word) & sleep \(word)"
    let (probe, input) = try launchProbe(["--shell", script, "--shell", script, "--shell", script], output: scratch.file("output"))
    defer { input.fileHandleForWriting.closeFile() }
    try await Task.sleep(for: .milliseconds(milliseconds))
    kill(probe.processIdentifier, SIGKILL)
    probe.waitUntilExit()
    #expect(await eventually { processes(holding: word).isEmpty })
  }

  @Test(.timeLimit(.minutes(1)))
  func `orderly end ends children and keeps paths of nobody`() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let word = number()
    let (probe, input) = try launchProbe(["--shell", "sleep \(word) & sleep \(word)"], output: scratch.file("output"))
    #expect(await eventually { scratch.text("output")?.contains("ready") == true && !processes(holding: word).isEmpty })
    input.fileHandleForWriting.closeFile()
    #expect(await eventually { !probe.isRunning })
    #expect(scratch.text("output")?.contains("done") == true)
    #expect(probe.terminationStatus == 0)
    #expect(processes(holding: word).isEmpty)
  }

  /// A guard that was killed is started again, with everything it has to know.
  @Test(.timeLimit(.minutes(1)))
  func `killed guard is replaced`() async throws {
    let probe = try #require(Checkout.program("guardprobe"), "guardprobe is not built")
    let scratch = try Scratch()
    defer { scratch.remove() }
    let link = GuardLink(executable: probe, arguments: [ProcessGuard.guardArgument])
    try await link.send(.path(id: 1, scratch.file("a")))
    let first = try #require(await link.guardPID)
    kill(first, SIGKILL)
    #expect(await eventually { ProcessTable.entry(first)?.isZombie ?? true })
    try await link.send(.path(id: 2, scratch.file("b")))
    let second = try #require(await link.guardPID)
    #expect(second != first)
    try Data("a".utf8).write(to: URL(fileURLWithPath: scratch.file("a")))
    try Data("b".utf8).write(to: URL(fileURLWithPath: scratch.file("b")))
    await link.disconnect()
    #expect(await eventually { !scratch.exists("a") && !scratch.exists("b") })
  }
}
