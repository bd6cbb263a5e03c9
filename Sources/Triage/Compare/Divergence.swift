import Events
import WireFormats

/// One place at which a run differs from good ones.
package struct Divergence: Hashable, Sendable {
  /// How it differs.
  package enum Kind: String, Hashable, Sendable {
    /// Every good run has it, this one has not.
    case missing
    /// No good run has it.
    case extra
    /// It says another thing than in any good run.
    case relabelled
    /// It came earlier or later than in all good runs, by more than they differ among each other.
    case shifted
  }

  /// How it differs.
  package let kind: Kind
  /// What differs.
  package let lane: LaneName
  /// Where, in seconds since the scenario began: of what is missing, where the good runs have it.
  package let at: Double
  /// The event of this run; nil where it is missing.
  package let event: LaneEvent?
  /// The event in a good run, and which one it is; nil where none has it.
  package let good: GoodEvent?
  /// The sentence; may carry text from outside, not escaped.
  package let sentence: String
  /// How much it goes with the bad run alone: Ochiai's similarity, 0 to 1.
  package let similarity: Double

  /// An event of a good run.
  package struct GoodEvent: Hashable, Sendable {
    /// The run, by its index among the good ones.
    package let run: Int
    /// The event.
    package let event: LaneEvent
  }
}

/// When something happens in good runs, relative to an anchor that all runs share.
struct TimeBand: Hashable, Sendable {
  /// The anchor's key.
  let anchor: String
  /// The earliest and the latest that was seen, in seconds after the anchor.
  let seen: ClosedRange<Double>
  /// The same, widened by what good runs differ among each other.
  let allowed: ClosedRange<Double>

  /// "8.9 to 9.1 s after step 2".
  var sentence: String {
    let (low, high) = (NumberText.rounded(seen.lowerBound, 1), NumberText.rounded(seen.upperBound, 1))
    return low == high ? "\(low) s after \(anchor)" : "\(low) to \(high) s after \(anchor)"
  }
}
