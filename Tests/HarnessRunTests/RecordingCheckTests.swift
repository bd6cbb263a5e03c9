import Contracts
import Events
import Foundation
import HarnessCore
import ProcessGuard
import Recording
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import HarnessRun

@Suite struct RecordingCheckTests {
  /// The same recording whole, and without its end, in which nothing of what is judged need be.
  @Test(arguments: [(false, "passed", ExitStatus.good), (true, "inconclusive", ExitStatus.no)])
  func `a recording of which something is missing passes in no report`(_ isCut: Bool, _ outcome: String, _ status: Int32) throws {
    let scratch = try Scratch()
    let whole = try #require(FileManager.default.contents(atPath: Checkout.fixture("recordings/format-1.mcap"))).map { $0 }
    try scratch.write("run.mcap", isCut ? Array(whole.prefix(40_000)) : whole)
    let (junit, json) = (scratch.file("run.xml"), scratch.file("run.json"))
    let check = RecordingCheck(scratch.file("run.mcap"), scenario: nil, settings: [], reports: ReportFiles(junit: junit, json: json))
    #expect(try check.run() == status)
    #expect(try JSONValue.parse(scratch.bytes("run.json"))["outcome"]?.stringValue == outcome)
    #expect(try #require(scratch.text("run.xml")).contains("what is missing is not known") == isCut)
  }

  /// A live run ends with that status then.
  @Test func `a recording of a run without an environment has the status of one`() throws {
    let scratch = try Scratch()
    var writer = RecordingWriter(RecordingHead())
    let expectations = [Expectation(id: "x", title: "x", rule: RuleDocument("steps-done"))]
    let events: [RunEvent] = [
      .description(
        RunDescription(
          scenario: "a", environment: "embedded", contract: .init(name: "none", summary: ""), contractReason: "", services: [],
          startedAt: WallTime(epochSeconds: 0), expectations: expectations)),
      .happening(Happening(.environment(.failed, reason: "port 1 is taken"), service: "dubwatch", provenance: .own)),
    ]
    for (index, event) in events.enumerated() {
      try writer.add(
        EventEnvelope(
          sequence: UInt64(index), instant: RunInstant(seconds: Double(index)), wall: WallTime(epochSeconds: 0), source: .harness,
          event: event))
    }
    try writer.finish(isWhole: true)
    try scratch.write("run.mcap", writer.take())
    let check = RecordingCheck(scratch.file("run.mcap"), scenario: nil, settings: [], reports: ReportFiles(junit: nil, json: nil))
    #expect(try check.run() == ExitStatus.unavailable)
  }
}

@Suite struct RecordingOriginTests {
  private static let commit = String(repeating: "a1", count: 20)

  /// What stands in `.git` of a tree is a folder, or a file that says where that is.
  @Test(arguments: [
    ("tree", "", "tree/.git"), ("tree", "gitdir: ../modules/tree\n", "modules/tree"),
    ("tree", "gitdir: SCRATCH/elsewhere\n", "elsewhere"),
  ]) func `a commit is found from any folder of a tree`(tree: String, pointer: String, folder: String) throws {
    let scratch = try Scratch()
    for made in ["\(tree)/deep/er", "\(folder)/refs/heads"] {
      try FileManager.default.createDirectory(atPath: scratch.file(made), withIntermediateDirectories: true)
    }
    if !pointer.isEmpty { try scratch.write("\(tree)/.git", pointer.replacing("SCRATCH", with: scratch.path)) }
    try scratch.write("\(folder)/HEAD", "ref: refs/heads/main\n")
    try scratch.write("\(folder)/refs/heads/main", Self.commit + "\n")
    for place in [tree, "\(tree)/deep", "\(tree)/deep/er"] {
      #expect(GitTree.find(from: scratch.file(place)) == GitTree(commit: Self.commit, branch: "main"))
    }
    #expect(GitTree.find(from: scratch.path) == nil)
  }

  private static let git = ["/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git"].first(
    where: FileManager.default.isExecutableFile)

  @Test(.enabled(if: git != nil)) func `an edited tree is told from one that is as it was committed`() async throws {
    let scratch = try Scratch()
    let owner = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"]
    func git(_ words: String...) async throws {
      let outcome = try await withProcessGuard {
        try await CommandRunner(processGuard: $0).run(ChildRequest("git", owner + words, workingDirectory: scratch.path), seconds: 30)
      }
      #expect(outcome.isSuccess, "\(outcome.errorText)")
    }
    func edits() async -> TreeEdits { await withProcessGuard { await TreeEdits.read($0, in: scratch.path) } }
    #expect(await edits() == .notKnown)
    try scratch.write("a.txt", "one")
    try await git("init", "--quiet")
    try await git("add", "a.txt")
    try await git("commit", "--quiet", "-m", "one")
    #expect(await edits() == .no)
    // A recording beside the sources is no edit of them.
    try scratch.write("run.mcap", "x")
    #expect(await edits() == .no)
    try scratch.write("a.txt", "another")
    #expect(await edits() == .yes)
    try await git("add", "a.txt")
    #expect(await edits() == .yes)
  }

  @Test func `a commit that was named is not that of the tree, and whether it was edited is not known`() throws {
    let named = RecordingOrigin.texts(words: [], environment: ["DUBWATCH_COMMIT": Self.commit], edits: .yes)
    #expect(named["commit"] == Self.commit && named["dirty"] == "not known")
    let tree = try #require(GitTree.find(from: FileManager.default.currentDirectoryPath)?.commit)
    for edits in [TreeEdits.yes, .no, .notKnown] {
      #expect(RecordingOrigin.texts(words: [], environment: [:], edits: edits)["dirty"] == edits.rawValue)
      #expect(RecordingOrigin.texts(words: [], environment: ["GITHUB_SHA": tree], edits: edits)["dirty"] == edits.rawValue)
    }
  }
}

@Suite struct RecordingWordsTests {
  @Test func `a shell is offered recordings of the usual folder, and paths that go on`() throws {
    let scratch = try Scratch()
    let folder = scratch.file("dubwatch/runs")
    for made in ["dubwatch/runs", "here/deeper"] {
      try FileManager.default.createDirectory(atPath: scratch.file(made), withIntermediateDirectories: true)
    }
    for name in ["2026-11-26T141530Z-a-0001.mcap", "2026-11-27T141530Z-b-0002.mcap", "notes.txt"] {
      try scratch.write("dubwatch/runs/\(name)", "x")
    }
    for name in ["mine.mcap", "other.txt"] { try scratch.write("here/\(name)", "x") }
    let environment = ["XDG_STATE_HOME": scratch.path, "HOME": scratch.path]
    func offered(_ prefix: String) -> [String] { RecordingWords.completions(of: prefix, environment) }
    #expect(try RecordingWords.folder(environment).path == folder)
    #expect(offered("2026") == ["2026-11-27T141530Z-b-0002", "2026-11-26T141530Z-a-0001"])
    #expect(offered("lat").first == "latest" && offered("fai").first == "failed")
    #expect(offered(scratch.file("here/")) == [scratch.file("here/deeper/"), scratch.file("here/mine.mcap")])
    #expect(offered(scratch.file("here/m")) == [scratch.file("here/mine.mcap")])
    #expect(offered("~/here/m") == ["~/here/mine.mcap"])
    #expect(offered(scratch.file("nowhere/")).isEmpty)
    for number in 0..<300 { try scratch.write("dubwatch/runs/2025-\(number).mcap", "x") }
    #expect(offered("2025").count == RecordingWords.completionLimit)
  }
}
