import HarnessCore
import Judging
import WireFormats

/// The runs that one command asks for, one after the other, each judged and reported.
package struct JudgedSeries: Sendable {
  /// Where the runs take place.
  package var plan: RunPlan
  /// What is played, in this order.
  package var scenarios: [Scenario]
  /// How often each is run.
  package var repeats: Int
  /// Whether the first violation ends its run, and no further one is begun.
  package var failsFast: Bool
  /// Seconds of the pipeline in one second; a scenario that cannot be judged so fast runs as fast as it can be.
  package var speed: Double
  /// What is written of the results.
  package var reports: ReportFiles
  /// Whether and where they are recorded.
  package var recording = RecordingPlan.none

  /// Whether each is put beside the newest recordings of its scenario that passed, once it is over.
  package var comparesWithLastGood = false

  /// Runs of these scenarios.
  package init(plan: RunPlan, scenarios: [Scenario], repeats: Int, failsFast: Bool, speed: Double, reports: ReportFiles) {
    self.plan = plan
    self.scenarios = scenarios
    self.repeats = repeats
    self.failsFast = failsFast
    self.speed = speed
    self.reports = reports
  }

  /// Which run of how many it is.
  package struct Turn: Sendable {
    /// From 1.
    package let number: Int
    /// How many runs were asked for.
    package let count: Int
    /// The scenario's name.
    package let scenario: String

    /// Whether no run comes after it.
    package var isLast: Bool { number == count }
  }

  /// Runs all of it and writes what came of it: reports after each run, and on standard output the verdict; of a run that a screen showed
  /// what is violated or not known.
  /// - Parameters:
  ///   - isPlain: whether runs are read as lines.
  ///   - show: shows a run until it is over, or until somebody ends it; gives the exit status of what ended it, nil for its end.
  /// - Returns: the exit status.
  package func run(isPlain: Bool, show: (LiveRun, Turn) async throws -> Int32?) async throws -> Int32 {
    // What scenarios share lives as long as all of them.
    try await withProcessGuard { processGuard in
      let places = try RunPlaces(plan, scenarios: scenarios, processGuard, isPlain: isPlain)
      // Before anything is started.
      try reports.check()
      try recording.check(runs: planned.count)
      var results: [ScenarioResult] = []
      var status: Int32
      do { status = try await playAll(in: places, isPlain, &results, show) } catch {
        _ = await places.end()
        throw error
      }
      if await places.end() { status = ExitStatus.unavailable }
      if planned.count > 1 { VerdictText.writeSummary(results, planned: planned.count) }
      return status
    }
  }

  private var planned: [Scenario] { scenarios.flatMap { Array(repeating: $0, count: repeats) } }

  private func playAll(
    in places: RunPlaces, _ isPlain: Bool, _ results: inout [ScenarioResult], _ show: (LiveRun, Turn) async throws -> Int32?
  ) async throws -> Int32 {
    var status = ExitStatus.good
    let planned = planned
    for (index, scenario) in planned.enumerated() {
      let turn = Turn(number: index + 1, count: planned.count, scenario: scenario.name)
      let run = JudgedRun(
        scenario: places.isShared ? scenario.judgedByChange : scenario, speed: min(speed, scenario.maximumSpeed), places: places,
        audience: isPlain ? .lines : .screen, endsEarly: failsFast, recording: recording)
      let outcome = try await run.run { try await show($0, turn) }
      results.append(outcome.result)
      // Written after each: what is done is not lost when something later ends the program.
      let unwritten = reports.write(results, planned: planned.count)
      // The verdict in any case: a full disk must not take it along.
      if isPlain {
        VerdictText.write(outcome.result)
      } else {
        // The screen is given back, and took with it what it showed.
        VerdictText.writeRest(outcome.result, reports: unwritten.isEmpty ? reports.paths : [])
      }
      VerdictText.write(outcome.result.recording)
      if comparesWithLastGood {
        StandardOutput.write(words: LastGood.lines(outcome.result.recording).joined(separator: "\n") + "\n")
      }
      for problem in unwritten { StandardError.write("dubwatch: \(escapeUntrusted(problem.description))\n") }
      if !unwritten.isEmpty, status == ExitStatus.good { status = ExitStatus.no }
      GitHubOutput.write(outcome.result)
      if let signal = outcome.signal { return signal }
      status = Self.status(status, after: outcome)
      if outcome.result.end == .interrupted || (failsFast && !outcome.result.hasPassed) { break }
    }
    return status
  }

  /// An environment that could not be had, or not be taken down, says more than a verdict; the first verdict that is no stays.
  private static func status(_ before: Int32, after outcome: JudgedRun.Outcome) -> Int32 {
    let status = outcome.isLeft ? ExitStatus.unavailable : outcome.result.exitStatus
    return status == ExitStatus.unavailable || before == ExitStatus.good ? status : before
  }
}
