import Contracts
import Events
import Foundation
import MCAP
import RuleSupport
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Recording

@Suite struct LibraryTests {
  @Test(arguments: [
    ("circuit-breaker", 0x7F3A, "2026-11-26T141530Z-circuit-breaker-7f3a.mcap"), ("Ä/../x y", 0, "2026-11-26T141530Z-x-y-0000.mcap"),
    ("", 15, "2026-11-26T141530Z-run-000f.mcap"),
  ]) func `a name tells when and what`(label: String, mark: UInt16, name: String) {
    #expect(RunFolder.name(label, at: WallTime(epochSeconds: 1_795_702_530), mark: mark) == name)
  }

  @Test(
    arguments: [
      (["XDG_STATE_HOME": "/s", "HOME": "/h"], "/s/dubwatch/runs"), (["HOME": "/h"], "/h/.local/state/dubwatch/runs"),
      (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/dubwatch/runs"), ([:], nil),
    ] as [([String: String], String?)]) func `the folder is that of the environment`(environment: [String: String], path: String?)
  {
    #expect(RunFolder(environment)?.path == path)
  }

  @Test func `two runs of one second never share a file`() throws {
    let scratch = try Scratch("runs")
    let folder = RunFolder(scratch.file("deep/er"))
    var marks: [UInt16] = [1, 1, 1, 2]
    let time = WallTime(epochSeconds: 1_795_702_530)
    let first = try folder.newFile("a", at: time) { marks.removeFirst() }
    let second = try folder.newFile("a", at: time) { marks.removeFirst() }
    #expect(first.name != second.name)
    #expect(try folder.names().count == 2)
  }

  @Test func `a relative folder is one from where the program runs`() throws {
    let scratch = try Scratch("runs")
    // The way from here to there, as nobody can change where a process of many tests runs.
    let here = FileManager.default.currentDirectoryPath
    let up = here.split(separator: "/").map { _ in ".." }.joined(separator: "/")
    let folder = RunFolder(up + scratch.file("deep/er"))
    let file = try folder.newFile("a", at: WallTime(epochSeconds: 0)) { 1 }
    #expect(!file.name.hasPrefix("/"))
    #expect(scratch.names == ["deep"])
    #expect(try RunFolder(scratch.file("deep/er")).names().count == 1)
  }

  @Test func `drafts that a rewriting left behind are found and removed, those in work are not`() throws {
    let scratch = try Scratch("runs")
    let library = RunLibrary(RunFolder(scratch.path))
    for name in ["a.mcap.12.tmp", "a.mcap.tmp", "b.txt.12.tmp", "a.mcap.x.tmp"] { try scratch.write(name, "x") }
    let inWork = try RecordingFile(creating: scratch.file("b.mcap.13.tmp"))
    #expect(try library.folder.drafts() == ["a.mcap.12.tmp"])
    try library.removeDrafts()
    #expect(scratch.names == ["a.mcap.tmp", "a.mcap.x.tmp", "b.mcap.13.tmp", "b.txt.12.tmp"])
    withExtendedLifetime(inWork) {}
  }

  /// A recording in a folder, as a run of that verdict leaves it.
  private func record(_ folder: RunFolder, _ scenario: String, _ standing: Verdict.Standing?, mark: UInt16, isFinished: Bool = true) throws
    -> String
  {
    let file = try folder.newFile(scenario, at: WallTime(epochSeconds: 1_795_702_530 + Double(mark))) { mark }
    var head = RecordingHead()
    head.origin = ["commit": "abc"]
    var writer = RecordingWriter(head)
    let expectation = Expectation(id: "x", title: "x", rule: RuleDocument("steps-done"))
    let description = RunDescription(
      scenario: scenario, environment: "embedded", contract: .init(name: "none", summary: ""), contractReason: "", services: [],
      startedAt: WallTime(epochSeconds: 1_795_702_530), expectations: standing == nil ? [] : [expectation])
    func add(_ index: UInt64, _ event: RunEvent, part: UInt32 = 0) throws {
      try writer.add(
        EventEnvelope(
          number: EventNumber(index, part: part), instant: RunInstant(seconds: Double(index)),
          wall: WallTime(epochSeconds: 1_795_702_530 + Double(index)), source: .harness, event: event))
    }
    try add(0, .description(description))
    for index in 1...50 { try add(UInt64(index), .tick) }
    if let standing {
      var verdict = Verdict.open
      verdict.standing = standing
      try add(50, .verdict(VerdictChange(index: 0, expectation: "x", verdict: verdict)), part: 1)
    }
    if isFinished { try writer.finish(isWhole: true) } else { try writer.flush() }
    try file.write(writer.take())
    return file.name
  }

  @Test func `a listing says how each run ended, also of one that was cut short`() throws {
    let scratch = try Scratch("runs")
    let folder = RunFolder(scratch.path)
    _ = try record(folder, "a", .met, mark: 1)
    _ = try record(folder, "b", .violated, mark: 2)
    _ = try record(folder, "c", nil, mark: 3)
    _ = try record(folder, "d", .pending, mark: 4, isFinished: false)
    _ = try record(folder, "e", .violated, mark: 5, isFinished: false)
    _ = try record(folder, "f", .met, mark: 0, isFinished: false)
    try scratch.write("2026-11-26T141530Z-x-0000.mcap", "rubbish")
    let library = RunLibrary(folder)
    let all = try library.recordings()
    let words = Dictionary(all.map { ($0.head?.scenario ?? "-", $0.verdictWord) }) { first, _ in first }
    #expect(words == ["a": "passed", "b": "failed", "c": "watched", "d": "cut short", "e": "failed", "f": "cut short", "-": "not known"])
    #expect(all.first { $0.head == nil }?.trouble != nil)
    #expect(try library.recordings().filter(RunLibrary.Filter(verdict: "failed").takes).count == 2)
    #expect(try library.path(of: "failed").contains("-e-"))
    #expect(try library.path(of: "a").contains("-a-"))
    #expect(throws: Problem.self) { try library.path(of: "2026") }
    #expect(throws: Problem.self) { try library.path(of: "nothing") }
  }

  @Test func `what is pinned or the only failure of its scenario stays`() throws {
    let scratch = try Scratch("runs")
    let folder = RunFolder(scratch.path)
    for mark in 1...6 { _ = try record(folder, "a", .met, mark: UInt16(mark)) }
    _ = try record(folder, "b", .violated, mark: 7)
    let pinned = try record(folder, "c", .met, mark: 8)
    try RunLibrary.pin(pinned, true)
    let all = try RunLibrary(folder).recordings()
    // By when the runs were, not by when their files were written, which is now.
    let later = WallTime(epochSeconds: 1_795_702_530 + 100 * 86_400)
    let old = Retention().leaving(all, now: later)
    #expect(old.count == 6)
    #expect(old.allSatisfy { $0.recording.head?.scenario == "a" })
    let many = Retention(days: 1000, count: 5, bytes: .max).leaving(all, now: later)
    #expect(many.count == 3)
    #expect(many.map(\.recording.name) == all.suffix(3).reversed().map(\.name))
    #expect(Retention().leaving(all, now: WallTime(epochSeconds: 0)).isEmpty)
  }

  @Test(
    arguments: [
      ("52", .time(RunInstant(seconds: 52))), ("00:52.5", .time(RunInstant(seconds: 52.5))), ("1:00:01", .time(RunInstant(seconds: 3601))),
      ("#4711", .event(EventNumber(4711))), ("#4711.1", .event(EventNumber(4711, part: 1))), ("violation", .violation), ("end", .end),
      ("", nil), ("1:75", nil), ("-3", nil), ("#x", nil), ("nan", nil), ("1:2:3:4", nil), ("0x10", nil),
    ] as [(String, RecordedPlace?)]) func `places are read`(text: String, place: RecordedPlace?)
  {
    #expect(RecordedPlace(text) == place)
  }

  @Test(arguments: [
    ("sync_share=1.5", "sync_share must be 0 to 1, but is 1.5"), ("cooldown_s=-1", "breaker_cooldown_s must be 0 to 86400"),
    ("segment_s=0", "segment_s must be 0.1 to 3600"), ("max_inflight=0", "max_inflight must be 1 to 1000"),
  ]) func `a limit outside what contracts may say is refused with their sentence`(text: String, sentence: String) {
    #expect {
      _ = try JudgeChanges([text])
    } throws: { error in
      guard let problem = error as? Problem else { return false }
      return problem.code == .usage && problem.sentence.contains(sentence)
    }
  }

