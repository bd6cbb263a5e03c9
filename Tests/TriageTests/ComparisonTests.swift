import Events
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Triage

@Suite struct ComparisonTests {
  /// Twenty good runs, and one of which something is changed.
  private func compare(_ count: Int = 20, seed: UInt64 = 1, _ change: (inout Script) -> Void) async throws -> Comparison {
    var random = SplitMix(seed: seed)
    var good: [RunTrace] = []
    for index in 0..<count { good.append(try await trace(goodScript(&random), path: "good\(index).mcap")) }
    var script = goodScript(&random)
    change(&script)
    return try Comparison(try await trace(script, path: "bad.mcap"), with: good)
  }

  private static func isAttempt(_ kind: Happening.Kind, _ number: Int) -> Bool {
    if case .reconnectionAttempt(let attempt) = kind { attempt.attempt == number } else { false }
  }

  private static func isBreaker(_ kind: Happening.Kind, _ state: BreakerState) -> Bool {
    if case .breaker(let transition) = kind { transition.state == state } else { false }
  }

  @Test(arguments: 1...25) func `between good runs nothing is found`(_ seed: UInt64) async throws {
    let comparison = try await compare(seed: seed) { _ in }
    #expect(comparison.isSame && comparison.ignorance == nil, "\(comparison.lines())")
    #expect(comparison.lines().contains("no divergence found"))
  }

  @Test func `what is missing is the first divergence`() async throws {
    let comparison = try await compare { $0.removeAll { Self.isAttempt($0.kind, 2) } }
    let first = try #require(comparison.divergences.first)
    #expect(first.kind == .missing && first.lane.text == "connection" && first.event == nil)
    #expect(first.sentence.hasPrefix("connection: attempt 2 connected is missing: all 20 good runs have it 15."))
    #expect(first.sentence.hasSuffix(" s after sts errors began"))
    #expect(comparison.candidates.first == first && first.similarity == 1)
  }

  @Test func `what is extra is the first divergence`() async throws {
    let comparison = try await compare {
      $0.append((16, .breaker(BreakerTransition(from: .open, state: .halfOpen, trigger: .timeout))))
      $0.append((17, .breaker(BreakerTransition(from: .halfOpen, state: .open, trigger: .failure))))
    }
    let first = try #require(comparison.divergences.first)
    #expect(first.kind == .extra && first.lane.text == "breaker" && first.good == nil)
    #expect(first.at == 16)
  }

  @Test func `what says another thing is the first divergence`() async throws {
    let comparison = try await compare { script in
      for index in script.indices {
        guard case .fragment(var fragment) = script[index].kind, fragment.sequenceNumber == 3, fragment.stage == .failed else { continue }
        fragment.detail = "INVALID_AUDIO"
        script[index].kind = .fragment(fragment)
      }
    }
    let first = try #require(comparison.divergences.first)
    #expect(comparison.divergences.count == 1)
    #expect(first.kind == .relabelled && first.lane.text == "fragments")
    #expect(first.sentence.contains("says INVALID_AUDIO, where 20 good runs say TIMEOUT"))
  }

  @Test(arguments: [(4.0, "later"), (-4.0, "earlier")])
  func `what comes outside of its band is the first divergence`(_ seconds: Double, _ word: String) async throws {
    let comparison = try await compare { script in
      for index in script.indices where Self.isBreaker(script[index].kind, .open) { script[index].at += seconds }
    }
    let first = try #require(comparison.divergences.first)
    #expect(comparison.divergences.count == 1)
    #expect(first.kind == .shifted && first.lane.text == "breaker")
    #expect(first.sentence.contains(" s \(word) than in any of 20 good runs: "))
  }

  @Test func `of what comes together the cause comes first`() async throws {
    let comparison = try await compare { script in
      script.removeAll { item in
        if case .fragment(let fragment) = item.kind { return fragment.sequenceNumber == 3 }
        return Self.isBreaker(item.kind, .open)
      }
    }
    #expect(
      comparison.candidates.map(\.lane.text).prefix(2) == ["breaker", "fragments"] || comparison.candidates.first?.lane.text == "breaker")
  }

  @Test func `few good runs are compared by presence alone, and that is said`() async throws {
    let shifted = try await compare(3) { script in
      for index in script.indices where Self.isBreaker(script[index].kind, .open) { script[index].at += 4 }
    }
    #expect(shifted.isSame)
    #expect(shifted.lines().contains { $0.hasPrefix("only 3 good runs: presence is compared, times are only shown") })
    let missing = try await compare(1) { $0.removeAll { Self.isBreaker($0.kind, .closed) } }
    #expect(missing.divergences.first?.sentence.contains("the good run has it ") == true)
  }

  @Test func `numbers that are higher in rank and by much differ, and few are not tested`() async throws {
    let comparison = try await compare { script in
      for index in script.indices {
        guard case .fragment(var fragment) = script[index].kind, let took = fragment.durationMilliseconds else { continue }
        fragment.durationMilliseconds = took + 300
        script[index].kind = .fragment(fragment)
      }
    }
    #expect(comparison.divergences.isEmpty)
    // Eight fragments are processed, in two phases: each has fewer than eight numbers in this run.
    #expect(comparison.figures.allSatisfy { $0.test == nil } && comparison.isSame)
    #expect(comparison.lines().contains { $0.hasPrefix("  not tested: ") && $0.hasSuffix("fewer than 8 a side") })
  }

  @Test func `runs of two scenarios, and no good run, are refused`() async throws {
    var random = SplitMix(seed: 3)
    let bad = try await trace(goodScript(&random))
    let other = try await trace(goodScript(&random), scenario: "other")
    #expect(throws: Problem.self) { try Comparison(bad, with: [other]) }
    #expect(throws: Problem.self) { try Comparison(bad, with: []) }
    await #expect(throws: Problem.self) { try await trace([(0, .mark("no scenario"))]) }
  }

  @Test func `a run that ended early lacks nothing that would have come later, and that is said`() async throws {
    let comparison = try await compare { script in
      script.removeAll { $0.at > 22 }
    }
    #expect(comparison.divergences.isEmpty)
    #expect(comparison.lines().contains { $0.hasPrefix("this run ended ") })
    // What was not played to its end is not known to be the same.
    #expect(comparison.ignorance == "this run ended before its steps were over")
    #expect(comparison.lines().contains { $0.hasPrefix("no divergence found in what is there; the rest is not known: ") })
  }

  @Test func `lines and JSON say the same, and nothing raw`() async throws {
    let comparison = try await compare { script in
      script.removeAll { Self.isBreaker($0.kind, .closed) }
      script.append((30, .fault(FaultHappening(id: 9, kind: "evil\u{1B}[31m", detail: "", phase: .momentary))))
    }
    let text = comparison.lines().joined(separator: "\n")
    #expect(!text.contains("\u{1B}"))
    let candidates = try #require(comparison.json["candidates"]?.arrayValue)
    #expect(candidates.count == comparison.candidates.count && candidates.count == 2)
    for candidate in candidates {
      #expect(text.contains(escapeUntrusted(try #require(candidate["sentence"]?.stringValue))))
      for command in candidate["commands"]?.arrayValue ?? [] { #expect(text.contains(try #require(command.stringValue))) }
    }
    #expect(text.contains("20 good: breaker"))
  }
}
