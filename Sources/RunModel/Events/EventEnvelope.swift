import Events
import MediaSync

/// One entry of a run's history: what happened or was measured, by whom it was seen, and when.
package struct EventEnvelope: Codable, Sendable {
  /// Its number in the run's history.
  package let number: EventNumber
  /// When dubwatch saw it, on the run's axis.
  package let instant: RunInstant
  /// When dubwatch saw it, by the wall clock.
  package let wall: WallTime
  /// Who saw it.
  package let source: SourceID
  /// What it is.
  package let event: RunEvent

  /// An event in its envelope.
  package init(number: EventNumber, instant: RunInstant, wall: WallTime, source: SourceID, event: RunEvent) {
    self.number = number
    self.instant = instant
    self.wall = wall
    self.source = source
    self.event = event
  }

  /// Something that arrived, in its envelope.
  package init(sequence: UInt64, instant: RunInstant, wall: WallTime, source: SourceID, event: RunEvent) {
    self.init(number: EventNumber(sequence), instant: instant, wall: wall, source: source, event: event)
  }

  /// Position of what arrived in the run's history, from 0, without holes; a decision shares that of the event that decided it.
  package var sequence: UInt64 { number.sequence }
}

extension EventEnvelope {
  /// When the line that tells of a happening was read: for what is told once more, by another contract, earlier than it came.
  package func reading(of happening: Happening) -> (instant: RunInstant, wall: WallTime) {
    guard let readAt = happening.readAt, readAt < wall else { return (instant, wall) }
    return (instant.advanced(bySeconds: readAt.epochSeconds - wall.epochSeconds), readAt)
  }
}

/// Everything a source can say, and what the judge says of it.
package enum RunEvent: Codable, Sendable {
  /// A polled value.
  case sample(Sample)
  /// Something that occurred.
  case happening(Happening)
  /// Lines of a log as they were written, unmatched ones too.
  case logLines([LogLine])
  /// A source could not be read, or can be read again.
  case sourceStatus(SourceStatus)
  /// What a run is and what can be done to it; said at its start and when it changes.
  case description(RunDescription)
  /// Time went by: lets ages, countdowns and staleness move without any other event.
  case tick
  /// What the judge says of an expectation: a decision, or how far it has come.
  case verdict(VerdictChange)
}

/// A polled value.
package enum Sample: Codable, Sendable {
  /// One health check.
  case health(HealthSample)
  /// One scrape of a metrics endpoint.
  case metrics(MetricsSample)
  /// One listing of MediaMTX's paths.
  case mediaPaths(MediaPathsSample)
  /// How the reader of a media stream stands.
  case stream(StreamSample)
  /// How the publisher stands.
  case publisher(PublisherSample)
  /// What dubwatch itself costs.
  case ownCost(OwnCost)
}

/// Takes what sources say; the history of a run.
package protocol EventSink: Sendable {
  /// Hands over one event, which is numbered and stamped with its time by the sink. Returns once it is part of the history: a source
  /// that is faster than the history waits for it, and nothing piles up between the two.
  func emit(_ event: RunEvent, from source: SourceID) async
}

/// Something that produces events as long as it runs: a poller, a follower, a replayer.
package protocol EventSource: Sendable {
  /// Who it is.
  var id: SourceID { get }
  /// Produces events until cancelled; returns when there is nothing more to come. Trouble is said as events
  /// (`sourceStatus`), never thrown: a dead source delays nothing else.
  func run(into sink: any EventSink) async
}

/// Sees every event of a history in order, once it was folded: a recorder's place.
package protocol EventTap: Sendable {
  /// Takes one event; called in order, and must return at once.
  func record(_ envelope: EventEnvelope)
}
