import Contracts
import Events
import PrometheusText
import RunModel

/// What one metrics endpoint is worth as a witness.
struct MetricsWitness: Sendable {
  /// How many changes that the log tells of may be missing in an answer before it counts as frozen.
  private static let missedChanges = 3
  /// The same of segments that came out: while fragments wait, as many as stand between input and output come out without a change.
  private static let missedSegments = 6
  /// How long after a change was told an answer may still lack it, in seconds at the speed of real time.
  private static let settling = 0.5

  private(set) var coverage = Coverage()
  /// The first good answer.
  private(set) var first: RunInstant?
  /// Why it cannot be read now; nil while it can.
  private(set) var trouble: String?
  /// Since when the answer has been the same although the log told of changes in it; nil while it is alive.
  private(set) var frozenSince: RunInstant?
  private var values: [Double] = []
  private(set) var signals: [SignalID: SignalValue] = [:]
  private var changedAt: RunInstant = .zero
  /// When an answer showed that something went through, since it counted more than the one before; the last ones of very many.
  private var moves: [RunInstant] = []
  /// What counts all that goes through a worker.
  private static let throughput: [SignalID] = [.fragmentsSent, .fragmentsProcessed, .fragmentsFallback]
  /// When changes were told that the newest answer does not show.
  private var missing: [RunInstant] = []
  private var missingSegments: [RunInstant] = []

  /// The contract by which it was read before, and which does not hold; nil for none.
  private var earlierContract: String?

  /// It was read by a contract that does not hold: what it showed then is not known.
  mutating func noteReadByAnother(_ contract: String) { earlierContract = contract }

  /// Takes in an answer.
  /// - Parameters:
  ///   - asked: when it was asked for; what was told later than that it cannot show.
  mutating func note(
    _ sample: MetricsSample, at instant: RunInstant, asked: RunInstant, patience: Double, settlingSeconds: Double, of service: ServiceName
  ) {
    first = first ?? instant
    trouble = nil
    coverage.note(at: instant, patience: patience) { "the metrics of \(service) were not read for \(Figure.seconds($0))" }
    noteMoves(sample, at: instant)
    if hasChanged(sample) {
      changedAt = instant
      missing.removeAll { $0 <= asked }
      missingSegments.removeAll { $0 <= asked }
      if let since = frozenSince {
        coverage.add(EvidenceGap(from: since, to: instant, reason: Self.frozen(service)))
        frozenSince = nil
      }
      return
    }
    let isDue: (RunInstant) -> Bool = { asked.seconds(since: $0) > Self.settling * settlingSeconds }
    if frozenSince == nil, missing.count(where: isDue) >= Self.missedChanges || missingSegments.count(where: isDue) >= Self.missedSegments {
      frozenSince = changedAt
    }
  }

  private mutating func noteMoves(_ sample: MetricsSample, at instant: RunInstant) {
    guard !signals.isEmpty, Self.throughput.contains(where: { sample.signals[$0] != signals[$0] }) else { return }
    if moves.count == 4096 { moves.removeFirst(2048) }
    moves.append(instant)
  }

  /// Whether the counters of all that goes through show that nothing did between two moments: all of them are there, they moved before
  /// and after, and not within. What was counted just before the first moment is seen an interval later, and what came with the
  /// last may be seen before its line is read.
  func isIdle(from: RunInstant, to end: RunInstant, interval: Double) -> Bool {
    guard Self.throughput.allSatisfy({ signals[$0]?.number != nil }), frozenSince == nil else { return false }
    let begin = from.advanced(bySeconds: 2 * interval)
    let end = end.advanced(bySeconds: -2 * interval)
    let within = moves.contains { $0 > begin && $0 < end }
    return !within && moves.contains { $0 <= begin } && moves.contains { $0 >= end }
  }

  /// Whether the counters of all that goes through moved after a moment.
  func hasMoved(after instant: RunInstant) -> Bool { moves.last.map { $0 > instant } ?? false }

  /// Whether an answer was another one than before at a moment or later: it is alive.
  func hasChanged(since instant: RunInstant) -> Bool { changedAt >= instant }

  /// What the contract names decides: the numbers of the process itself move in a service whose others stand still.
  private mutating func hasChanged(_ sample: MetricsSample) -> Bool {
    guard sample.signals.isEmpty else {
      defer { signals = sample.signals }
      return !sample.signals.isSame(as: signals)
    }
    defer { values = sample.scrape.values }
    return !sample.scrape.values.isSame(as: values)
  }

  /// The log told of something that changes a number of this endpoint.
  mutating func expectChange(at instant: RunInstant, bySegment: Bool) {
    if bySegment {
      if missingSegments.count < 16 { missingSegments.append(instant) }
    } else if missing.count < 16 {
      missing.append(instant)
    }
  }

  mutating func note(_ status: SourceStatus) {
    switch status.standing {
    case .reading: trouble = nil
    case .failing(let reason, _, _), .ended(let reason): trouble = reason
    }
  }

  /// What is not known of it between two moments.
  func gaps(of service: ServiceName, from: RunInstant, to end: RunInstant, patience: Double) -> [EvidenceGap] {
    var found = coverage.gaps(
      from: from, to: end, patience: patience,
      reason: { "the metrics of \(service) were not read for \(Figure.seconds($0))" + (trouble.map { ": \($0)" } ?? "") }, began: first)
    if let earlierContract, let first, let index = found.firstIndex(where: { $0.to == first }) {
      found[index].reason = "the metrics of \(service) were read by contract \(earlierContract), which does not hold"
    }
    if let frozenSince { found.append(EvidenceGap(from: frozenSince, to: nil, reason: Self.frozen(service))) }
    return found
  }

  private static func frozen(_ service: ServiceName) -> String {
    "the metrics of \(service) are frozen: its log tells of changes that they do not show"
  }
}
