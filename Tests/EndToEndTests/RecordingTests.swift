import Foundation
import TestSupport
import Testing

/// Recordings of the real binary. One after the other: each has demos that keep all cores busy.
@Suite(.serialized) struct RecordingTests {
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

  /// Five at a time, so that all cores are busy.
  @Test(.timeLimit(.minutes(6))) func `fifty demos that are killed at any moment leave what they had printed`() async throws {
    let scratch = try Scratch()
    var random = SplitMix(seed: 50)
    var lengths: Set<Int> = []
    for batch in 0..<10 {
      let demos = try (0..<5).map { index in
        let name = "\(batch)-\(index).mcap"
        let words = [dubwatchPath, "demo", "everything", "--speed", "5", "--plain", "--record", scratch.file(name)]
        return (name: name, size: Int.random(in: 4000..<40_000, using: &random), child: try ChildProgram(words))
      }
      try await waitUntil("recordings that grow", within: 60) {
        for demo in demos where scratch.bytes(demo.name).count > demo.size { demo.child.send(SIGKILL) }
        return demos.allSatisfy { $0.child.status != nil }
      }
      for demo in demos {
        #expect(try await demo.child.exitStatus(within: 1) == 128 + SIGKILL)
        let replayed = await (try ChildProgram(dubwatchPath, ["replay", "--plain", scratch.file(demo.name)])).result(within: 60)
        #expect(replayed.status == 0, "\(replayed)")
        let rows = replayed.output.split(separator: "\n")
        let printed = demo.child.output.split(separator: "\n")
        #expect(!rows.isEmpty)
        for (row, line) in zip(rows, printed) { #expect(row == line, "\(demo.name)") }
        lengths.insert(rows.count)
      }
    }
    #expect(lengths.count > 3)
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
    // What the demo came to is said at its end, and is no row of it.
    let (rows, sum) = (demo.output.split(separator: "\n").dropLast(), demo.output.split(separator: "\n").last ?? "")
    #expect(sum.hasPrefix("everything so far: "), "\(sum)")
    let live = rows.map(String.init)
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

  @Test func `what is kept follows the settings, and the command line goes before them`() async throws {
    let scratch = try Scratch()
    for made in ["state/dubwatch/runs", "config/dubwatch"] {
      try FileManager.default.createDirectory(atPath: scratch.file(made), withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: Checkout.fixture("recordings/format-1.mcap"), toPath: scratch.file("state/dubwatch/runs/one.mcap"))
    try scratch.write("config/dubwatch/config.yaml", "retention: {count: 0, days: 36500}\n")
    let environment = ["XDG_STATE_HOME": scratch.file("state"), "XDG_CONFIG_HOME": scratch.file("config")]
    let said = await (try ChildProgram([dubwatchPath, "runs", "prune"], environment: environment)).result(within: 30)
    #expect(said.status == 0 && said.output.contains("more than 0 recordings"), "\(said)")
    let other = await (try ChildProgram([dubwatchPath, "runs", "prune", "--count", "5"], environment: environment)).result(within: 30)
    #expect(other.status == 0 && other.output == "nothing is to be removed\n", "\(other)")
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
