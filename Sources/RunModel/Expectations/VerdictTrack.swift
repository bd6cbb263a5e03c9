import Events
import PrometheusText

/// The verdict of a run: every expectation and how it stands, as the judge says. A part of the run's state like any other: a fold over
/// events that decides nothing itself.
package struct VerdictTrack: Codable, Sendable {
  /// Whether the run passed.
  package enum Outcome: String, Codable, Hashable, Sendable {
    /// Not all is decided.
    case open
    /// Nothing is violated, and all that must be observed was.
    case passed
    /// Something is violated.
    case failed
    /// Nothing is violated, but something that must be observed was not, or nothing was observed at all.
    case inconclusive
  }

  /// The expectations, in the scenario's order.
  package private(set) var entries: [VerdictEntry] = []
  /// When judging began; nil before.
  package private(set) var beganAt: RunInstant?
  /// When the steps were over; nil before.
  package private(set) var completedAt: RunInstant?
  /// Whether everything is decided for good.
  package private(set) var isClosed = false
  /// All metric families of each service as scraped when the steps were over.
  package private(set) var snapshots: [ServiceName: Timed<Scrape>] = [:]
  /// How many expectations stand how.
  package private(set) var counts = VerdictCounts()
  private var speed = 1.0

  /// The most expectations that one run may have.
  package static let limit = 200

  /// Nothing to judge.
  package init() {}

  /// Whether the run is judged at all.
  package var isJudged: Bool { !entries.isEmpty }

  /// Whether no expectation is pending.
  package var isSettled: Bool { counts.pending == 0 }

  /// Whether the run passed; known early when something is violated.
  package var outcome: Outcome {
    if counts.violated > 0 { return .failed }
    guard isSettled, isJudged else { return .open }
    // What holds of every run that is one shows nothing of what this one was made for.
    let hasShown = entries.contains { $0.verdict.standing == .met && !$0.expectation.isImplied }
    return hasShown && !entries.contains(where: \.isFailure) ? .passed : .inconclusive
  }

  /// The entries that keep the run from passing.
  package var failures: [VerdictEntry] { entries.filter(\.isFailure) }

  /// Takes over what a run's description says; expectations that are there already keep their verdicts.
  package mutating func adopt(_ description: RunDescription) {
    speed = description.speed
    let wanted = description.expectations.prefix(Self.limit)
    guard !wanted.elementsEqual(entries.lazy.map(\.expectation)) else { return }
    entries = wanted.map { VerdictEntry(expectation: $0, verdict: .open, deadline: $0.deadline(since: beganAt)) }
    isClosed = false
    recount()
  }

  /// Takes over what the judge says of an expectation.
  /// - Returns: the entry, when that decides it.
  package mutating func note(_ change: VerdictChange) -> VerdictEntry? {
    guard entries.indices.contains(change.index), entries[change.index].expectation.id == change.expectation else { return nil }
    let wasPending = entries[change.index].verdict.standing == .pending
    entries[change.index].verdict = change.verdict
    recount()
    return wasPending && change.verdict.standing != .pending ? entries[change.index] : nil
  }

  /// Keeps the first scrape of each service that is not older than the end of the steps.
  mutating func note(_ sample: MetricsSample, at instant: RunInstant) {
    guard isJudged, !isClosed, let completedAt, snapshots[sample.service] == nil, snapshots.count < 16 else { return }
    // A scrape that was on its way when the steps ended may be older than that.
    if sample.askedAt(instant, speed: speed) >= completedAt { snapshots[sample.service] = Timed(sample.scrape, at: instant) }
  }

  /// Follows the scenario.
  mutating func note(_ scenario: ScenarioHappening, at instant: RunInstant) {
    guard isJudged, !isClosed else { return }
    switch scenario {
    case .began:
      beganAt = instant
      for index in entries.indices { entries[index].deadline = entries[index].expectation.deadline(since: instant) }
    case .completed: completedAt = instant
    case .closed:
      beganAt = beganAt ?? instant
      isClosed = true
    case .step, .stepFailed: break
    }
  }

  private mutating func recount() {
    counts = entries.reduce(into: VerdictCounts()) { counts, entry in
      switch entry.verdict.standing {
      case .met: counts.met += 1
      case .violated: counts.violated += 1
      case .pending: counts.pending += 1
      case .unobservable: counts.unobservable += 1
      }
    }
  }
}

extension MetricsSample {
  /// When it was asked for: its values are not older than that.
  package func askedAt(_ instant: RunInstant, speed: Double) -> RunInstant {
    instant.advanced(bySeconds: -max(0, latencyMilliseconds) / 1000 * max(1, speed))
  }
}

extension RunState {
  /// When a happening occurred: what its log line says, corrected for a clock that is clearly off; else when it was seen.
  package func occurrence(of happening: Happening, in envelope: EventEnvelope) -> RunInstant { placement(of: happening, in: envelope).at }

  /// When a happening occurred, and whether that is no more than when its line was read: the line has no time, or one that cannot be.
  package func placement(of happening: Happening, in envelope: EventEnvelope) -> (at: RunInstant, isByArrival: Bool) {
    let seen = envelope.reading(of: happening)
    guard let reported = happening.reportedAt else { return (seen.instant, happening.provenance == .observed) }
    let clock = logClocks[happening.service] ?? LogClock()
    let at = clock.instant(reported: reported, seen: seen.wall, at: seen.instant)
    guard happening.provenance != .own, isMistimed(at, seen.instant, isPast: happening.isPast, of: happening.service) else {
      return (at, false)
    }
    return (seen.instant, true)
  }

  /// Whether a line that was written while its log was read says that it is older than it can be.
  func isMistimed(_ at: RunInstant, _ seen: RunInstant, isPast: Bool, of service: ServiceName) -> Bool {
    guard !isPast, seen.seconds(since: at) > LogClock.trustSeconds * max(1, description?.speed ?? 1) else { return false }
    // Of a file that is read behind its writing the line's own time is right.
    return sources[SourceID(.log, service)]?.isLagging != true
  }

  /// Takes over what the judge says; a decision becomes a row of the merged stream.
  mutating func applyVerdict(_ change: VerdictChange) {
    guard let entry = verdict.note(change) else { return }
    let severity: EventRow.Severity
    switch entry.verdict.standing {
    case .met: severity = .good
    case .violated: severity = .bad
    case .unobservable, .pending: severity = .warning
    }
    addRow(
      .run, severity, "\(entry.verdict.standing.word): \(entry.expectation.title) (\(entry.verdict.reason))", at: now,
      service: "dubwatch")
  }
}

extension VerdictTrack.Outcome {
  /// The word that ends a run: PASSED, FAILED, INCONCLUSIVE.
  package var word: String { self == .open ? "FAILED" : rawValue.uppercased() }
}
