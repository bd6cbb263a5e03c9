import Events

/// One row of the merged event stream.
package struct EventRow: Codable, Hashable, Sendable {
  /// What a row is about; also the word shown in front of it.
  package enum Category: String, Codable, Sendable, CaseIterable {
    case breaker, backpressure, reconnect, fragment, segment, service, fault, sync, source, publisher, mark, finding, run
  }

  /// How a row is coloured; always with a glyph beside it.
  package enum Severity: String, Codable, Sendable, CaseIterable { case routine, info, good, warning, bad }

  /// Its number in the stream, from 0, never used twice.
  package var serial: Int
  /// The number of the event that it tells of; several rows may share one.
  package var number: EventNumber
  /// When it occurred, on the run's axis.
  package var at: RunInstant
  /// What it is about.
  package var category: Category
  /// How grave it is.
  package var severity: Severity
  /// The service it concerns.
  package var service: ServiceName
  /// The sentence; may carry text from outside, not escaped yet.
  package var text: String
  /// Concluded from metrics rather than seen.
  package var isInferred = false

  /// A row of the event stream.
  package init(
    serial: Int, number: EventNumber, at: RunInstant, category: Category, severity: Severity, service: ServiceName, text: String,
    isInferred: Bool = false
  ) {
    self.serial = serial
    self.number = number
    self.at = at
    self.category = category
    self.severity = severity
    self.service = service
    self.text = text
    self.isInferred = isInferred
  }
}

/// An injected disturbance, as a band on every time axis.
package struct FaultRecord: Codable, Hashable, Sendable {
  /// Which injection.
  package var id: Int
  /// The kind, as in the faults menu.
  package var kind: String
  /// What exactly.
  package var detail: String
  /// When it began.
  package var began: RunInstant
  /// When it ended; nil while it lasts.
  package var ended: RunInstant?
}

/// A source and how it stands.
package struct SourceTrack: Codable, Hashable, Sendable {
  /// How it stands.
  package var status: SourceStatus
  /// Since when.
  package var since: RunInstant
  /// When it last said anything about itself.
  package var updatedAt: RunInstant
  var changes = 0
  var wasTrouble = false
  var isLagging = false

  init(status: SourceStatus, since: RunInstant) {
    self.status = status
    self.since = since
    updatedAt = since
  }
}

extension SourceStatus.Standing {
  /// Whether the source is being read.
  package var isReading: Bool {
    if case .reading = self { return true }
    return false
  }

  /// The reason why it is not being read; nil when it is.
  package var reason: String? {
    switch self {
    case .reading: nil
    case .failing(let reason, _, _), .ended(let reason): reason
    }
  }
}

/// How far the clock in a service's log stands from ours.
///
/// Only lines that arrive after a warm-up count: what is read first is the log's past, whose age says nothing.
package struct LogClock: Codable, Hashable, Sendable {
  private static let warmUpSeconds = 3.0
  private static let kept = 32

  private var firstSeen: RunInstant?
  private var lags: [Double] = []

  /// A clock about which nothing is known yet.
  package init() {}

  /// How many seconds the service's clock is behind ours (negative: ahead); nil as long as too little is known.
  ///
  /// The smallest lag counts: reading can only make a line look later than it was.
  package var behindSeconds: Double? { lags.count >= 3 ? lags.min() : nil }

  /// Takes in the time written in a line and when it was read.
  package mutating func note(reported: WallTime, seen: WallTime, at instant: RunInstant) {
    let first = firstSeen ?? instant
    firstSeen = first
    guard instant.seconds(since: first) > Self.warmUpSeconds else { return }
    lags.append(seen.epochSeconds - reported.epochSeconds)
    if lags.count > Self.kept { lags.removeFirst(lags.count - Self.kept) }
  }

  /// When something a line tells of occurred on our axis: the line's time, corrected when its clock is clearly off.
  package func instant(reported: WallTime, seen: WallTime, at instant: RunInstant) -> RunInstant {
    var lag = seen.epochSeconds - reported.epochSeconds
    if let behindSeconds, abs(behindSeconds) > 2 { lag -= behindSeconds }
    return lag.isFinite && lag > 0 ? instant.advanced(bySeconds: -lag) : instant
  }
}
