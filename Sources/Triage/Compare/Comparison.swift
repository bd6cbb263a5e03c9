import Events
import Recording
import Statistics
import WireFormats

/// One run beside good ones: where it first differs, and what else does.
package struct Comparison: Sendable {
  /// So many good runs are learnt from; of fewer only presence is compared, and times are shown.
  package static let fewest = 5
  /// How many candidates are told.
  package static let candidateCount = 3

  /// The run in question.
  package let bad: RunTrace
  /// Good runs.
  package let good: [RunTrace]
  /// Every place at which it differs, the first in the order of causes first.
  package private(set) var divergences: [Divergence] = []
  /// The likeliest beginnings, best first; at most three, each of another lane where there are several.
  package private(set) var candidates: [Divergence] = []
  /// The lane of the first divergence, good runs beside this one.
  package private(set) var excerpt: [ComparedRow] = []
  /// Numbers that were compared.
  package private(set) var figures: [ComparedFigure] = []

  /// Whether nothing differs.
  package var isSame: Bool { divergences.isEmpty && !figures.contains(where: \.differs) }

  /// Why it is not known whether more differs than was found; nil where all of the run was there to be compared.
  package var ignorance: String? {
    if let missing = bad.missing { return missing }
    return bad.isCompleted ? nil : "this run ended before its steps were over"
  }

  /// Whether times and numbers are compared, beside presence.
  package var comparesTimes: Bool { good.count >= Self.fewest }

  /// Compares a run with good ones.
  /// - Throws: without a good run, or where one is of another scenario.
  package init(_ bad: RunTrace, with good: [RunTrace]) throws(Problem) {
    guard !good.isEmpty else { throw Problem(.usage, "there is no good run to compare with", hint: "name one, or record one that passes") }
    for run in good where run.head.scenario != bad.head.scenario {
      let (one, other) = (bad.head.scenario ?? "none", run.head.scenario ?? "none")
      throw Problem(.conflict, "\(run.path) is of scenario \(other), and \(bad.path) of \(one): they do not go together")
    }
    self.bad = bad
    self.good = good
    let names = Set(bad.lanes.keys).union(good.flatMap(\.lanes.keys))
    var rows: [LaneName: [(slot: LaneProfile.Slot?, event: LaneEvent?)]] = [:]
    var rarities: [Divergence] = []
    for name in names {
      let aligned = Self.aligned(bad.lanes[name] ?? [], good.map { $0.lanes[name] ?? [] })
      rows[name] = aligned
      for row in aligned {
        if let found = divergence(row.slot, row.event, name) {
          divergences.append(found)
        } else if let found = rarity(row.slot, row.event, name) {
          rarities.append(found)
        }
      }
    }
    divergences = Self.ordered(divergences, within: tolerance)
    // What a few good runs do too is no divergence; beside one it may be where it came from.
    if !divergences.isEmpty { candidates = Self.best(Self.ordered(divergences + rarities, within: tolerance)) }
    figures = ComparedFigure.all(bad, good, areTested: comparesTimes)
    if let first = candidates.first, let aligned = rows[first.lane] {
      excerpt = aligned.map {
        ComparedRow(good: $0.slot?.first, present: $0.slot?.events.count ?? 0, band: $0.slot.flatMap { band(of: $0) }, event: $0.event)
      }
    }
  }

  /// The events of a lane, kind by kind: only events of one kind stand for each other, and what is told at one moment has no order among
  /// kinds. All of them in order of time.
  private static func aligned(_ bad: [LaneEvent], _ good: [[LaneEvent]]) -> [(slot: LaneProfile.Slot?, event: LaneEvent?)] {
    var kinds = Set(bad.map(\.kind))
    for lane in good { kinds.formUnion(lane.map(\.kind)) }
    var rows: [(slot: LaneProfile.Slot?, event: LaneEvent?)] = []
    for kind in kinds.sorted() {
      let profile = LaneProfile(good.map { lane in lane.filter { $0.kind == kind } })
      rows += profile.aligned(with: bad.filter { $0.kind == kind })
    }
    func time(_ row: (slot: LaneProfile.Slot?, event: LaneEvent?)) -> Double { row.slot?.at ?? row.event?.at ?? 0 }
    return rows.enumerated().sorted { left, right in
      let (one, other) = (time(left.element), time(right.element))
      return one == other ? left.offset < right.offset : one < other
    }.map(\.element)
  }

  /// The polling interval in seconds of the run: what lies nearer together than this has no order.
  private var tolerance: Double { max(1, bad.head.speed) }

  /// How far times may lie from what was seen at least: what says its own time is written within a quarter of a real second, all else is seen
  /// at the next poll.
  private func tolerance(of slot: LaneProfile.Slot) -> Double {
    slot.events.values.allSatisfy(\.hasOwnTime) ? 0.25 * max(1, bad.head.speed) : tolerance
  }

  private func divergence(_ slot: LaneProfile.Slot?, _ event: LaneEvent?, _ lane: LaneName) -> Divergence? {
    guard let slot else { return event.flatMap { extra($0, lane) } }
    guard let event else { return missing(slot, lane) }
    guard slot.labels.contains(event.label) else { return relabelled(event, slot, lane) }
    return shifted(event, slot, lane)
  }

  /// What most good runs have and this one has not, or the other way round; nil for what is usual, and of fewer runs than are learnt from.
  private func rarity(_ slot: LaneProfile.Slot?, _ event: LaneEvent?, _ lane: LaneName) -> Divergence? {
    guard comparesTimes, let slot, let first = slot.first else { return nil }
    let (having, all) = (slot.events.count, good.count)
    if event == nil, having < all, having * 5 >= all * 4, (slot.events.values.map(\.at).max() ?? 0) + tolerance <= bad.end {
      let sentence = "\(lane.text): \(first.text) is missing, as in \(all - having) of \(all) good runs"
      return found(.missing, lane, slot.at, nil, slot, sentence, having: all - having)
    }
    if let event, having * 5 <= all {
      let sentence = "\(lane.text): \(event.text) is there, as in only \(having) of \(all) good runs"
      return found(.extra, lane, event.at, event, slot, sentence, having: having)
    }
    return nil
  }

  private func extra(_ event: LaneEvent, _ lane: LaneName) -> Divergence? {
    // What comes when a good run is over already is no event that it lacks.
    guard let shortest = good.map(\.end).min(), event.at + tolerance <= shortest else { return nil }
    let runs = good.count == 1 ? "the good run has" : "none of \(good.count) good runs has"
    let sentence =
      "\(lane.text): \(event.text) is extra, \(NumberText.rounded(event.at, 1)) s after the beginning: \(runs) such an event there"
    return found(.extra, lane, event.at, event, nil, sentence, having: 0)
  }

  private func missing(_ slot: LaneProfile.Slot, _ lane: LaneName) -> Divergence? {
    guard slot.events.count == good.count, let first = slot.first, let band = band(of: slot) else { return nil }
    let latest = slot.events.values.map(\.at).max() ?? first.at
    guard latest + tolerance <= bad.end else { return nil }
    let runs = good.count == 1 ? "the good run has" : "all \(good.count) good runs have"
    let sentence = "\(lane.text): \(first.text) is missing: \(runs) it \(band.sentence)"
    return found(.missing, lane, slot.at, nil, slot, sentence, having: 0)
  }

  private func relabelled(_ event: LaneEvent, _ slot: LaneProfile.Slot, _ lane: LaneName) -> Divergence? {
    guard let first = slot.first else { return nil }
    let words = slot.labels.sorted().map { $0.isEmpty ? "nothing" : $0 }
    let runs = slot.events.count == 1 ? "the good run says" : "\(slot.events.count) good runs say"
    let label = event.label.isEmpty ? "nothing" : event.label
    let sentence = "\(lane.text): \(event.text) says \(label), where \(runs) \(Figure.list(words, atMost: 4)) (\(first.text))"
    return found(.relabelled, lane, event.at, event, slot, sentence, having: 0)
  }

  private func shifted(_ event: LaneEvent, _ slot: LaneProfile.Slot, _ lane: LaneName) -> Divergence? {
    guard slot.events.count >= Self.fewest, let band = band(of: slot, before: event.at), let anchor = bad.anchor(band.anchor) else {
      return nil
    }
    let offset = event.at - anchor
    guard !band.allowed.contains(offset) else { return nil }
    let late = offset > band.allowed.upperBound
    let by = late ? offset - band.seen.upperBound : band.seen.lowerBound - offset
    let sentence =
      "\(lane.text): \(event.text) came \(NumberText.rounded(by, 1)) s \(late ? "later" : "earlier") than in any of "
      + "\(slot.events.count) good runs: \(NumberText.rounded(offset, 1)) s after \(band.anchor), there \(band.sentence)"
    return found(.shifted, lane, min(event.at, anchor + band.seen.upperBound), event, slot, sentence, having: 0)
  }

  private func found(
    _ kind: Divergence.Kind, _ lane: LaneName, _ at: Double, _ event: LaneEvent?, _ slot: LaneProfile.Slot?, _ sentence: String, having: Int
  ) -> Divergence {
    let other = slot?.events.min { $0.key < $1.key }.map { Divergence.GoodEvent(run: $0.key, event: $0.value) }
    return Divergence(
      kind: kind, lane: lane, at: at, event: event, good: other, sentence: sentence,
      similarity: Ochiai.similarity(bad: Proportion(1, of: 1), good: Proportion(having, of: good.count)))
  }

  /// When good runs have it, after the anchor nearest before it that all runs share.
  /// - Parameter time: when this run has it; an anchor that comes later there is none for it.
  private func band(of slot: LaneProfile.Slot, before time: Double = .infinity) -> TimeBand? {
    guard let run = slot.events.keys.min(), let event = slot.events[run] else { return nil }
    let shared = good[run].anchors.filter { anchor in
      guard let own = bad.anchor(anchor.key), own <= time else { return false }
      return anchor.at <= event.at && slot.events.keys.allSatisfy { good[$0].anchor(anchor.key) != nil }
    }
    guard let anchor = shared.last else { return nil }
    let offsets = slot.events.compactMap { run, event in good[run].anchor(anchor.key).map { event.at - $0 } }
    guard let spread = Spread(offsets) else { return nil }
    let margin = max(1.5 * spread.interquartileRange, tolerance(of: slot))
    return TimeBand(anchor: anchor.key, seen: spread.low...spread.high, allowed: spread.low - margin...spread.high + margin)
  }

  /// By time; what lies within the tolerance of the earliest in the order of causes.
  private static func ordered(_ divergences: [Divergence], within seconds: Double) -> [Divergence] {
    // Times of one moment differ by less than a millisecond: then the history's order counts.
    func place(_ divergence: Divergence) -> (Double, Int, String, EventNumber) {
      let number = divergence.event?.number ?? divergence.good?.event.number ?? EventNumber(0)
      return ((divergence.at * 100).rounded(), divergence.lane.entity.rank, divergence.lane.text, number)
    }
    var rest = divergences.sorted { place($0) < place($1) }
    var ordered: [Divergence] = []
    while let first = rest.first {
      let near = rest.prefix { $0.at <= first.at + seconds }
      ordered += near.enumerated().sorted { ($0.element.lane.entity.rank, $0.offset) < ($1.element.lane.entity.rank, $1.offset) }.map(
        \.element)
      rest.removeFirst(near.count)
    }
    return ordered
  }

  /// The best by similarity, then by order; each lane once as long as there are others.
  private static func best(_ divergences: [Divergence]) -> [Divergence] {
    let ranked = divergences.enumerated().sorted { ($1.element.similarity, $0.offset) < ($0.element.similarity, $1.offset) }.map(\.element)
    var lanes: Set<LaneName> = []
    let firsts = ranked.filter { lanes.insert($0.lane).inserted }
    return Array((firsts + ranked.filter { !firsts.contains($0) }).prefix(candidateCount))
  }
}

/// A place of a lane in good runs, beside the same place in this run.
package struct ComparedRow: Hashable, Sendable {
  /// The event in a good run; nil where none has it.
  package let good: LaneEvent?
  /// How many good runs have it.
  package let present: Int
  /// When they have it; nil where that cannot be said.
  let band: TimeBand?
  /// The event in this run; nil where it has none.
  package let event: LaneEvent?
}
