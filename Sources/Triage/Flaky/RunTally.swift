import Statistics

/// How many runs came out how.
package struct RunTally: Hashable, Sendable {
  /// The number of each.
  package private(set) var counts: [RunOutcome: Int] = [:]

  /// The tally of some runs.
  package init(_ runs: some Sequence<RunRecord>) { for run in runs { counts[run.outcome, default: 0] += 1 } }

  /// How many came out so.
  package subscript(outcome: RunOutcome) -> Int { counts[outcome] ?? 0 }

  /// All of them.
  package var total: Int { counts.values.reduce(0, +) }

  /// Failures among the runs that passed or failed: what is inconclusive is neither.
  package var failures: Proportion { Proportion(self[.failed], of: self[.failed] + self[.passed]) }
}
