import Contracts
import Events
import ProcessGuard
import RunModel

/// Turns lines of one service's log into events: lines in bounded batches, and the happenings a contract reads from them, in order.
///
/// As long as it is not settled which contract holds, the latest lines are kept aside; when one comes, or another one, their happenings are
/// told by it, before those of newer lines.
struct LogReader: Sendable {
  /// How many lines one event carries at most.
  static let batchLimit = 256
  /// How many bytes of lines are kept to be read by another contract at most, with what each line costs besides.
  static let heldBytes = 16 * 1024 * 1024
  private static let lineCost = 48

  /// Which lines stood in the log before it was followed: of those only their own time says when they were written.
  enum Past: Sendable {
    case none, all
    /// Those that say that they are older than this.
    case before(WallTime)

    /// Whether a line is one of them.
    func contains(_ line: LogLine) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .before(let begin): line.reportedAt.map { $0 < begin } ?? false
      }
    }
  }

  /// For how long a command or an engine that is asked for a log may still print what was in it before, in seconds.
  static let pastSeconds = 3.0

  let id: SourceID
  /// Which of the lines that are read now are the log's past.
  var past = Past.none
  /// When the lines that are read now were written at the latest: the date of those that write only the time of day.
  var now: WallTime?

  /// A line that is kept to be read by another contract.
  private struct HeldLine {
    var text: String
    /// Which lines were the log's past when it was read: whether it is one of them only its time says, which a contract reads.
    var past: Past
    /// When it was read, or written, at the latest.
    var readAt: WallTime?
  }

  private let hostUTCOffsetSeconds: Int
  private var matcher: LogMatcher?
  private var held: [HeldLine] = []
  private var heldSize = 0
  /// How many lines are no longer kept.
  private var dropped = 0
  /// Whether the contract may still become another one: then what was read is kept.
  private var isOpen = true
  private var contract: Contract?
  /// What lines told before told nothing of, as no contract was known.
  private var late: [RunEvent] = []

  init(id: SourceID, contract: Contract?, hostUTCOffsetSeconds: Int) {
    self.id = id
    self.hostUTCOffsetSeconds = hostUTCOffsetSeconds
    self.contract = contract
    matcher = contract.map { LogMatcher(contract: $0, hostUTCOffsetSeconds: hostUTCOffsetSeconds) }
  }

  /// Whether something is to be told although no line comes.
  var isBehind: Bool { !late.isEmpty }

  /// From now on lines are read by this contract; what was read before is told by it with the next ``read(_:)``. Where another contract told
  /// it before, or not all of it is left, a ``LogReading`` comes first: from there on this one holds.
  /// - Returns: whether another contract told what was read until now, so that nothing of it holds before that ``LogReading``.
  @discardableResult
  mutating func use(_ contract: Contract?) -> Bool {
    guard contract != self.contract else { return false }
    let isOther = self.contract != nil && contract != nil
    self.contract = contract
    guard let contract else {
      matcher = nil
      return false
    }
    var fresh = LogMatcher(contract: contract, hostUTCOffsetSeconds: hostUTCOffsetSeconds)
    // What is late was told by the contract before.
    late.removeAll()
    var found = LogReading.Found()
    var told: [RunEvent] = []
    for line in held {
      fresh.reference = line.readAt ?? now
      let match = fresh.match(line.text, service: id.service)
      let isPast = line.past.contains(match.line)
      if !isPast { found.note(match.line, isContinuation: match.isContinuation, readAt: line.readAt) }
      for var happening in match.happenings {
        happening.isPast = isPast
        happening.readAt = line.readAt
        told.append(.happening(happening))
      }
    }
    // Of lines that no contract told before, only what their happenings do not say.
    if isOther || dropped > 0 || !found.loud.isEmpty {
      let reading = LogReading(
        contract: contract.name, lines: held.count, dropped: dropped, isFirst: isOther ? nil : true, found: found)
      late.append(.happening(Happening(.logReadAgain(reading), service: id.service, provenance: .own)))
    }
    late += told
    matcher = fresh
    return isOther
  }

  /// The contract stays as it is: nothing is kept to be read again.
  mutating func settle() {
    isOpen = false
    held.removeAll()
    heldSize = 0
  }

  /// The events of some lines: every line, and each happening right after the batch that ends with its line; before them what is late.
  mutating func read(_ lines: [String]) -> [RunEvent] {
    var events = late
    late.removeAll()
    var batch: [LogLine] = []
    for text in lines {
      if isOpen { hold(text) }
      guard var matcher else {
        var line = LogLine(service: id.service, text: text)
        line.isPast = past.contains(line)
        batch.append(line)
        if batch.count == Self.batchLimit { flush(&batch, to: &events) }
        continue
      }
      // Taken out while it changes, so that its memory is not copied for each line.
      self.matcher = nil
      matcher.reference = now
      var match = matcher.match(text, service: id.service)
      self.matcher = matcher
      match.line.isPast = past.contains(match.line)
      batch.append(match.line)
      if batch.count == Self.batchLimit || !match.happenings.isEmpty { flush(&batch, to: &events) }
      events += match.happenings.map { RunEvent.happening(match.line.isPast ? $0.past : $0) }
    }
    flush(&batch, to: &events)
    return events
  }

  private func flush(_ batch: inout [LogLine], to events: inout [RunEvent]) {
    guard !batch.isEmpty else { return }
    events.append(.logLines(batch))
    batch.removeAll(keepingCapacity: true)
  }

  private mutating func hold(_ text: String) {
    held.append(HeldLine(text: text, past: past, readAt: now))
    heldSize += text.utf8.count + Self.lineCost
    // Thrown away by the quarter, so that each line does not move all others.
    guard heldSize > Self.heldBytes else { return }
    var count = 0
    while heldSize > Self.heldBytes / 4 * 3, count < held.count {
      heldSize -= held[count].text.utf8.count + Self.lineCost
      count += 1
    }
    held.removeFirst(count)
    dropped += count
  }
}

extension Happening {
  /// The same, of a line that stood in its log before it was followed.
  fileprivate var past: Happening {
    var happening = self
    happening.isPast = true
    return happening
  }
}
