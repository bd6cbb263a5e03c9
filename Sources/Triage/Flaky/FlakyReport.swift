import Events
import Recording
import Statistics
import WireFormats

/// What many recordings say of their scenarios.
package struct FlakyReport: Hashable, Sendable {
  /// The scenarios, by their names.
  package let scenarios: [ScenarioHistory]
  /// Recordings that say nothing: watched, being written, or not to be read; why.
  package let leftOut: [(path: String, reason: String)]
  /// The rate of failure that is to be excluded.
  package let rate: Double

  /// Says so much, of so many.
  init(scenarios: [ScenarioHistory], rate: Double) { (self.scenarios, self.rate, leftOut) = (scenarios, rate, []) }

  /// Reads heads and newest verdicts of some recordings.
  package init(_ recordings: [RecordingSummary], excluding rate: Double = 0.05) {
    var runs: [String: [RunRecord]] = [:]
    var leftOut: [(path: String, reason: String)] = []
    for recording in recordings {
      if let run = RunRecord(recording) {
        runs[run.scenario, default: []].append(run)
      } else {
        leftOut.append((recording.path, recording.trouble ?? (recording.isBeingWritten ? "it is being written" : "it was not judged")))
      }
    }
    self.leftOut = leftOut
    self.rate = rate
    scenarios = runs.sorted { $0.key < $1.key }.map { ScenarioHistory($0.key, $0.value, excluding: rate) }
  }

  /// Equal when they say the same.
  package static func == (left: FlakyReport, right: FlakyReport) -> Bool {
    left.scenarios == right.scenarios && left.rate == right.rate && left.leftOut.map(\.path) == right.leftOut.map(\.path)
  }

  /// By what they say.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(scenarios)
    hasher.combine(rate)
  }
}

extension FlakyReport {
  /// As lines: a scenario, and below it its commits.
  package var lines: [String] {
    var lines: [String] = []
    for scenario in scenarios {
      lines.append("\(escapeUntrusted(scenario.name)): \(scenario.steadiness.word): \(sentence(scenario))")
      for commit in scenario.commits {
        let name = pad(escapeUntrusted(commit.shortName), width: 16)
        lines.append(
          "  \(name)  \(pad(commit.steadiness.word, width: 17))  \(Self.counts(commit.tally)): \(Self.rate(commit.tally.failures))")
      }
    }
    if scenarios.isEmpty { lines.append("no judged run was found") }
    let unread = leftOut.filter { $0.reason != "" }
    if !unread.isEmpty {
      let first = unread[0]
      lines.append(
        "\(unread.count) recordings are left out; the first: \(escapeUntrusted(first.path)): \(escapeUntrusted(first.reason))")
    }
    return lines
  }

  /// What is said of a scenario; of several commits which one it is said of.
  private func sentence(_ scenario: ScenarioHistory) -> String {
    let sentence = sentence(scenario.steadiness, scenario.decisive)
    guard let commit = scenario.decisiveCommit, scenario.commits.count > 1 else { return sentence }
    return "at \(commit.name == nil ? "a commit that is not known" : escapeUntrusted(commit.shortName)): \(sentence)"
  }

  private func sentence(_ steadiness: Steadiness, _ tally: RunTally) -> String {
    switch steadiness {
    case .environment: return "no run came up, so nothing is known of the product"
    case .broken: return "it fails more often than not: \(Self.rate(tally.failures))"
    case .regressed(let from, let to, let p):
      return "it fails more often since \(escapeUntrusted(to)) than at \(escapeUntrusted(from)) (Fisher exact, p = \(Self.chance(p)))"
    case .flaky: return "it passed and failed on one commit: \(Self.rate(tally.failures))"
    case .stable(let below):
      return "runs without a failure say only: below \(Self.percent(below)) (95 %)"
    case .insufficient(needed: 0):
      return "\(Self.rate(tally.failures)): below \(Self.percent(rate)) (95 %), but of several commits, or one that is not known"
    case .insufficient(let needed):
      let seen = tally.failures.count == 0 ? "" : "\(Self.rate(tally.failures)); "
      return
        "\(seen)\(needed) more runs, all passing, are needed to say that it fails in less than \(Self.percent(rate)) of them (95 %)"
    }
  }

  private static func counts(_ tally: RunTally) -> String {
    let words: [(RunOutcome, String)] = [
      (.passed, "passed"), (.failed, "failed"), (.inconclusive, "inconclusive"), (.environment, "never came up"),
      (.unfinished, "ended before the verdict"),
    ]
    return words.filter { tally[$0.0] > 0 }.map { "\(tally[$0.0]) \($0.1)" }.joined(separator: ", ")
  }

  /// "3 of 20 failed, 15 % (5.2 to 36 %)".
  private static func rate(_ failures: Proportion) -> String {
    guard let share = failures.share else { return "rate not known" }
    let interval = failures.interval()
    let (low, high) = (NumberText.rounded(interval.low * 100, 1), percent(interval.high))
    return "\(failures.count) of \(failures.trials) failed, \(percent(share)) (95 %: \(low) to \(high))"
  }

  private static func percent(_ share: Double) -> String { "\(NumberText.rounded(share * 100, 1)) %" }

  private static func chance(_ p: Double) -> String { p < 0.0001 ? "below 0.0001" : NumberText.rounded(p, 4) }

  /// As JSON.
  package var json: JSONValue {
    [
      "excluded_rate": .number(rate), "scenarios": .array(scenarios.map(json)),
      "left_out": .array(leftOut.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
    ]
  }

  private func json(_ scenario: ScenarioHistory) -> JSONValue {
    var members = members(scenario.tally, scenario.steadiness)
    members["scenario"] = .string(scenario.name)
    members["sentence"] = .string(sentence(scenario))
    members["decisive_commit"] = scenario.decisiveCommit?.name.map(JSONValue.string) ?? .null
    members["commits"] = .array(
      scenario.commits.map { commit in
        var members = self.members(commit.tally, commit.steadiness)
        members["commit"] = commit.name.map(JSONValue.string) ?? .null
        members["runs"] = .array(
          commit.runs.map { ["path": .string($0.path), "start": .number($0.start.epochSeconds), "outcome": .string($0.outcome.rawValue)] })
        return .object(members)
      })
    return .object(members)
  }

  private func members(_ tally: RunTally, _ steadiness: Steadiness) -> [String: JSONValue] {
    let interval = tally.failures.interval()
    var members: [String: JSONValue] = [
      "class": .string(steadiness.word.replacing(" ", with: "_")),
      "counts": .object(
        Dictionary(RunOutcome.allCases.map { ($0.rawValue, .int(tally[$0])) }, uniquingKeysWith: { first, _ in first })),
      "failure_rate": tally.failures.share.map(JSONValue.number) ?? .null,
      "interval_95": tally.failures.trials == 0 ? .null : [.number(interval.low), .number(interval.high)],
    ]
    switch steadiness {
    case .stable(let below): members["below_95"] = .number(below)
    case .insufficient(let needed): members["runs_needed"] = .int(needed)
    case .regressed(let from, let to, let p): members["change"] = ["from": .string(from), "to": .string(to), "p": .number(p)]
    case .environment, .broken, .flaky: break
    }
    return members
  }
}
