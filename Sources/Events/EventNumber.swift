/// The number of an event in a run's history: the one that the screen, plain lines, JUnit, JSON and recordings share.
///
/// What arrives is numbered from 0, without holes. A decision of the judge stands beside the number that decided it, as the first,
/// second, … part of it: `#4711.1`.
package struct EventNumber: Codable, Hashable, Sendable {
  /// Position among what arrived, from 0.
  package let sequence: UInt64
  /// 0 for what arrived; from 1 for what the judge said of it.
  package let part: UInt32

  /// A number.
  package init(_ sequence: UInt64, part: UInt32 = 0) {
    self.sequence = sequence
    self.part = part
  }
}

extension EventNumber: Comparable {
  /// In the order of the history.
  package static func < (left: EventNumber, right: EventNumber) -> Bool { (left.sequence, left.part) < (right.sequence, right.part) }
}

extension EventNumber: CustomStringConvertible {
  /// "4711", or "4711.1" for a decision.
  package var description: String { part == 0 ? String(sequence) : "\(sequence).\(part)" }
}
