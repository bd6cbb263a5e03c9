import Contracts
import Events
import MediaSync
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct LogFollowerTests {
  static let contract = Contract(
    name: "test", summary: "",
    logTemplates: [
      LogTemplate(happening: "speech-connected", pattern: "Socket.IO connected"),
      LogTemplate(happening: "speech-disconnected", pattern: "Socket.IO disconnected"),
    ], logFormat: .pythonLogging)

  private func follow(
    _ scratch: Scratch, start: LogStart = .beginning, contract: Contract? = nil, _ body: (Collector, LogFollower) async throws -> Void
  ) async throws {
    let collector = Collector()
    let follower = LogFollower(
      service: "worker", path: scratch.file("log"), start: start, contract: contract, clock: realClock(), interval: 0.01)
    try await running(follower, collector) { try await body(collector, follower) }
    scratch.remove()
  }

  @Test(.timeLimit(.minutes(1)))
  func `waits for the file and reads pieces as lines`() async throws {
    let scratch = try Scratch()
    try await follow(scratch, start: .end) { collector, _ in
      #expect(await eventually { collector.reasons == ["no such file yet"] })
      // A file that appears later is read from its beginning, whatever the start.
      try scratch.append("log", "one\r\ntw")
      #expect(await eventually { collector.lines == ["one"] })
      #expect(collector.standings.last == .reading)
      try scratch.append("log", [0x6F, 0x0A, 0xC3])
      #expect(await eventually { collector.lines == ["one", "two"] })
      try scratch.append("log", [0xA9, 0xFF, 0x00, 0x0A])
      #expect(await eventually { collector.lines == ["one", "two", "é\u{FFFD}\0"] })
    }
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (LogStart.beginning, ["a", "bb", "ccc", "new"]), (.end, ["new"]), (.last(bytes: 4), ["ccc", "new"]),
      (.last(bytes: 5), ["ccc", "new"]),
      (.last(bytes: 0), ["new"]), (.last(bytes: 1000), ["a", "bb", "ccc", "new"]), (.last(bytes: -1), ["new"]),
    ])
  func `begins where asked`(start: LogStart, expected: [String]) async throws {
    let scratch = try Scratch()
    try scratch.write("log", "a\nbb\nccc\n")
    try await follow(scratch, start: start) { collector, _ in
      #expect(await eventually { collector.standings == [.reading] })
      try scratch.append("log", "new\n")
      #expect(await eventually { collector.lines.last == "new" })
      #expect(collector.lines == expected)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `survives truncation`() async throws {
    let scratch = try Scratch()
    try scratch.write("log", "one\ntwo\nhalf")
    try await follow(scratch) { collector, _ in
      #expect(await eventually { collector.lines == ["one", "two"] })
      try scratch.truncate("log")
      #expect(await eventually { collector.lines == ["one", "two", "half"] })
      try scratch.append("log", "three\n")
      #expect(await eventually { collector.lines.last == "three" })
      // Truncated and grown past the old end between two looks.
      try scratch.write("other", "")
      try scratch.truncate("log")
      try scratch.append("log", "four, longer than before\nfive\n")
      #expect(await eventually { collector.lines.suffix(2) == ["four, longer than before", "five"] })
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `survives rotation and reads the old file to its end`() async throws {
    let scratch = try Scratch()
    try scratch.write("log", "old 1\n")
    try await follow(scratch) { collector, _ in
      #expect(await eventually { collector.lines == ["old 1"] })
      try scratch.move("log", to: "log.1")
      try scratch.append("log.1", "old 2\n")
      try scratch.write("log", "new 1\nnew 2\n")
      #expect(await eventually { collector.lines.count == 4 })
      #expect(collector.lines == ["old 1", "old 2", "new 1", "new 2"])
      try scratch.delete("log")
      #expect(await eventually { collector.reasons.last == "removed; waiting for a new file" })
      try scratch.write("log", "born again\n")
      #expect(await eventually { collector.lines.last == "born again" })
      #expect(await eventually { collector.standings.last == .reading })
    }
  }

  /// Who rotates renames first; the service goes on in the old file until it opens the new one.
  @Test(.timeLimit(.minutes(1)))
  func `reads what is written to the old file after its rename`() async throws {
    let scratch = try Scratch()
    try scratch.write("log", "old 1\n")
    try await follow(scratch) { collector, _ in
      #expect(await eventually { collector.lines == ["old 1"] })
      try scratch.move("log", to: "log.1")
      // The new file is there, empty, for as long as it pleases.
      try scratch.write("log", "")
      for index in 2...6 {
        try scratch.append("log.1", "old \(index)\n")
        #expect(await eventually { collector.lines.last == "old \(index)" })
      }
      try scratch.append("log", "new 1\n")
      try scratch.append("log.1", "old 7\nold 8\n")
      #expect(await eventually { collector.lines.count >= 9 })
      #expect(collector.lines == (1...8).map { "old \($0)" } + ["new 1"])
      // A writer that never lets go of the old file does not hide the new one.
      try scratch.move("log", to: "log.2")
      try scratch.write("log", "newest\n")
      #expect(
        try await eventually {
          if !collector.lines.contains("newest") { try scratch.append("log.2", "new\n") }
          return collector.lines.contains("newest")
        })
      #expect(collector.lines.count { $0 == "newest" } == 1)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `bounds a long line`() async throws {
    let scratch = try Scratch()
    try await follow(scratch) { collector, _ in
      let mebibyte = [UInt8](repeating: 0x61, count: 1024 * 1024)
      for _ in 0..<3 { try scratch.append("log", mebibyte) }
      try scratch.append("log", "\nnext\n")
      #expect(await eventually { collector.lines.last == "next" })
      #expect(collector.lines.count == 2)
      #expect(collector.lines.first?.hasSuffix("… [2097152 bytes more dropped: the line is over 1048576 bytes]") == true)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `reads a burst in bounded batches`() async throws {
    let scratch = try Scratch()
    let lines = (0..<50_000).map { "line \($0)" }
    try await follow(scratch) { collector, _ in
      try scratch.append("log", lines.joined(separator: "\n") + "\n")
      #expect(await eventually(within: 40) { collector.lines.count == lines.count })
      #expect(collector.lines == lines)
      for case .logLines(let batch) in collector.events { #expect(batch.count <= LogReader.batchLimit) }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `tells happenings in order and afterwards when the contract comes late`() async throws {
    let scratch = try Scratch()
    let prefix = "2026-01-01 00:00:00,000 - media_service.sts.socketio_client - INFO - Socket.IO "
    try scratch.write("log", "\(prefix)connected\nother\n")
    try await follow(scratch) { collector, follower in
      #expect(await eventually { collector.lines.count == 2 })
      #expect(collector.happenings.isEmpty)
      await follower.use(Self.contract)
      #expect(await eventually { collector.happenings.map(\.kind) == [.speechConnected] })
      try scratch.append("log", "\(prefix)disconnected\n\(prefix)connected\n")
      #expect(await eventually { collector.happenings.count == 3 })
      #expect(collector.happenings.last?.kind == .speechConnected)
    }
  }

  /// The late ones are older than what is read next, in whichever turn it is read.
  @Test func `late happenings come before newer ones`() {
    let prefix = "2026-01-01 00:00:00,000 - media_service.sts.socketio_client - INFO - Socket.IO "
    var reader = LogReader(id: SourceID(.log, "w"), contract: nil, hostUTCOffsetSeconds: 0)
    func words(_ events: [RunEvent]) -> [String] {
      events.map { event in
        switch event {
        case .logLines(let lines): "\(lines.count) lines"
        case .happening(let happening): "\(happening.kind)"
        default: "?"
        }
      }
    }
    #expect(words(reader.read(["\(prefix)connected", "other"])) == ["2 lines"])
    #expect(!reader.isBehind)
    reader.use(Self.contract)
    #expect(reader.isBehind)
    let told = words(reader.read(["\(prefix)disconnected", "other"]))
    #expect(told.count == 4 && told[0].contains("Connected") && told[1] == "1 lines" && told[2].contains("Disconnected"), "\(told)")
    #expect(!reader.isBehind && reader.read([]).isEmpty)
    // Found out anew: nothing is told twice.
    reader.use(Self.contract)
    #expect(!reader.isBehind)
  }

  /// The command has ended, and is not run again for a while.
  @Test(.timeLimit(.minutes(1))) func `a command between two runs tells what is late`() async throws {
    let processGuard = ProcessGuard(executable: nil)
    let collector = Collector()
    let line = "2026-01-01 00:00:00,000 - media_service.sts.socketio_client - INFO - Socket.IO connected"
    let follower = LogCommandFollower(
      service: "w", command: "echo '\(line)'", contract: nil, clock: StandingClock(), processGuard: processGuard, random: { 1 })
    await running(follower, collector) {
      #expect(await eventually { !collector.reasons.isEmpty })
      #expect(collector.lines == [line] && collector.happenings.isEmpty)
      await follower.use(Self.contract)
      #expect(await eventually { collector.happenings.map(\.kind) == [.speechConnected] })
    }
    await processGuard.shutdown(grace: 0.2)
  }

  @Test(.timeLimit(.minutes(1)))
  func `refuses what is no file`() async throws {
    let scratch = try Scratch()
    try scratch.write("x", "")
    let collector = Collector()
    let follower = LogFollower(service: "w", path: scratch.path, contract: nil, clock: realClock(), interval: 0.01)
    await running(follower, collector) { #expect(await eventually { collector.reasons == ["not a regular file"] }) }
    scratch.remove()
  }

  @Test(.timeLimit(.minutes(1)))
  func `command is merged restarted and ended`() async throws {
    let collector = Collector()
    let processGuard = ProcessGuard(executable: nil)
    let scratch = try Scratch()
    let follower = LogCommandFollower(
      service: "w", command: "echo $$ >> \(scratch.file("pids")); echo out $$; echo err $$ >&2; exit 3", contract: nil, clock: realClock(),
      processGuard: processGuard, random: { 0 })
    await running(follower, collector) {
      #expect(await eventually { collector.lines.count { $0.hasPrefix("out") } >= 2 && collector.lines.count { $0.hasPrefix("err") } >= 2 })
    }
    #expect(collector.reasons.first?.hasPrefix("the command ended with status 3: err ") == true)
    let endless = LogCommandFollower(
      service: "w", command: "while :; do echo up; sleep 0.05; done", contract: nil, clock: realClock(), processGuard: processGuard,
      grace: 0.3)
    let start = Collector()
    await running(endless, start) { #expect(await eventually { start.lines.contains("up") }) }
    let count = start.lines.count
    await processGuard.shutdown(grace: 0.2)
    #expect(start.lines.count == count)
    scratch.remove()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a command that prints its past again is not told twice`() async throws {
    let collector = Collector()
    let processGuard = ProcessGuard(executable: nil)
    let scratch = try Scratch()
    let runs = scratch.file("runs")
    // Each run prints one line more than the run before, as a log that grows while its reader is away.
    let follower = LogCommandFollower(
      service: "w", command: "echo x >> \(runs); seq $(wc -l < \(runs)); echo same >&2", contract: nil, clock: realClock(),
      processGuard: processGuard, random: { 0 })
    await running(follower, collector) { #expect(await eventually { collector.lines.contains("3") }) }
    #expect(collector.lines.filter { $0 != "same" }.prefix(3) == ["1", "2", "3"])
    await processGuard.shutdown(grace: 0.2)
    scratch.remove()
  }
}
