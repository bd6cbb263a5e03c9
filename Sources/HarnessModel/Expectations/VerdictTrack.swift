import PrometheusText

/// The verdict of a run: every expectation and how it stands. A fold over events; live, replayed and headless runs share it.
public struct VerdictTrack: Codable, Sendable {
  /// Whether the run passed.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// Not all is decided.
    case open
    /// Nothing is violated, and all that must be observed was.
    case passed
    /// Something is violated or could not be observed.
    case failed
  }

  /// The expectations, in the scenario's order.
  public private(set) var entries: [VerdictEntry] = []
  /// When judging began; nil before.
  public var beganAt: RunInstant? { context.beganAt }
  /// When the steps were over; nil before.
  public var completedAt: RunInstant? { context.completedAt }
  /// Whether everything is decided for good.
  public private(set) var isClosed = false
  /// All metric families of each service as scraped when the steps were over.
  public private(set) var snapshots: [ServiceName: Timed<Scrape>] = [:]
  private var judges: [RuleMemory] = []
  private var context = JudgeContext()

  /// The most expectations that one run may have.
  public static let limit = 200

  /// Nothing to judge.
  init() {}

  /// Whether the run is judged at all.
  public var isJudged: Bool { !entries.isEmpty }

  /// Whether no expectation is pending.
  public var isSettled: Bool { entries.allSatisfy { $0.verdict.standing != .pending } }

  /// How many expectations stand how.
  public var counts: VerdictCounts {
    entries.reduce(into: VerdictCounts()) { counts, entry in
      switch entry.verdict.standing {
      case .met: counts.met += 1
      case .violated: counts.violated += 1
      case .pending: counts.pending += 1
      case .unobservable: counts.unobservable += 1
      }
    }
  }

  /// Whether the run passed; known early when something is violated.
  public var outcome: Outcome {
    if entries.contains(where: \.isFailure) { return .failed }
    return isSettled && isJudged ? .passed : .open
  }

  /// The entries that make the run fail.
  public var failures: [VerdictEntry] { entries.filter(\.isFailure) }

  /// Takes over what a run's description says; expectations that are there already keep their verdicts.
  mutating func adopt(_ description: RunDescription) {
    context.contract = description.contract
    context.speed = description.speed
    context.services = description.services
    guard description.expectations != entries.map(\.expectation) else { return }
    let wanted = description.expectations.prefix(Self.limit)
    judges = wanted.map { RuleMemory($0.rule) }
    entries = wanted.map { VerdictEntry(expectation: $0, verdict: .open, deadline: deadline($0)) }
    isClosed = false
  }

  /// Takes in one event.
  /// - Parameters:
  ///   - at: when it occurred.
  ///   - now: the newest instant of the run.
  /// - Returns: the positions of entries that were decided by it.
  mutating func note(_ envelope: EventEnvelope, at instant: RunInstant, now: RunInstant) -> [Int] {
    guard isJudged, !isClosed else { return [] }
    context.now = now
    learn(envelope, at: instant)
    let event = JudgedEvent(envelope: envelope, at: instant)
    var decided: [Int] = []
    for index in entries.indices where entries[index].verdict.standing == .pending {
      var file = CaseFile(context: context, verdict: entries[index].verdict)
      if let began = context.beganAt {
        // What a followed log tells of the time before the scenario is not of this scenario.
        if event.happening == nil || instant >= began { judges[index].note(event, &file) } else { judges[index].noteBefore(event, &file) }
        if isClosed || entries[index].deadline.map({ now > $0.advanced(bySeconds: context.schedulerAllowance) }) == true {
          judges[index].finish(&file)
          if !file.isDecided { file.leave("the rule came to no decision") }
        }
      } else {
        judges[index].noteBefore(event, &file)
      }
      entries[index].verdict = file.verdict
      if file.isDecided { decided.append(index) }
    }
    return decided
  }

  private mutating func learn(_ envelope: EventEnvelope, at instant: RunInstant) {
    switch envelope.event {
    case .logLines(let lines): for line in lines where context.heardLogs.count < 64 { context.heardLogs.insert(line.service) }
    case .sourceStatus(let status):
      if let seconds = status.intervalSeconds, context.intervals.count < 256 || context.intervals[envelope.source] != nil {
        context.intervals[envelope.source] = seconds
      }
    case .sample(.metrics(let sample)):
      // A scrape that was on its way when the steps ended may be older than that.
      guard let completed = context.completedAt, snapshots[sample.service] == nil, snapshots.count < 16 else { break }
      if sample.askedAt(envelope.instant, speed: context.speed) >= completed {
        snapshots[sample.service] = Timed(sample.scrape, at: envelope.instant)
      }
    case .happening(let happening):
      switch happening.kind {
      case .sessionOpened(_, _, let limit): context.sessionLimit = limit ?? context.sessionLimit
      case .scenario(let scenario): follow(scenario, at: instant)
      default: break
      }
    case .sample, .description, .tick: break
    }
  }

  private mutating func follow(_ scenario: ScenarioHappening, at instant: RunInstant) {
    switch scenario {
    case .began:
      context.beganAt = instant
      for index in entries.indices { entries[index].deadline = deadline(entries[index].expectation) }
    case .completed: context.completedAt = instant
    case .closed(let lost):
      context.lost = lost
      // Without a beginning nothing was judged: then nothing can be said either.
      context.beganAt = context.beganAt ?? instant
      isClosed = true
    case .step, .stepFailed: break
    }
  }

  private func deadline(_ expectation: Expectation) -> RunInstant? {
    guard let began = context.beganAt, let seconds = expectation.deadlineSeconds else { return nil }
    return began.advanced(bySeconds: seconds)
  }
}

extension MetricsSample {
  /// When it was asked for: its values are not older than that.
  func askedAt(_ instant: RunInstant, speed: Double) -> RunInstant {
    instant.advanced(bySeconds: -max(0, latencyMilliseconds) / 1000 * max(1, speed))
  }
}

extension RunState {
  /// When a happening occurred: what its log line says, corrected for a clock that is clearly off; else when it was seen.
  func occurrence(of happening: Happening, in envelope: EventEnvelope) -> RunInstant {
    guard let reported = happening.reportedAt else { return envelope.instant }
    let clock = logClocks[happening.service] ?? LogClock()
    return clock.instant(reported: reported, seen: envelope.wall, at: envelope.instant)
  }

  /// Judges an event after it was taken in; what is decided becomes a row of the merged stream.
  mutating func judge(_ envelope: EventEnvelope) {
    guard verdict.isJudged, !verdict.isClosed else { return }
    var instant = envelope.instant
    if case .happening(let happening) = envelope.event { instant = occurrence(of: happening, in: envelope) }
    for index in verdict.note(envelope, at: instant, now: now) {
      let entry = verdict.entries[index]
      let severity: EventRow.Severity
      switch entry.verdict.standing {
      case .met: severity = .good
      case .violated: severity = .bad
      case .unobservable, .pending: severity = .warning
      }
      addRow(
        .run, severity, "\(entry.verdict.standing.rawValue): \(entry.expectation.title) (\(entry.verdict.reason))", at: now,
        service: "dubwatch")
    }
  }
}
