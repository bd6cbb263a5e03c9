import Events
import RunModel
import WireFormats

/// A moment of a recording as people write it: `00:52`, `52.5`, `#4711.1`, `violation`, `end`.
package enum RecordedPlace: Hashable, Sendable {
  /// So long after the beginning of the run.
  case time(RunInstant)
  /// When an event arrived.
  case event(EventNumber)
  /// At the first violation.
  case violation
  /// At the end.
  case end

  /// Reads a place; nil for what is none.
  package init?(_ text: String) {
    switch text {
    case "violation": self = .violation
    case "end": self = .end
    case _ where text.hasPrefix("#"):
      guard let number = EventNumber(text: text) else { return nil }
      self = .event(number)
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard (1...3).contains(parts.count) else { return nil }
      var seconds = 0.0
      for (index, part) in parts.enumerated() {
        guard let value = Double(part), value.isFinite, value >= 0, value < 1e9, index == 0 || value < 60,
          part.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        seconds = seconds * 60 + value
      }
      self = .time(RunInstant(seconds: seconds))
    }
  }
}

extension RecordedHistory {
  /// The instant of a place.
  /// - Throws: where there is no such event, or no violation.
  package func instant(of place: RecordedPlace) throws(Problem) -> RunInstant {
    try readAll()
    switch place {
    case .time(let instant): return min(max(instant, beginning), end.now)
    case .event(let number):
      guard let instant = try instant(of: number) else { throw Problem(.unknownName, "the recording has no event #\(number)") }
      return instant
    case .violation:
      guard let first = moments.violations.first else { throw Problem(.negative, "nothing is violated in the recording") }
      return first
    case .end: return end.now
    }
  }
}
