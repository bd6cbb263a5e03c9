import Events
import RunModel

/// The times in which one source was read and understood, kept as its last good moment and the gaps before.
struct Coverage: Sendable {
  /// How many gaps are kept; later ones are joined to the last.
  private static let kept = 32

  /// The newest moment at which it was good; nil before the first.
  private(set) var last: RunInstant?
  private(set) var gaps: [EvidenceGap] = []

  /// It is good at this moment: nothing is known of the time before, where that is longer than it may be silent.
  /// - Parameters:
  ///   - patience: how long it may be silent, in seconds.
  ///   - rest: since when it may be silent for as long as it likes; nil where there is no such moment.
  ///   - reason: what is to be said of a longer silence, given its seconds.
  mutating func note(at instant: RunInstant, patience: Double, rest: RunInstant? = nil, reason: (Double) -> String) {
    defer { last = max(last ?? instant, instant) }
    guard let last else { return }
    let silence = min(instant, rest ?? instant).seconds(since: last)
    if silence > patience { add(EvidenceGap(from: last, to: instant, reason: reason(silence))) }
  }

  /// Nothing is known of a time.
  mutating func add(_ gap: EvidenceGap) {
    if gaps.count == Self.kept { gaps[Self.kept - 1].to = gap.to } else { gaps.append(gap) }
  }

  /// What follows, from its first good moment on.
  mutating func join(_ later: Coverage, from first: RunInstant?, patience: Double, rest: RunInstant?, reason: (Double) -> String) {
    guard let first, let end = later.last else { return }
    note(at: first, patience: patience, rest: rest, reason: reason)
    for gap in later.gaps { add(gap) }
    last = max(first, end)
  }

  /// The gaps that matter for a time: those that reach into it, and the silence at both of its ends where that is too long.
  func gaps(
    from: RunInstant, to end: RunInstant, patience: Double, rest: RunInstant? = nil, reason: (Double) -> String, began: RunInstant?
  ) -> [EvidenceGap] {
    var found = gaps.filter { $0.from < end && ($0.to ?? end) > from }
    if let began, began.seconds(since: from) > patience {
      found.insert(EvidenceGap(from: from, to: began, reason: reason(began.seconds(since: from))), at: 0)
    }
    if let last, min(end, rest ?? end).seconds(since: last) > patience {
      found.append(EvidenceGap(from: last, to: nil, reason: reason(end.seconds(since: last))))
    }
    return found
  }
}
