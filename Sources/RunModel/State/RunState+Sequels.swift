import Contracts
import Events
import SpeechProtocol

/// What a second line adds to what the line before told.
extension RunState {
  /// Completes the newest entry and its row; counts nothing.
  mutating func applySequel(_ happening: Happening) {
    defer { enter(nil) }
    switch happening.kind {
    case .backpressure(let more):
      guard let event = backpressure.complete(with: more) else { return }
      renew(.backpressure(event)) { $0.category == .backpressure }
    case .fragment(let fragment):
      guard let id = fragment.fragmentID else { return }
      let name = String(id.prefix(8))
      renew(.fragment(fragment)) { $0.category == .fragment && $0.text.contains(name) }
    default: break
    }
  }

  /// Gives the newest row that is meant the words of a happening that knows more.
  private mutating func renew(_ kind: Happening.Kind, where isMeant: (EventRow) -> Bool) {
    guard let row = kind.row(syncMilliseconds: thresholds.syncMilliseconds) else { return }
    let text = row.sentence + streamSuffix(of: kind)
    rows.updateLast(depth: 16, where: isMeant) { $0.text = text }
  }
}

extension BackpressureTrack {
  /// Adds to the newest entry what it lacks.
  /// - Returns: the whole of it; nil where there is none of the kind.
  mutating func complete(with more: BackpressureEvent) -> BackpressureEvent? {
    guard let last = entries.indices.last, entries[last].event.action == more.action else { return nil }
    var event = entries[last].event
    event.recommendedDelayMilliseconds = event.recommendedDelayMilliseconds ?? more.recommendedDelayMilliseconds
    event.severity = event.severity ?? more.severity
    entries[last].event = event
    return event
  }
}
