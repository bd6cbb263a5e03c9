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
  static let fragments = EventKinds(.fragments)
  static let breaker = EventKinds(.breaker)
  static let backpressure = EventKinds(.backpressure)
  static let connection = EventKinds(.connection)
  static let segments = EventKinds(.segments)
  static let streams = EventKinds(.streams)
  static let publisher = EventKinds(.publisher)
  static let lifecycle = EventKinds(.lifecycle)
  static let scenario = EventKinds(.scenario)
  static let faults = EventKinds(.faults)

  /// Whatever occurs, as opposed to what is sampled.
  static let happenings = HappeningKind.Topic.allCases.reduce(into: EventKinds([])) { $0.formUnion(EventKinds($1)) }

  /// The kind of an event.
  init(_ event: RunEvent) {
    switch event {
    case .sample(.health): self = .health
    case .sample(.metrics): self = .metrics
    case .sample(.stream): self = .streamSamples
    case .logLines: self = .logLines
    case .happening(let happening): self = EventKinds(happening.kind.descriptor.topic)
    case .sample(.mediaPaths), .sample(.publisher), .sample(.ownCost), .sourceStatus, .description, .tick, .verdict: self = []
    }
  }

  /// What happenings are about: the bits above those of what is sampled.
  init(_ topic: HappeningKind.Topic) { self.init(rawValue: 1 << (4 + UInt32(topic.rawValue))) }

  /// The kinds of these bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }
}
