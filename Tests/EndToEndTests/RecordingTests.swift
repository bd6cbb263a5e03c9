import Foundation
import TestSupport
import Testing

/// Recordings of the real binary.
@Suite struct RecordingTests {
  /// What `runs show` says, by its words.
  private func shown(_ path: String) async throws -> [String: String] {
    let result = await (try ChildProgram(dubwatchPath, ["runs", "show", path])).result(within: 30)
    #expect(result.status == 0, "\(result)")
    let rows = result.output.split(separator: "\n").compactMap { line -> (String, String)? in
      guard let gap = line.range(of: "  ") else { return nil }
      return (String(line[..<gap.lowerBound]), line[gap.upperBound...].trimmingCharacters(in: .whitespaces))
    }
    return Dictionary(rows) { first, _ in first }
  }

  @Test(.timeLimit(.minutes(3))) func `a demo that is killed leaves a recording that opens, lists and replays`() async throws {
    let scratch = try Scratch()
    let path = scratch.file("demo.mcap")
    var sizes: Set<Int> = []
    for round in 0..<5 {
      try? FileManager.default.removeItem(atPath: path)
      let child = try ChildProgram(dubwatchPath, ["demo", "circuit-breaker", "--speed", "5", "--plain", "--record", path])
      try await waitUntil("a recording that grows", within: 30) { scratch.bytes("demo.mcap").count > 20_000 * (1 + round % 3) }
      child.send(SIGKILL)
      _ = try await child.exitStatus(within: 10)
      let rows = try await shown(path)
      #expect(rows["scenario"] == "circuit-breaker")
      #expect(rows["verdict"] == "watched")
      #expect(rows["written to its end"] == "no")
      sizes.insert(scratch.bytes("demo.mcap").count)
      let frame = await (try ChildProgram(dubwatchPath, ["frame", path, "--size", "120x40"])).result(within: 30)
      #expect(frame.status == 0)
      #expect(frame.output.contains("REPLAY"))
      #expect(frame.errors.isEmpty, "\(frame.errors)")
    }
    #expect(sizes.count > 1)
  }

  @Test(.timeLimit(.minutes(2))) func `a recording that cannot be written is said, and the demo goes on`() async throws {
    let scratch = try Scratch()
    try scratch.write("file", "no folder")
    let demo = try ChildProgram(
      [dubwatchPath, "demo", "everything", "--speed", "5", "--plain"], environment: ["XDG_STATE_HOME": scratch.file("file")])
    try await waitUntil("lines", within: 30) { demo.output.split(separator: "\n").count > 5 }
    demo.end()
    #expect(demo.errors.contains("not recorded"))
    #expect(scratch.names == ["file"])
    #expect(scratch.text("file") == "no folder")
  }

  @Test(.timeLimit(.minutes(2))) func `a relative folder is one of the working folder, and a recording prints all of its rows`()
    async throws
  {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.file("here"), withIntermediateDirectories: true)
    let demo = try ChildProgram(
      [dubwatchPath, "demo", "everything", "--speed", "5", "--plain", "--record", "here/"], directory: scratch.path)
    try await waitUntil("lines", within: 60) { demo.output.split(separator: "\n").count > 15 }
    demo.end()
    _ = try await demo.exitStatus(within: 30)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.file("here"))
    let name = try #require(names.first { $0.hasSuffix(".mcap") })
    #expect(names.count == 1)
    let path = scratch.file("here/" + name)
    let live = demo.output.split(separator: "\n").map(String.init)
    let printed = await (try ChildProgram(dubwatchPath, ["replay", "--plain", path])).result(within: 30)
    let lines = printed.output.split(separator: "\n").map(String.init)
    #expect(printed.status == 0 && printed.errors.isEmpty, "\(printed)")
    // What comes while it is ended is recorded, and not printed any more.
    #expect(Array(lines.prefix(live.count)) == live)
    let late = await (try ChildProgram(dubwatchPath, ["replay", "--plain", "--at", "end", path])).result(within: 30)
    #expect(late.output.split(separator: "\n").count < lines.count, "\(late)")
    let fast = await (try ChildProgram(dubwatchPath, ["replay", "--plain", "--speed", "2", path])).result(within: 30)
    #expect(fast.status != 0 && fast.output.isEmpty && fast.errors.contains("--speed"), "\(fast)")
  }

  @Test func `a promised file is not written over, and what is no recording is refused`() async throws {
    let scratch = try Scratch()
    try scratch.write("there.mcap", "mine")
    let run = await (try ChildProgram(dubwatchPath, ["demo", "--plain", "--record", scratch.file("there.mcap")])).result(within: 30)
    #expect(run.status == 1)
    #expect(scratch.text("there.mcap") == "mine")
    for words in [["replay"], ["check"], ["frame"]] {
      let result = await (try ChildProgram(dubwatchPath, words + [scratch.file("there.mcap")])).result(within: 30)
      #expect(result.status == 1, "\(result)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result)")
      let missing = await (try ChildProgram(dubwatchPath, words + [scratch.file("nowhere.mcap")])).result(within: 30)
      #expect(missing.status == 3, "\(missing)")
    }
  }
}
