import Events
import RunModel

/// Kinds of events, as a judge of a rule says which of them it wants to hear.
package struct EventKinds: OptionSet, Sendable {
  /// One bit a kind.
  package let rawValue: UInt32

  static let health = EventKinds(rawValue: 1 << 0)
  static let metrics = EventKinds(rawValue: 1 << 1)
  /// How the reader of a stream stands.
  static let streamSamples = EventKinds(rawValue: 1 << 2)
  static let logLines = EventKinds(rawValue: 1 << 3)
  static let fragments = EventKinds(rawValue: 1 << 4)
  static let breaker = EventKinds(rawValue: 1 << 5)
  static let backpressure = EventKinds(rawValue: 1 << 6)
  /// The connection to the speech service: lost, back, sessions, attempts.
  static let connection = EventKinds(rawValue: 1 << 7)
  static let segments = EventKinds(rawValue: 1 << 8)
  /// What is seen in a stream.
  static let streams = EventKinds(rawValue: 1 << 9)
  static let publisher = EventKinds(rawValue: 1 << 10)
  static let lifecycle = EventKinds(rawValue: 1 << 11)
  static let scenario = EventKinds(rawValue: 1 << 12)
  static let faults = EventKinds(rawValue: 1 << 13)
  /// What no rule is about.
  static let others = EventKinds(rawValue: 1 << 14)

  /// Whatever occurs, as opposed to what is sampled.
  static let happenings: EventKinds = [
    .fragments, .breaker, .backpressure, .connection, .segments, .streams, .publisher, .lifecycle, .scenario, .faults, .others,
  ]

  /// The kind of an event.
  init(_ event: RunEvent) {
    switch event {
    case .sample(.health): self = .health
    case .sample(.metrics): self = .metrics
    case .sample(.stream): self = .streamSamples
    case .logLines: self = .logLines
    case .happening(let happening): self = EventKinds(happening.kind)
    case .sample(.mediaPaths), .sample(.publisher), .sample(.ownCost), .sourceStatus, .description, .tick, .verdict: self = []
    }
  }

  private init(_ kind: Happening.Kind) {
    switch kind {
    case .fragment: self = .fragments
    case .breaker: self = .breaker
    case .backpressure: self = .backpressure
    case .speechDisconnected, .speechConnected, .sessionOpened, .reconnectionPlanned, .reconnectionAttempt, .reconnectionGaveUp:
      self = .connection
    case .segment: self = .segments
    case .stream: self = .streams
    case .publisher: self = .publisher
    case .lifecycle: self = .lifecycle
    case .scenario: self = .scenario
    case .fault: self = .faults
    case .syncClaim, .environment, .mark, .finding, .linesLost, .runEnded: self = .others
    }
  }

  /// The kinds of these bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}
