import Events
import Judging
import MCAP
import PrometheusText
import Recording
import RuleSupport
import RunModel
import TestSupport
import Testing
import WireFormats

/// Every history, recorded, read back and judged again.
@Suite struct RecordedRunTests {
  /// The events of a history with its decisions, in order.
  static func events(_ run: FakeRun) -> [EventEnvelope] { run.record().flatMap { [$0.arrival] + $0.decisions } }

  /// A recording of events, and where it could be read to after each flush.
  static func recording(
    _ events: [EventEnvelope], flushEvery seconds: Double = 1, isFinished: Bool = true
  ) throws -> (bytes: [UInt8], flushes: [(offset: Int, events: Int)]) {
    var writer = RecordingWriter(RecordingHead())
    var bytes: [UInt8] = []
    var flushes: [(Int, Int)] = []
    var flushedAt = 0.0
    for (index, event) in events.enumerated() {
      try writer.add(event)
      guard event.instant.seconds - flushedAt >= seconds else { continue }
      flushedAt = event.instant.seconds
      try writer.flush()
      bytes += writer.take()
      flushes.append((bytes.count, index + 1))
    }
    if isFinished { try writer.finish(isWhole: true) } else { try writer.flush() }
    bytes += writer.take()
    flushes.append((bytes.count, events.count))
    #expect(writer.unwritten == 0)
    return (bytes, flushes)
  }

  static func readBack(_ bytes: [UInt8]) throws -> (events: [EventEnvelope], reader: RecordedEvents) {
    var reader = try RecordedEvents(MCAPBytes(bytes))
    var events: [EventEnvelope] = []
    while let event = try reader.next() { events.append(event) }
    return (events, reader)
  }

  /// An event as text that shows each of its bits.
  static func text(_ envelope: EventEnvelope) throws -> String {
    let head = "#\(envelope.number) \(envelope.instant.nanoseconds) \(envelope.wall.epochSeconds.bitPattern) \(envelope.source)"
    guard case .sample(.metrics(let sample)) = envelope.event else {
      return head + (try JSONValue(encoding: envelope.event).jsonText)
    }
    let values = sample.scrape.values.map { String($0.bitPattern, radix: 16) }.joined(separator: ",")
    let keys = sample.scrape.layout.series.map(\.description).joined(separator: ",")
    let signals = sample.signals.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    return "\(head) \(sample.service) \(keys) \(values) \(sample.scrape.timestamps) \(signals) \(sample.summed) "
      + "\(sample.latencyMilliseconds.bitPattern) \(sample.byteCount) \(sample.resetSignals) \(sample.restartEvidence ?? "-") "
      + "\(sample.processStart?.epochSeconds.description ?? "-")"
  }

