import Contracts
import Events
import Recording
import RunModel
import Statistics
import TestSupport
import Testing
import WireFormats

@testable import Triage

@Suite struct SteadinessTests {
  /// Runs a second apart: p passed, f failed, i inconclusive, e never came up, u ended before its verdict.
  private func runs(_ letters: String, _ commit: String? = "c0ffee", from second: Double = 0) -> [RunRecord] {
    let outcomes: [Character: RunOutcome] = ["p": .passed, "f": .failed, "i": .inconclusive, "e": .environment, "u": .unfinished]
    return letters.enumerated().map { index, letter in
      RunRecord(
        path: "\(index).mcap", scenario: "s", commit: commit, start: WallTime(epochSeconds: second + Double(index)),
        outcome: outcomes[letter] ?? .unfinished)
    }
  }

  private func word(_ runs: [RunRecord]) -> String { ScenarioHistory("s", runs, excluding: 0.05).steadiness.word }

  @Test(arguments: [
    ("fff", "broken"), ("ff", "insufficient data"), ("f", "insufficient data"), ("p", "insufficient data"), ("pppp", "insufficient data"),
    ("ppppp", "stable so far"), ("pppppppppppppppppppp", "stable so far"), ("pf", "flaky"), ("ppppppppppppf", "flaky"),
    ("fffffffffp", "broken"), ("eee", "environment"), ("eeep", "insufficient data"), ("iiiiiii", "insufficient data"),
    ("uuuu", "insufficient data"), ("", "insufficient data"), ("eeeeppppp", "stable so far"), ("fffiiiiiiiiii", "broken"),
  ])
  func `runs of one commit say no more than they show`(_ letters: String, _ expected: String) { #expect(word(runs(letters)) == expected) }

  @Test func `twenty runs without a failure say only below 13_9 percent`() throws {
    guard case .stable(let below) = ScenarioHistory("s", runs(String(repeating: "p", count: 20)), excluding: 0.05).steadiness else {
      Issue.record("not stable")
      return
    }
    #expect(abs(below - 0.1391) < 0.0001)
  }

  @Test(arguments: [("pppp", 55), ("", 59), ("f", 92), ("ff", 122), ("iii", 59)])
  func `too little says how many more runs are needed`(_ letters: String, _ needed: Int) {
    #expect(ScenarioHistory("s", runs(letters), excluding: 0.05).steadiness == .insufficient(needed: needed))
  }

  @Test func `a mixture of runs whose commit is not known is no proof that one commit is flaky`() {
    #expect(word(runs("pfpf", nil)) == "insufficient data")
    #expect(word(runs("pfpf")) == "flaky")
    // 124 runs of which two failed would do.
    #expect(ScenarioHistory("s", runs("pfpf", nil), excluding: 0.05).steadiness == .insufficient(needed: 120))
    let enough = runs("ff" + String(repeating: "p", count: 122), nil)
    #expect(ScenarioHistory("s", enough, excluding: 0.05).steadiness == .insufficient(needed: 0))
  }

  /// What is said of the scenario, after `s: `.
  private func headline(_ runs: [RunRecord]) -> String {
    let lines = FlakyReport(scenarios: [ScenarioHistory("s", runs, excluding: 0.05)], rate: 0.05).lines
    return String(lines.first?.dropFirst(3) ?? "")
  }

  @Test func `a commit that was stable does not speak for a newer one that only failed`() {
    let stable = runs("pppppppppp", "aaaaaaaaaaaa")
    let failing = runs("ff", "bbbbbbbbbbbb", from: 100)
    #expect(
      headline(stable + failing)
        == "insufficient data: at bbbbbbbbbb: 2 of 2 failed, 100 % (95 %: 34.2 to 100 %); 122 more runs, all passing, are needed to say that "
        + "it fails in less than 5 % of them (95 %)")
    // Nor for one that failed and was followed by one of which little is known, nor for what failed since at no known commit.
    #expect(word(stable + failing + runs("pp", "cccccccccccc", from: 200)) == "insufficient data")
    #expect(word(runs("p", nil) + stable + runs("f", nil, from: 100)) == "insufficient data")
    // What failed before it was, and what passed since, leave it stable; which commit is meant is said.
    #expect(word(runs("ff", "0") + runs("ppppp", "a", from: 50)) == "stable so far")
    #expect(
      headline(stable + runs("pp", "bbbbbbbbbbbb", from: 100))
        == "stable so far: at aaaaaaaaaa: runs without a failure say only: below 25.9 % (95 %)")
  }

  @Test func `two commits whose rates differ are a regression, and a mended one is none`() throws {
    let good = runs(String(repeating: "p", count: 12), "aaaaaaaaaaaa")
    let bad = runs("fpfffpfffff", "bbbbbbbbbbbb", from: 100)
    guard case .regressed(let from, let to, let p) = ScenarioHistory("s", good + bad, excluding: 0.05).steadiness else {
      Issue.record("not regressed")
      return
    }
    #expect(from == "aaaaaaaaaa" && to == "bbbbbbbbbb" && p < 0.01)
    #expect(p == FisherExact.p(Proportion(0, of: 12), Proportion(9, of: 11)))
    let mended = runs(String(repeating: "p", count: 12), "cccccccccccc", from: 200)
    #expect(word(bad + mended) == "stable so far")
    // One failure of few is no difference that can be told.
    #expect(word(runs("pppppp", "a") + runs("ppf", "b", from: 100)) == "flaky")
  }

  /// Recordings of older versions do not say whether their tree was edited.
  @Test(arguments: [("yes" as String?, nil as String?), ("no", "c0ffee"), ("not known", "c0ffee"), (nil, "c0ffee")])
  func `a run of an edited tree is of no commit`(_ dirty: String?, _ commit: String?) throws {
    let scratch = try Scratch("triage")
    var head = RecordingHead()
    head.origin["commit"] = "c0ffee"
    head.origin["dirty"] = dirty
    var writer = RecordingWriter(head)
    let description = RunDescription(
      scenario: "s", environment: "embedded", contract: Contract(name: "none", summary: ""), contractReason: "", services: [],
      startedAt: WallTime(epochSeconds: 1), expectations: [Expectation(id: "x", title: "x", rule: RuleDocument("steps-done"))])
    try writer.add(
      EventEnvelope(
        sequence: 0, instant: .zero, wall: WallTime(epochSeconds: 1), source: .harness, event: .description(description)))
    try writer.finish(isWhole: true)
    try scratch.write("run.mcap", writer.take())
    let run = try #require(RunRecord(RecordingSummary(scratch.file("run.mcap"))))
    #expect(run.commit == commit)
  }

  @Test func `pairs of many commits are corrected for their number`() {
    // Alone this pair has p = 0.0079, which is below 0.01 and of twenty pairs nothing.
    #expect(FisherExact.p(Proportion(0, of: 5), Proportion(5, of: 5)) < 0.01)
    let last = runs("ppppp", "y", from: 1000) + runs("fffff", "z", from: 1100)
    #expect(word(last) == "regressed")
    let many = (0..<19).flatMap { runs("ppppp", "c\($0)", from: Double($0) * 10) }
    #expect(word(many + last) == "broken")
  }
}
