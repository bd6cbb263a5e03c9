import MediaSync

/// Something that occurred at an instant: what, who reported it, and how dubwatch knows.
package struct Happening: Codable, Hashable, Sendable {
  /// How dubwatch knows.
  package enum Provenance: String, Codable, Sendable {
    /// A log line or a protocol message says so.
    case observed
    /// Concluded from metrics, which are sampled: the instant is uncertain by one interval and short states are missed.
    case inferred
    /// dubwatch did it itself.
    case own
  }

  /// What occurred.
  package var kind: Kind
  /// The service it concerns.
  package var service: ServiceName
  /// How dubwatch knows.
  package var provenance: Provenance
  /// When the service says it occurred, where it says so.
  package var reportedAt: WallTime?
  /// The log line it was read from, where there is one; not escaped yet.
  package var line: String?
  /// Whether the line stood there when its log was first looked at: then only its own time says when it was written.
  package var isPast = false
  /// When its line was read, where it is told later than that, as no contract, or another one, held then.
  package var readAt: WallTime?
  /// Whether it only adds to what a line right before it told, which lacked something: it is no occurrence of its own.
  package var isSequel = false

  /// Something that occurred.
  package init(_ kind: Kind, service: ServiceName, provenance: Provenance, reportedAt: WallTime? = nil, line: String? = nil) {
    self.kind = kind
    self.service = service
    self.provenance = provenance
    self.reportedAt = reportedAt
    self.line = line
  }

  /// The kinds of happenings.
  package enum Kind: Codable, Hashable, Sendable {
    /// The circuit breaker changed its state.
    case breaker(BreakerTransition)
    /// The speech service asked for a pause, for slowing down, or for nothing any more.
    case backpressure(BackpressureEvent)
    /// The connection to the speech service was lost.
    case speechDisconnected(reason: String?)
    /// The connection to the speech service stands.
    case speechConnected
    /// A session was opened: `stream:ready`.
    case sessionOpened(streamID: String?, sessionID: String?, maxInflight: Int?)
    /// A reconnection attempt is planned, this many seconds ahead.
    case reconnectionPlanned(attempt: Int, delaySeconds: Double)
    /// A reconnection attempt was made.
    case reconnectionAttempt(ReconnectionAttempt)
    /// No further attempt will be made.
    case reconnectionGaveUp(attempts: Int)
    /// Something happened to a fragment.
    case fragment(FragmentHappening)
    /// A segment came out of the pipeline or went in.
    case segment(SegmentHappening)
    /// The service corrected, or claims, an A/V offset, in milliseconds as it writes them.
    case syncClaim(deltaMilliseconds: Double)
    /// A service started, stopped, was restarted or ended.
    case lifecycle(ServiceLifecycle)
    /// A fault of the harness began or ended.
    case fault(FaultHappening)
    /// The environment changed its state.
    case environment(EnvironmentState, reason: String?)
    /// The publisher changed.
    case publisher(PublisherHappening)
    /// Something was seen in a media stream.
    case stream(StreamHappening)
    /// A note of the user.
    case mark(String)
    /// A service tells of a state it is in, in its contract's words: it changes nothing that is counted.
    case note(String)
    /// Lines of a log were lost before they could be read.
    case linesLost(LostLines)
    /// What was read of a log is read again by another contract: from here on its happenings are those of that one.
    case logReadAgain(LogReading)
    /// What a scenario does.
    case scenario(ScenarioHappening)
    /// Two sources disagree, or something is not as the contract has it: in words.
    case finding(Finding)
    /// The run ended by itself; why.
    case runEnded(reason: String)
  }
}

extension Happening.Kind {
  /// Whether the worker's session with the speech service is over, or is a new one: what was asked for in the one before, and what was in
  /// flight in it, holds no more.
  package var endsSession: Bool {
    switch self {
    case .speechDisconnected, .sessionOpened: true
    default: false
    }
  }

  /// What is known of its kind: its row of the table.
  package var descriptor: HappeningKind {
    switch self {
    case .breaker: .breaker
    case .backpressure: .backpressure
    case .speechDisconnected: .speechDisconnected
    case .speechConnected: .speechConnected
    case .sessionOpened: .sessionOpened
    case .reconnectionPlanned: .reconnectionPlanned
    case .reconnectionAttempt: .reconnectionAttempt
    case .reconnectionGaveUp: .reconnectionGaveUp
    case .fragment(let fragment): fragment.stage.descriptor
    case .segment(let segment): segment.direction == .input ? .segmentIn : .segmentOut
    case .syncClaim: .syncClaim
    case .lifecycle(let lifecycle): lifecycle.descriptor
    case .fault(let fault): fault.descriptor
    case .environment: .environment
    case .publisher(let publisher): publisher.descriptor
    case .stream: .stream
    case .mark: .mark
    case .note: .note
    case .linesLost: .linesLost
    case .logReadAgain: .logReadAgain
    case .scenario: .scenario
    case .finding: .finding
    case .runEnded: .runEnded
    }
  }
}