  @Test(arguments: Histories.all.map(\.name)) func `a recorded history is read back bit by bit`(name: String) throws {
    let run = try #require(Histories.all.first { $0.name == name }?.run)
    let events = Self.events(run)
    let (bytes, _) = try Self.recording(events)
    let (read, reader) = try Self.readBack(bytes)
    #expect(read.count == events.count)
    for (old, new) in zip(events, read) { #expect(try Self.text(old) == Self.text(new)) }
    #expect(reader.losses.isNone)
    #expect(reader.isComplete)
    #expect(reader.verdict?.isWhole == true)
  }

  @Test(arguments: Histories.all.map(\.name)) func `a recording judged again has the verdict it had live`(name: String) throws {
    let run = try #require(Histories.all.first { $0.name == name }?.run)
    let steps = run.record()
    let live = run.play()
    let (bytes, _) = try Self.recording(steps.flatMap { [$0.arrival] + $0.decisions })
    let judged = try RecordingJudgement(MCAPBytes(bytes), try JudgeChanges([]))
    #expect(judged.agrees == true)
    #expect(judged.losses.isNone)
    #expect(judged.state.verdict.entries == live.verdict.entries)
    #expect(try judged.decisions.map(Self.text) == steps.flatMap(\.decisions).map(Self.text))
    #expect(judged.recorded?.outcome == live.verdict.outcome)
    #expect(judged.recorded?.counts == live.verdict.counts)
  }

  @Test func `the state at any event of a recording is the one that was live`() async throws {
    for (_, run) in Histories.all {
      let events = Self.events(run)
      let (bytes, _) = try Self.recording(events)
      let history = try RecordedHistory(MCAPBytes(bytes))
      var random = SplitMix(seed: 17)
      let picked = Set((0..<20).map { _ in events[Int.random(in: 0..<events.count, using: &random)].number })
      var state = RunState()
      for event in events {
        state.apply(event)
        guard picked.contains(event.number) else { continue }
        let replayed = try await history.state(after: event.number)
        #expect(try JSONValue(encoding: replayed.rows.map(\.self)) == JSONValue(encoding: state.rows.map(\.self)))
        #expect(replayed.verdict.entries == state.verdict.entries)
        #expect(replayed.alarms.map(\.text) == state.alarms.map(\.text))
        #expect(replayed.now == state.now && replayed.eventCount == state.eventCount)
      }
    }
  }

  @Test func `every 512 bytes of a recording open and show exactly the events of its whole chunks`() throws {
    for (_, run) in Histories.all.prefix(3) {
      let events = Self.events(run)
      let (bytes, flushes) = try Self.recording(events, flushEvery: 3)
      let texts = try events.map(Self.text)
      let numbers = events.map(\.number)
      for cut in stride(from: 1024, to: bytes.count, by: 512) {
        let (read, reader) = try Self.readBack(Array(bytes[..<cut]))
        let known = read.count
        // Chunks end before the verdict that follows some of them.
        let least = flushes.last { $0.offset <= cut }?.events ?? 0
        let most = flushes.first { $0.offset > cut }?.events ?? events.count
        #expect(known == least || known == most, "cut at \(cut): \(known) of \(least) or \(most)")
        #expect(read.map(\.number) == Array(numbers[..<known]))
        // Those before stood in the cut before this one.
        #expect(try read.suffix(80).map(Self.text) == Array(texts[..<known].suffix(80)))
        #expect(!reader.isComplete)
        #expect(reader.losses.events == 0)
      }
    }
  }

  @Test func `2000 flipped bits give no wrong event, and what they cost is said`() throws {
    // Six seconds of it: each flip reads all.
    let events = Self.events(Histories.breaker).filter { $0.instant.seconds < 6 }
    let (bytes, _) = try Self.recording(events)
    let texts = Dictionary(uniqueKeysWithValues: try events.map { ($0.number, try Self.text($0)) })
    var random = SplitMix(seed: 2000)
    for _ in 0..<Breadth.of(2000) {
      var broken = bytes
      let place = Int.random(in: 0..<broken.count, using: &random)
      broken[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let read: [EventEnvelope]
      let reader: RecordedEvents
      do { (read, reader) = try Self.readBack(broken) } catch {
        // The one thing that has no second copy: what the recording is.
        #expect(place < 1200, "byte \(place)")
        continue
      }
      #expect(read.count >= events.count / 2)
      for event in read { #expect(texts[event.number] == (try Self.text(event)), "byte \(place)") }
      #expect(read.count == events.count || !reader.losses.isNone, "byte \(place)")
    }
  }

  @Test func `a recording of which something is missing is no pass`() throws {
    let events = Self.events(Histories.clean)
    let (bytes, flushes) = try Self.recording(events)
    #expect(flushes.count > 20)
    var broken = bytes
    // In the middle of the file, inside a chunk.
    let place = flushes[20].offset - 40
    broken[place] ^= 0xFF
    let judged = try RecordingJudgement(MCAPBytes(broken), try JudgeChanges([]))
    #expect(judged.losses.events > 0)
    #expect(judged.losses.sentence != nil)
  }

  @Test func `changed numbers are judged`() throws {
    let (bytes, _) = try Self.recording(Self.events(Histories.breaker))
    let source = MCAPBytes(bytes)
    let before = try RecordingJudgement(source, try JudgeChanges([]))
    let after = try RecordingJudgement(source, try JudgeChanges(["cooldown_s=55"]))
    #expect(before.state.verdict.counts.violated == 0)
    #expect(after.state.verdict.counts.violated > 0)
    #expect(after.agrees == false)
  }

  /// A recording without log texts, or with some of them masked.
  private static func recording(
    _ run: FakeRun, lacksLogs: Bool, mask: @escaping @Sendable (String) -> String = { $0 }
  ) throws -> MCAPBytes {
    var head = RecordingHead()
    head.lacksLogs = lacksLogs
    var writer = RecordingWriter(head, mask: mask)
    for event in events(run) { try writer.add(event) }
    try writer.finish(isWhole: true)
    return MCAPBytes(writer.take())
  }

  @Test func `a rule that reads texts knows nothing where they were left out or masked`() throws {
    var run = Histories.clean
    run.say(20, "error", "known trouble with token=abc")
    run.expectations = [Expectation(id: "quiet", rule: .logsQuiet(above: .warning, allowed: ["token=abc"], services: []))]
    #expect(run.play().verdict.counts.met == 1)
    for source in [
      try Self.recording(run, lacksLogs: true), try Self.recording(run, lacksLogs: false) { $0.replacing("abc", with: "***") },
    ] {
      let judged = try RecordingJudgement(source, try JudgeChanges([]))
      #expect(judged.state.verdict.counts.unobservable == 1)
      #expect(judged.state.verdict.entries[0].verdict.reason.contains("log texts were left out or masked"))
    }
    // Where no text is asked for none is missed: loud is loud.
    run.expectations = [Expectation(id: "quiet", rule: .logsQuiet(above: .warning, allowed: [], services: []))]
    let judged = try RecordingJudgement(try Self.recording(run, lacksLogs: true), try JudgeChanges([]))
    #expect(judged.state.verdict.counts.violated == 1)
    #expect(judged.state.verdict.entries[0].verdict.evidence.contains { $0.text.contains("its text was left out") })
  }

  @Test func `a count of free words knows nothing where they were left out`() throws {
    var worker = FakeWorker()
    worker.begin()
    worker.flows(until: 40)
    worker.lost(12)
    var run = worker.run
    let rule = RuleDocument.events(EventPattern(.speechDisconnected, detail: "transport close"), .atMost, 0)
    run.expectations = [Expectation(id: "lost", rule: rule)]
    #expect(run.play().verdict.counts.violated == 1)
    let judged = try RecordingJudgement(try Self.recording(run, lacksLogs: true), try JudgeChanges([]))
    #expect(judged.state.verdict.counts.unobservable == 1)
  }

  @Test func `lines without their texts are not matched again`() async throws {
    let source = try Self.recording(Histories.clean, lacksLogs: true)
    let history = try RecordedHistory(source)
    try await history.readAll()
    var state = await history.end
    let before = try #require(state.logs["media-service"]?.map(\.value))
    #expect(before.contains { $0.isMatched })
    let again = Happening(.logReadAgain(LogReading(contract: "spec-018", lines: 3, dropped: 0)), service: "media-service", provenance: .own)
    state.apply(
      EventEnvelope(
        sequence: state.newest.sequence + 1, instant: state.now, wall: WallTime(epochSeconds: FakeRun.start), source: .harness,
        event: .happening(again)))
    #expect(state.logs["media-service"]?.map(\.value) == before)
  }

  @Test func `the lines of a recording are all of its rows, however many a state keeps`() throws {
    let events = Self.events(Histories.breaker)
    let (bytes, _) = try Self.recording(events)
    var live: [EventRow] = []
    var state = RunState()
    for event in events {
      let before = state.rows.total
      state.apply(event)
      live += state.rows.suffix(state.rows.total - before)
    }
    var rows = try RecordedRows(MCAPBytes(bytes))
    var read: [EventRow] = []
    while let batch = try rows.next() { read += batch.rows }
    #expect(read == live)
    #expect(rows.losses.isNone)
    let middle = RunInstant(seconds: 40)
    var late = try RecordedRows(MCAPBytes(bytes), from: middle)
    var rest: [EventRow] = []
    while let batch = try late.next() { rest += batch.rows }
    #expect(!rest.isEmpty && rest.count < live.count)
    #expect(rest == Array(live.suffix(rest.count)))
  }

  @Test func `a recording without log texts has none`() throws {
    let events = Self.events(Histories.clean)
    var head = RecordingHead()
    head.lacksLogs = true
    var writer = RecordingWriter(head)
    for event in events { try writer.add(event) }
    try writer.finish(isWhole: true)
    let (read, reader) = try Self.readBack(writer.take())
    #expect(read.count == events.count)
    #expect(reader.head.lacksLogs)
    for event in read {
      switch event.event {
      case .logLines(let lines): #expect(lines.allSatisfy { $0.text.isEmpty })
      case .happening(let happening): #expect(happening.line == nil)
      default: continue
      }
    }
  }

  @Test func `secrets are masked before they are written`() throws {
    let line = LogLine(service: "media-service", text: "pull rtsp://user:hunter2@host/x", level: .info)
    let event = EventEnvelope(
      sequence: 0, instant: RunInstant(seconds: 1), wall: WallTime(epochSeconds: 1_700_000_000), source: SourceID(.log, "media-service"),
      event: .logLines([line]))
    var writer = RecordingWriter(RecordingHead()) { $0.replacing("hunter2", with: "***") }
    try writer.add(event)
    try writer.finish(isWhole: true)
    let (read, _) = try Self.readBack(writer.take())
    guard case .logLines(let lines)? = read.first?.event else { Issue.record("no lines"); return }
    #expect(lines.map(\.text) == ["pull rtsp://user:***@host/x"])
  }
}
