/// One entry of a run's history: what happened or was measured, by whom it was seen, and when.
public struct EventEnvelope: Codable, Sendable {
  /// Position in the run's history, from 0, without holes.
  public let sequence: UInt64
  /// When dubwatch saw it, on the run's axis.
  public let instant: RunInstant
  /// When dubwatch saw it, by the wall clock.
  public let wall: WallTime
  /// Who saw it.
  public let source: SourceID
  /// What it is.
  public let event: RunEvent

  /// An event in its envelope.
  public init(sequence: UInt64, instant: RunInstant, wall: WallTime, source: SourceID, event: RunEvent) {
    self.sequence = sequence
    self.instant = instant
    self.wall = wall
    self.source = source
    self.event = event
  }
}

/// Everything a source can say.
public enum RunEvent: Codable, Sendable {
  /// A polled value: only the latest of a source matters to the screen.
  case sample(Sample)
  /// Something that occurred: never coalesced.
  case happening(Happening)
  /// Lines of a log as they were written, unmatched ones too.
  case logLines([LogLine])
  /// A source could not be read, or can be read again.
  case sourceStatus(SourceStatus)
  /// What a run is and what can be done to it; said at its start and when it changes.
  case description(RunDescription)
  /// Time went by: lets ages, countdowns and staleness move without any other event.
  case tick
}

/// A polled value.
public enum Sample: Codable, Sendable {
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

/// Takes what sources say; the inbox of a run.
public protocol EventSink: Sendable {
  /// Hands over one event; stamped with sequence and time by the sink. Never blocks its caller for long and never
  /// grows without bound: what does not fit is counted and shown.
  func emit(_ event: RunEvent, from source: SourceID) async
}

/// Something that produces events as long as it runs: a poller, a follower, a replayer.
public protocol EventSource: Sendable {
  /// Who it is.
  var id: SourceID { get }
  /// Produces events until cancelled; returns when there is nothing more to come. Trouble is said as events
  /// (`sourceStatus`), never thrown: a dead source delays nothing else.
  func run(into sink: any EventSink) async
}

/// What a reader of a run's history gets at once.
public struct EventBatch: Sendable {
  /// New events, in order.
  public var events: [EventEnvelope]
  /// How many happenings were lost since the run began because a reader was too slow.
  public var dropped: Int

  /// A batch of events and the count of lost ones.
  public init(events: [EventEnvelope], dropped: Int) {
    self.events = events
    self.dropped = dropped
  }
}

/// Where the screen, a headless run and a report read the history from.
public protocol EventFeed: Sendable {
  /// Waits for new events; nil when the run is over and everything was handed out.
  func nextBatch() async -> EventBatch?
}