/// What happened to one fragment.
package struct FragmentHappening: Codable, Hashable, Sendable {
  /// The stages of a fragment's life.
  package enum Stage: String, Codable, Sendable {
    case sent, acknowledged, processed, failed, timedOut, fallback
    /// It could not be sent at all.
    case unsent
  }

  /// The stage reached.
  package var stage: Stage
  /// Its identifier, where known.
  package var fragmentID: String?
  /// Its stream.
  package var streamID: String?
  /// Its sequence number in the session, or the segment's index where only that is known.
  package var sequenceNumber: Int?
  /// The status word or error code given.
  package var detail: String?
  /// How long it took, in milliseconds, where known.
  package var durationMilliseconds: Double?

  /// Something that happened to a fragment.
  package init(
    stage: Stage, fragmentID: String? = nil, streamID: String? = nil, sequenceNumber: Int? = nil, detail: String? = nil,
    durationMilliseconds: Double? = nil
  ) {
    self.stage = stage
    self.fragmentID = fragmentID
    self.streamID = streamID
    self.sequenceNumber = sequenceNumber
    self.detail = detail
    self.durationMilliseconds = durationMilliseconds
  }
}

/// A segment that entered or left the pipeline.
package struct SegmentHappening: Codable, Hashable, Sendable {
  /// Which way.
  package enum Direction: String, Codable, Sendable { case input, output }
  /// Which way.
  package var direction: Direction
  /// Its index, where known.
  package var index: Int?
  /// `audio`, `video`, or nil for the pair.
  package var track: String?
  /// Its length in seconds, where known.
  package var durationSeconds: Double?
  /// Whether it carries dubbed audio, where known.
  package var isDubbed: Bool?

  /// A segment that entered or left the pipeline.
  package init(direction: Direction, index: Int? = nil, track: String? = nil, durationSeconds: Double? = nil, isDubbed: Bool? = nil) {
    self.direction = direction
    self.index = index
    self.track = track
    self.durationSeconds = durationSeconds
    self.isDubbed = isDubbed
  }
}

/// What happened to a service's process.
package enum ServiceLifecycle: Codable, Hashable, Sendable {
  /// It began to run.
  case started
  /// It runs again; what tells so (a fallen counter, a new start time, a container event).
  case restarted(evidence: String)
  /// It was asked to stop and did.
  case stopped
  /// It ended; its exit status, where known, and why.
  case exited(status: Int32?, reason: String)
}

/// An injected disturbance that begins or ends.
package struct FaultHappening: Codable, Hashable, Sendable {
  /// Begin or end, or a single blow that has no length.
  package enum Phase: String, Codable, Sendable { case began, ended, momentary, failed }
  /// Which injection this is; the same number at begin and end.
  package var id: Int
  /// The kind, as in the faults menu.
  package var kind: String
  /// What exactly, in words: "TIMEOUT ×5".
  package var detail: String
  /// Begin or end.
  package var phase: Phase
  /// What the menu says of it: "The next 5 fragments fail with TIMEOUT"; nil where nobody said.
  package var title: String?

  /// An injected disturbance.
  package init(id: Int, kind: String, detail: String, phase: Phase) {
    self.id = id
    self.kind = kind
    self.detail = detail
    self.phase = phase
  }
}

/// What the publisher does.
package enum PublisherHappening: Codable, Hashable, Sendable {
  case started(target: String)
  case looped(count: Int)
  case stopped
  /// It came to the end of its file, as asked for.
  case finished(mediaSeconds: Double)
  case failed(reason: String)
}

/// Lines of a log that were, or may have been, lost before they could be read.
package struct LostLines: Codable, Hashable, Sendable {
  /// What became of them.
  package enum Cause: String, Codable, Hashable, Sendable, CaseIterable {
    /// A command printed them faster than the history took them in.
    case backlog
    /// The file was truncated; what was written to it since the last look is gone.
    case truncated
    /// The file was replaced before all of it was read.
    case replaced
  }

  /// How many lines; nil where nobody can say, not even whether there were any.
  package var lines: Int?
  /// What became of them.
  package var cause: Cause

  /// So many lost lines.
  package init(lines: Int?, cause: Cause = .backlog) {
    self.lines = lines
    self.cause = cause
  }

  /// "120 lines were lost: the log's command prints faster than it can be read".
  package var sentence: String {
    let loss = lines.map { "\(Figure.count($0, "line")) \($0 == 1 ? "was" : "were") lost" } ?? "lines may be lost"
    return switch cause {
    case .backlog: "\(loss): the log's command prints faster than it can be read"
    case .truncated: "the log was truncated: \(loss)"
    case .replaced: "the log was replaced: \(loss)"
    }
  }
}

/// Something not as it should be, in words.
package struct Finding: Codable, Hashable, Sendable {
  /// A short stable name, one finding per name and service is shown at a time: `breaker-gauge-disagrees`.
  package var id: String
  /// The sentence.
  package var text: String
  /// Whether it still holds; false takes an earlier finding of the same name back.
  package var holds: Bool

  /// Something not as it should be.
  package init(id: String, text: String, holds: Bool = true) {
    self.id = id
    self.text = text
    self.holds = holds
  }
}
