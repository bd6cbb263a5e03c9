import Events
import MediaSync

/// How long after it was sent each segment came out of each output stream, told as soon as both times are known.
package struct DelayFold: Codable, Sendable {
  /// A segment's delay, and when it was told.
  package struct Told: Codable, Sendable {
    /// The output stream.
    package var stream: ServiceName
    /// How long it took.
    package var delay: SegmentDelay
    /// When it was told what is heard of the segment.
    package var at: RunInstant
  }

  private struct Waiting: Codable, Sendable {
    var stream: ServiceName
    var segment: HeardSegment
    var at: RunInstant
  }

  /// When marks are sent.
  package private(set) var clock = MarkClock()
  private var waiting: [Waiting] = []

  /// How many segments may wait for what is still to be told of the input.
  private static let mostWaiting = 16

  package init() {}

  /// Takes in an event; the delays that are known by it.
  package mutating func note(_ envelope: EventEnvelope) -> [Told] {
    let stream = envelope.source.service
    switch envelope.event {
    case .sample(.publisher(let sample)):
      clock.note(sample, at: envelope.instant.seconds)
      return []
    case .happening(let happening):
      guard case .stream(.heard(let segment)) = happening.kind, segment.arrivals?.isEmpty == false else { return [] }
      if stream.isInputStream {
        clock.note(sent: segment)
      } else {
        waiting.append(Waiting(stream: stream, segment: segment, at: envelope.instant))
      }
    default: return []
    }
    var told: [Told] = []
    waiting.removeAll { item in
      guard let delay = clock.delay(of: item.segment) else { return false }
      told.append(Told(stream: item.stream, delay: delay, at: item.at))
      return true
    }
    if waiting.count > Self.mostWaiting { waiting.removeFirst(waiting.count - Self.mostWaiting) }
    return told
  }
}
