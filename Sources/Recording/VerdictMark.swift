import Events
import MCAP
import RunModel
import WireFormats

/// How the run stood when this was written: metadata `dubwatch.verdict`, of which the newest is near the end of any part of a recording.
package struct VerdictMark: Hashable, Sendable {
  /// The name of its metadata.
  package static let name = "dubwatch.verdict"

  /// Whether the run passed, as far as is known.
  package var outcome = VerdictTrack.Outcome.open
  /// How many expectations stand how.
  package var counts = VerdictCounts()
  /// The newest event that is recorded.
  package var newest = EventNumber(0)
  /// The run's newest instant, in nanoseconds.
  package var nanoseconds: Int64 = 0
  /// Why the run ended by itself; nil while it goes on, or where somebody else ended it.
  package var endReason: String?
  /// The number of the first decision that something is violated.
  package var firstViolation: EventNumber?
  /// Whether the recorder wrote all of the run.
  package var isWhole = false

  /// Nothing known yet.
  package init() {}

  /// How long the run took, in seconds.
  package var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Takes in an event. What decides follows from the expectations of the run's description and the judge's decisions.
  mutating func note(_ envelope: EventEnvelope, _ track: inout VerdictTrack) {
    newest = max(newest, envelope.number)
    nanoseconds = max(nanoseconds, envelope.instant.nanoseconds)
    switch envelope.event {
    case .description(let description): track.adopt(description)
    case .verdict(let change):
      _ = track.note(change)
      if change.verdict.standing == .violated, firstViolation == nil { firstViolation = envelope.number }
    case .happening(let happening):
      if case .runEnded(let reason) = happening.kind { endReason = reason }
    case .sample, .logLines, .sourceStatus, .tick: return
    }
    (outcome, counts) = (track.outcome, track.counts)
  }
}

extension VerdictMark {
  /// As it is written.
  package var metadata: MCAPMetadata {
    var texts: [String: String] = ["outcome": outcome.rawValue, "newest": newest.description, "nanoseconds": String(nanoseconds)]
    texts["met"] = String(counts.met)
    texts["violated"] = String(counts.violated)
    texts["pending"] = String(counts.pending)
    texts["unobservable"] = String(counts.unobservable)
    texts["whole"] = isWhole ? "yes" : "no"
    texts["end"] = endReason
    texts["first_violation"] = firstViolation?.description
    return MCAPMetadata(name: Self.name, checked: texts)
  }

  /// Reads it back; nil where it is damaged.
  package init?(_ metadata: MCAPMetadata) {
    guard metadata.name == Self.name, let texts = try? metadata.checkedTexts(),
      let outcome = texts["outcome"].flatMap(VerdictTrack.Outcome.init(rawValue:)),
      let newest = texts["newest"].flatMap(EventNumber.init(text:)),
      let nanoseconds = texts["nanoseconds"].flatMap({ Int64($0) })
    else { return nil }
    func count(_ key: String) -> Int { texts[key].flatMap { Int($0) } ?? 0 }
    self.outcome = outcome
    self.newest = newest
    self.nanoseconds = nanoseconds
    counts = VerdictCounts()
    counts.met = count("met")
    counts.violated = count("violated")
    counts.pending = count("pending")
    counts.unobservable = count("unobservable")
    endReason = texts["end"]
    firstViolation = texts["first_violation"].flatMap(EventNumber.init(text:))
    isWhole = texts["whole"] == "yes"
  }
}

extension EventNumber {
  /// Reads `4711` or `4711.1`, also with the `#` before it; nil for anything else.
  package init?(text: String) {
    let parts = text.drop { $0 == "#" }.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let sequence = UInt64(parts[0]), let part = parts.count == 1 ? 0 : UInt32(parts[1]) else {
      return nil
    }
    self.init(sequence, part: part)
  }
}
