import Contracts
import Events
import RunModel

/// What one service's log is worth as a witness: what was read of it in the run, and what of that was understood.
struct LogWitness: Sendable {
  /// Lines written in the run that were read.
  private(set) var lines = 0
  /// Those of them that a template of the contract recognised.
  private(set) var recognised = 0
  /// The lowest level of a line; nil where none had one.
  private(set) var lowestLevel: LogLevel?
  /// What it told of, by the topic.
  private(set) var topics: EventKinds = []
  private(set) var coverage = Coverage()
  /// The first line whose form could be read.
  private(set) var firstReadable: RunInstant?
  /// Whether the service ended or was stopped, and nothing is to be expected of its log.
  private(set) var isAtRest = false
  /// How much of a file is written and not read yet, in bytes.
  private(set) var unreadBytes: Int?
  /// Why it cannot be read now; nil while it can.
  private(set) var trouble: String?

  /// Takes in lines that were written in the run.
  mutating func note(
    _ new: [LogLine], at instant: RunInstant, patience: Double, rest: RunInstant?, of service: ServiceName, isOfRun: (LogLine) -> Bool
  ) {
    var isReadable = false
    for line in new where isOfRun(line) {
      lines += 1
      if line.isMatched { recognised += 1 }
      if let level = line.level { if lowestLevel.map({ level < $0 }) ?? true { lowestLevel = level } }
      if line.isMatched || line.reportedAt != nil { isReadable = true }
    }
    guard isReadable else { return }
    firstReadable = firstReadable ?? instant
    coverage.note(at: instant, patience: isAtRest ? .infinity : patience, rest: rest) { Self.silence($0, of: service) }
  }

  /// Takes in what it told.
  mutating func note(_ kind: HappeningKind) {
    topics.formUnion(EventKinds(kind.topic))
    // What goes through is no rest, whatever was said of a stop before.
    if kind.topic == .fragments || kind.topic == .segments { isAtRest = false }
  }

  /// The times in which lines are, or may be, lost: silence is none.
  private(set) var losses: [EvidenceGap] = []
  var loss: EvidenceGap? { losses.first }

  private mutating func add(_ loss: EvidenceGap) { if losses.count < 32 { losses.append(loss) } else { losses[31].to = loss.to } }

  mutating func rest() { isAtRest = true }
  mutating func goOn() { isAtRest = false }

  mutating func note(_ status: SourceStatus, of service: ServiceName, at instant: RunInstant) {
    unreadBytes = status.unreadBytes
    switch status.standing {
    case .reading:
      if let trouble {
        let gap = EvidenceGap(from: coverage.last ?? instant, to: instant, reason: "the log of \(service) could not be read: \(trouble)")
        if firstReadable != nil { add(gap) }
      }
      trouble = nil
    case .failing(let reason, _, _), .ended(let reason): trouble = reason
    }
  }

  /// Lines of it are, or may be, lost.
  mutating func lose(_ loss: LostLines, of service: ServiceName, at instant: RunInstant) {
    add(EvidenceGap(from: coverage.last ?? instant, to: instant, reason: "\(loss.sentence) (\(service))"))
  }

  /// Whether at least one line was recognised, or lines of any words are what the contract expects and their form could be read.
  func isUnderstood(_ contract: Contract) -> Bool { recognised > 0 || (contract.expectsUnmatched && firstReadable != nil) }

  /// What is not known of it between two moments.
  /// - Parameters:
  ///   - rest: since when the service has nothing to say, as nothing goes in any more.
  ///   - isIdle: whether something else shows that nothing went through in a time: then silence is no gap.
  func gaps(
    of service: ServiceName, from: RunInstant, to end: RunInstant, patience: Double, rest: RunInstant?,
    isIdle: (RunInstant, RunInstant) -> Bool
  ) -> [EvidenceGap] {
    var found = coverage.gaps(
      from: from, to: end, patience: isAtRest ? .infinity : patience, rest: rest, reason: { Self.silence($0, of: service) },
      began: firstReadable
    ).filter { gap in !(gap.to.map { isIdle(gap.from, $0) } ?? false) }
    found += losses.filter { $0.from < end && ($0.to ?? end) > from }
    found.sort { $0.from < $1.from }
    if let trouble, !isAtRest {
      found.append(EvidenceGap(from: coverage.last ?? from, to: nil, reason: "the log of \(service) cannot be read: \(trouble)"))
    }
    if let unreadBytes {
      found.append(
        EvidenceGap(from: coverage.last ?? from, to: nil, reason: "\(Figure.bytes(unreadBytes)) of the log of \(service) were not read yet")
      )
    }
    return found
  }

  private static func silence(_ seconds: Double, of service: ServiceName) -> String {
    "the log of \(service) said nothing for \(Figure.seconds(seconds))"
  }
}