  /// What is judged once a number was changed.
  private func changed(_ text: String, _ rule: RuleDocument) throws -> RunDescription {
    try JudgeChanges([text]).changed(
      RunDescription(
        scenario: "a", environment: "", contract: .init(name: "none", summary: ""), contractReason: "", services: [],
        startedAt: WallTime(epochSeconds: 0), expectations: [Expectation(id: "x", title: "x", rule: rule)]))
  }

  @Test func `a name that a rule and the contract have changes both, and one that no rule judged has is refused`() throws {
    let opens = try changed("failures=4", .breakerOpens(failures: 5))
    #expect(opens.expectations[0].rule.values["failures"] == .number(4))
    #expect(opens.contract.thresholds.breakerFailures == 4)
    let sync = RuleDocument.sync(.timestamps, thresholdMilliseconds: 120, share: 0.95, segments: 2)
    let share = try changed("share=0.5", sync)
    #expect(share.expectations[0].rule.values["share"] == .number(0.5))
    #expect(share.contract.thresholds.syncShare == 0.5)
    // The limit alone, by its whole name.
    #expect(try changed("sync_share=0.5", sync).expectations[0].rule.values["share"] == .number(0.95))
    #expect { try changed("segments=3", RuleDocument("steps-done")) } throws: { ($0 as? Problem)?.code == .usage }
  }

  @Test(arguments: ["cooldown_s", "cooldown_s=", "cooldown_s=x", "cooldown=25", "=1", "max_inflight=2.5", "segment_s=inf"])
  func `what is no change is refused`(text: String) {
    #expect(throws: Problem.self) { try JudgeChanges([text]) }
  }

  @Test(arguments: [
    "/happenings", "/logs/media-service", "/scrapes/a/b", "/ticks",
  ]) func `channels have topics`(name: String) {
    #expect(RecordingTopic.named(name) != nil)
    #expect(RecordingTopic.named(name + "x") == nil || name.dropFirst().contains("/"))
    #expect(RecordingTopic.named("/logs/") == nil)
  }
}
