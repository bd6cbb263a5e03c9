import Statistics

/// What several runs of a scenario say of it.
package enum Steadiness: Hashable, Sendable {
  /// It never came up: nothing is known of the product.
  case environment
  /// It fails more often than not.
  case broken
  /// The rates of two commits, one after the other, differ.
  case regressed(from: String, to: String, p: Double)
  /// It passed and failed on one commit.
  case flaky
  /// No run of several failed; what its rate is below, at 95 %.
  case stable(below: Double)
  /// Too little is known; how many more runs that pass are needed to say that it fails in less than a given share of runs: 0 where that
  /// can be said already, and of which commit is not known.
  case insufficient(needed: Int)

  /// Its word.
  package var word: String {
    switch self {
    case .environment: "environment"
    case .broken: "broken"
    case .regressed: "regressed"
    case .flaky: "flaky"
    case .stable: "stable so far"
    case .insufficient: "insufficient data"
    }
  }
}

/// The runs of a scenario, and what they say.
package struct ScenarioHistory: Hashable, Sendable {
  /// The runs of a commit.
  package struct Commit: Hashable, Sendable {
    /// The commit; nil where the recordings do not say.
    package let name: String?
    /// Its runs, in order of time.
    package let runs: [RunRecord]
    /// How they came out.
    package let tally: RunTally
    /// What they say.
    package let steadiness: Steadiness

    /// Its name, shortened.
    package var shortName: String { name.map { String($0.prefix(10)) } ?? "commit not known" }
  }

  /// The scenario's name.
  package let name: String
  /// Its commits, in order of their first run.
  package let commits: [Commit]
  /// How all runs came out.
  package let tally: RunTally
  /// What they say together.
  package let steadiness: Steadiness
  /// How the runs came out that say so: those of one commit, or all of them.
  package let decisive: RunTally
  /// The commit whose runs say so; nil where all runs do.
  package let decisiveCommit: Commit?

  /// So many runs without a failure are called stable so far at least: below it the bound is no news (3 of 3 say: below 63 %).
  package static let fewest = 5
  /// The chance of a mistake at which two commits differ.
  private static let level = 0.01

  /// What some runs of one scenario say.
  /// - Parameter rate: the rate of failure that is to be excluded, above 0 and below 1.
  package init(_ name: String, _ runs: [RunRecord], excluding rate: Double) {
    self.name = name
    let runs = runs.sorted { $0.start < $1.start }
    var names: [String?] = []
    for run in runs where !names.contains(run.commit) { names.append(run.commit) }
    commits = names.map { commit in
      let own = runs.filter { $0.commit == commit }
      let tally = RunTally(own)
      return Commit(name: commit, runs: own, tally: tally, steadiness: Self.judge(tally, isOneCommit: commit != nil, excluding: rate))
    }
    tally = RunTally(runs)
    if let change = Self.change(commits) {
      (steadiness, decisive, decisiveCommit) = (change, tally, nil)
    } else if let commit = Self.decisive(commits) {
      (steadiness, decisive, decisiveCommit) = (commit.steadiness, commit.tally, commit)
    } else {
      (steadiness, decisive, decisiveCommit) = (Self.judge(tally, isOneCommit: false, excluding: rate), tally, nil)
    }
  }

  /// The class of runs of one commit, or of runs whose commit is not known: then a mixture is no proof that it is flaky.
  private static func judge(_ tally: RunTally, isOneCommit: Bool, excluding rate: Double) -> Steadiness {
    let failures = tally.failures
    if failures.trials == 0, tally[.environment] > 0, tally[.environment] == tally.total { return .environment }
    if failures.lowerBound() > 0.5 { return .broken }
    if failures.count > 0, failures.count < failures.trials, isOneCommit { return .flaky }
    if let below = failures.upperBoundOfNone(), failures.trials >= fewest { return .stable(below: below) }
    let needed = Proportion.trialsNeeded(toExclude: rate, despite: failures.count) - failures.trials
    return .insufficient(needed: max(0, needed, failures.count == 0 ? fewest - failures.trials : 0))
  }

  /// The newest pair of neighbours whose rates differ; p corrected over all pairs.
  private static func change(_ commits: [Commit]) -> Steadiness? {
    let known = commits.filter { $0.name != nil && $0.tally.failures.trials > 0 }
    let pairs = Array(zip(known, known.dropFirst()))
    let adjusted = Holm.adjusted(pairs.map { FisherExact.p($0.tally.failures, $1.tally.failures) })
    for ((before, after), p) in zip(pairs, adjusted).reversed() where p < level {
      // The other way round it was mended: the newer commit speaks for itself.
      guard let old = before.tally.failures.share, let new = after.tally.failures.share, new > old else { return nil }
      return .regressed(from: before.shortName, to: after.shortName, p: p)
    }
    return nil
  }

  /// Of commits between which no change is known, the newest that says anything; nil where none does. That it was stable says nothing once
  /// it has failed at a newer commit, however little is known of that one: then the newer one speaks.
  private static func decisive(_ commits: [Commit]) -> Commit? {
    let speaking = commits.lastIndex { commit in
      switch commit.steadiness {
      case .insufficient: false
      case .environment, .broken, .regressed, .flaky, .stable: true
      }
    }
    guard let speaking else { return nil }
    let commit = commits[speaking]
    guard case .stable = commit.steadiness, let newest = commit.runs.last?.start else { return commit }
    let failedSince = commits.indices.last { index in
      // Runs whose commit is not known stand where the first of them does: what counts is when they failed.
      commits[index].runs.contains { $0.outcome == .failed && (index > speaking || commits[index].name == nil && $0.start > newest) }
    }
    return failedSince.map { commits[$0] } ?? commit
  }
}
