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
  /// When lines came, whatever their form, and the first of them.
  private(set) var arrivals = Coverage()
  private(set) var firstArrival: RunInstant?
  /// What another contract read of it, until it is read again.
  private var earlier: Earlier?
  /// The first line whose form could be read.
  private(set) var firstReadable: RunInstant?
  /// Whether the service ended or was stopped, and nothing is to be expected of its log.
  private(set) var isAtRest = false
  private(set) var restedAt: RunInstant?
  /// How much of a file is written and not read yet, in bytes.
  private(set) var unreadBytes: Int?
  /// Why it cannot be read now; nil while it can.
  private(set) var trouble: String?

  /// Takes in lines that were written in the run.
  mutating func note(
    _ new: [LogLine], at instant: RunInstant, patience: Double, rest: RunInstant?, of service: ServiceName, isOfRun: (LogLine) -> Bool
  ) {
    var isReadable = false
    var isNew = false
    for line in new where isOfRun(line) {
      isNew = true
      lines += 1
      if line.isMatched { recognised += 1 }
      if let level = line.level { if lowestLevel.map({ level < $0 }) ?? true { lowestLevel = level } }
      if line.isForeign { foreign = (foreign.count + 1, foreign.since ?? instant, instant) }
      if line.isReadable { isReadable = true }
    }
    if isNew {
      firstArrival = firstArrival ?? instant
      arrivals.note(at: instant, patience: isAtRest ? .infinity : patience, rest: rest) { Self.silence($0, of: service) }
    }
    guard isReadable else { return }
    if let unread = foreignGap(of: service, until: instant) { Self.add(unread, to: &strange) }
    foreign = (0, nil, instant)
    firstReadable = firstReadable ?? instant
    coverage.note(at: instant, patience: isAtRest ? .infinity : patience, rest: rest) { Self.silence($0, of: service) }
  }

  /// Lines that are built in another way than the contract has it, since the last that could be read.
  private var foreign: (count: Int, since: RunInstant?, last: RunInstant) = (0, nil, .zero)

  /// A time in which nothing but such lines came: one between others is a stranger, many are another log.
  private func foreignGap(of service: ServiceName, until end: RunInstant?) -> EvidenceGap? {
    guard foreign.count >= 3, let since = foreign.since, foreign.last.seconds(since: since) >= 1 else { return nil }
    return EvidenceGap(
      from: coverage.last ?? since, to: end,
      reason: "\(Figure.count(foreign.count, "line")) of the log of \(service) are not built as the contract has it")
  }

  /// Takes in what it told.
  mutating func note(_ kind: HappeningKind) {
    // The line that decided the contract was read before it was known.
    recognised = max(recognised, 1)
    topics.formUnion(EventKinds(kind.topic))
    // What goes through is no rest, whatever was said of a stop before.
    if kind.topic == .fragments || kind.topic == .segments { isAtRest = false }
  }

  /// The times in which lines are, or may be, lost: silence is none.
  var losses: [EvidenceGap] { lost + strange }
  var loss: EvidenceGap? { losses.first }
  private var lost: [EvidenceGap] = []
  /// Those in which they came and the contract could not read them.
  private var strange: [EvidenceGap] = []

  private static func add(_ loss: EvidenceGap, to losses: inout [EvidenceGap]) {
    if losses.count < 32 { losses.append(loss) } else { losses[31].to = loss.to }
  }

  mutating func rest(at instant: RunInstant) {
    isAtRest = true
    restedAt = instant
  }
  mutating func goOn() { isAtRest = false }

  mutating func note(_ status: SourceStatus, of service: ServiceName, at instant: RunInstant) {
    unreadBytes = status.unreadBytes
    switch status.standing {
    case .reading:
      if let trouble {
        let gap = EvidenceGap(from: coverage.last ?? instant, to: instant, reason: "the log of \(service) could not be read: \(trouble)")
        if firstReadable != nil { Self.add(gap, to: &lost) }
      }
      trouble = nil
    case .failing(let reason, _, _), .ended(let reason): trouble = reason
    }
  }

  /// Lines of it are, or may be, lost.
  mutating func lose(_ loss: LostLines, of service: ServiceName, at instant: RunInstant) {
    Self.add(EvidenceGap(from: coverage.last ?? instant, to: instant, reason: "\(loss.sentence) (\(service))"), to: &lost)
  }

  /// Whether at least one line was recognised, or lines of any words are what the contract expects and their form could be read.
  func isUnderstood(_ contract: Contract) -> Bool { recognised > 0 || (contract.expectsUnmatched && firstReadable != nil) }

  /// What is not known of it between two moments.
  /// - Parameters:
  ///   - rest: since when the service has nothing to say, as nothing goes in any more.
  ///   - hasMoved: whether something else shows that something went through after a moment.
  ///   - isIdle: whether something else shows that nothing went through in a time: then silence is no gap.
  func gaps(
    of service: ServiceName, from: RunInstant, to end: RunInstant, patience: Double, rest: RunInstant?,
    isIdle: (RunInstant, RunInstant) -> Bool, hasMoved: (RunInstant) -> Bool
  ) -> [EvidenceGap] {
    // A service that counts on does not rest, whatever its log said.
    let isAtRest = isAtRest && !(restedAt.map(hasMoved) ?? false)
    var found = coverage.gaps(
      from: from, to: end, patience: isAtRest ? .infinity : patience, rest: rest, reason: { Self.silence($0, of: service) },
      began: earlier == nil ? firstReadable : firstArrival
    ).filter { gap in !(gap.to.map { isIdle(gap.from, $0) } ?? false) }
    found += losses.filter { $0.from < end && ($0.to ?? end) > from }
    if let unread = foreignGap(of: service, until: nil) { found.append(unread) }
    if earlier != nil, let firstArrival, firstArrival < end {
      let reason = "the log of \(service) was read by a contract that does not hold, and was not read again"
      found.append(EvidenceGap(from: max(from, firstArrival), to: firstReadable, reason: reason))
    }
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

  // MARK: Another contract

  private struct Earlier: Sendable {
    var coverage: Coverage
    var firstReadable: RunInstant?
    var lowestLevel: LogLevel?
  }

  /// Takes over from a witness whose contract does not hold: which lines came, and which were lost. What they told does not count.
  mutating func takeOver(_ old: LogWitness) {
    lines = old.lines
    arrivals = old.arrivals
    firstArrival = old.firstArrival
    lost = old.lost
    guard old.lines > 0 else { return }
    earlier = old.earlier ?? Earlier(coverage: old.coverage, firstReadable: old.firstReadable, lowestLevel: old.lowestLevel)
  }

  /// It is read again by another contract: where that one can read all lines, nothing before is unread.
  mutating func note(_ reading: LogReading, at instant: RunInstant, patience: Double, rest: RunInstant?, of service: ServiceName) {
    if reading.dropped > 0, let firstArrival {
      let lines = "\(Figure.count(reading.dropped, "line")) of the log of \(service)"
      let reason = "\(lines), read before contract \(reading.contract) was found, are no longer kept: what they told is not known"
      Self.add(EvidenceGap(from: firstArrival, to: instant, reason: reason), to: &lost)
    }
    guard let earlier else { return }
    self.earlier = nil
    if let before = earlier.lowestLevel, let again = reading.found?.lowestLevel {
      // Lines from before the run are among those that are read again.
      let level = max(before, again)
      lowestLevel = min(lowestLevel ?? level, level)
    }
    let isWhole = reading.dropped == 0 && reading.found?.unreadable == 0
    if isWhole, reading.found?.aside == 0 {
      coverage = arrivals
      firstReadable = firstArrival
      return
    }
    var joined = earlier.coverage
    joined.join(coverage, from: firstReadable, patience: isAtRest ? .infinity : patience, rest: rest) { Self.silence($0, of: service) }
    coverage = joined
    if isWhole, let first = earlier.firstReadable {
      firstReadable = first
      return
    }
    guard let firstArrival else { return }
    firstReadable = firstArrival
    let reason = "not all lines of the log of \(service) that were read before contract \(reading.contract) was found can be read by it"
    if reading.dropped == 0 { Self.add(EvidenceGap(from: firstArrival, to: instant, reason: reason), to: &strange) }
  }

  private static func silence(_ seconds: Double, of service: ServiceName) -> String {
    "the log of \(service) said nothing for \(Figure.seconds(seconds))"
  }
}
