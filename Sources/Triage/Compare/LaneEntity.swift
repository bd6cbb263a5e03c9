import Events
import MediaSync

/// What a lane is about, with its place in the order of causes: a row of a table.
package struct LaneEntity: Hashable, Sendable {
  /// Its word: `breaker`.
  package let word: String
  /// Its place: what may be the cause of another comes before it.
  package let rank: Int

  static let steps = LaneEntity(word: "steps", rank: 0)
  static let fault = LaneEntity(word: "fault", rank: 0)
  static let service = LaneEntity(word: "service", rank: 1)
  static let publisher = LaneEntity(word: "publisher", rank: 1)
  static let connection = LaneEntity(word: "connection", rank: 2)
  static let breaker = LaneEntity(word: "breaker", rank: 3)
  static let backpressure = LaneEntity(word: "backpressure", rank: 3)
  static let fragments = LaneEntity(word: "fragments", rank: 4)
  static let segments = LaneEntity(word: "segments", rank: 5)
  static let sync = LaneEntity(word: "sync", rank: 6)

  /// By what a happening is about; nil for what is compared in no lane.
  static func of(_ topic: HappeningKind.Topic) -> LaneEntity? {
    switch topic {
    case .scenario: steps
    case .faults: fault
    case .lifecycle: service
    case .publisher: publisher
    case .connection: connection
    case .breaker: breaker
    case .backpressure: backpressure
    case .fragments: fragments
    case .segments: segments
    case .streams: sync
    case .others: nil
    }
  }
}

/// One thing whose events are compared with each other: a service, the breaker, the segments of a track.
package struct LaneName: Hashable, Sendable {
  /// What it is about.
  package let entity: LaneEntity
  /// Which one: the service, the kind of fault, the track; empty where there is one. May carry text from outside, not escaped.
  package let name: String

  /// "breaker", "service echo-sts".
  package var text: String { name.isEmpty ? entity.word : "\(entity.word) \(name)" }
}

/// One event of a lane.
package struct LaneEvent: Hashable, Sendable {
  /// What kind it is: only events of one kind stand for each other.
  package var kind: String
  /// What it says beside its kind, of a closed list of words: the state, the code, the action.
  package var label: String
  /// The number that counts it, where it has one: of a fragment, a segment, an attempt.
  package var sequence: Int?
  /// When it occurred, in seconds since the scenario began.
  package var at: Double
  /// Its number in the history.
  package var number: EventNumber
  /// Whether whoever did it says when: else it was seen at the next look, up to a polling interval later.
  package var hasOwnTime = false
  /// Its sentence; may carry text from outside, not escaped.
  package var text: String

  /// Its kind and label: "breaker open".
  package var name: String { [kind, label].filter { !$0.isEmpty }.joined(separator: " ") }
}

extension LaneEvent {
  /// The event of a happening, and its lane; nil for what is compared in no lane.
  static func of(_ happening: Happening, at: Double, number: EventNumber, syncMilliseconds: Double) -> (LaneName, LaneEvent)? {
    let kind = happening.kind.descriptor
    guard let entity = LaneEntity.of(kind.topic) else { return nil }
    var event = LaneEvent(kind: kind.word, label: "", at: at, number: number, text: "")
    // A word of a closed list; of a free one (a reason, a name) runs differ by nature.
    if let counting = kind.counting, counting.words?.isEmpty == false { event.label = counting.word(happening) }
    if happening.provenance == .inferred { event.kind += " (concluded from metrics)" }
    event.hasOwnTime = happening.reportedAt != nil || happening.provenance == .own
    event.text = happening.kind.row(syncMilliseconds: syncMilliseconds)?.sentence ?? event.name
    var name = ""
    switch happening.kind {
    case .fragment(let fragment): event.sequence = fragment.sequenceNumber
    case .segment(let segment):
      event.sequence = segment.index
      name = [segment.direction == .input ? "in" : "out", segment.track ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    case .reconnectionPlanned(let attempt, _): event.sequence = attempt
    case .reconnectionAttempt(let attempt): event.sequence = attempt.attempt
    case .lifecycle: name = happening.service.text
    case .fault(let fault):
      name = fault.kind
      event.label = fault.phase.rawValue
    case .scenario(let scenario):
      guard case .stepFailed(let step, _) = scenario else { return nil }
      event.kind = "step failed"
      event.sequence = step
    case .stream(let stream):
      guard let (kind, label, sequence) = Self.words(stream, syncMilliseconds) else { return nil }
      (event.kind, event.label, event.sequence) = (kind, label, sequence)
      name = happening.service.text
    default: break
    }
    return (LaneName(entity: entity, name: name), event)
  }

  /// Figures of sync count by whether they are good: the figure itself is a number, which is compared as one.
  private static func words(_ stream: StreamHappening, _ syncMilliseconds: Double) -> (String, String, Int?)? {
    func step(_ isGood: Bool) -> String { isGood ? "in step" : "out of step" }
    switch stream {
    case .opened: return ("stream opened", "", nil)
    case .closed: return ("stream closed", "", nil)
    case .stalled: return ("stream stalled", "", nil)
    case .gap(let track, _, _): return ("gap", track.rawValue, nil)
    case .seam: return ("seam", "", nil)
    case .defect(let defect): return ("defect", "\(defect.kind)", nil)
    case .alignment(let measurement, isScored: true):
      return ("timestamps", step(measurement.isWithin(thresholdMilliseconds: syncMilliseconds)), measurement.segmentIndex)
    case .contentOffset(let offset):
      return ("content", step(offset.isWithin(thresholdMilliseconds: syncMilliseconds)), offset.segmentIndex)
    case .heard(let segment): return ("heard", "\(segment.voice.rawValue), \(segment.place.rawValue)", segment.segmentIndex)
    case .span(let span): return span.isOver ? nil : (span.kind.rawValue, "", nil)
    case .alignment, .readerLost, .resumed, .wrap, .mark, .content, .fit: return nil
    }
  }
}
