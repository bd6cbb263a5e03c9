import Events
import MCAP
import RunModel

/// The channels of a recording: rows of a table, from which writer, reader and manual read.
package struct RecordingTopic: Hashable, Sendable {
  /// Its name; where it ends with a slash the service follows.
  package let name: String
  /// The name of its schema.
  package let schema: String
  /// What is in it, as one clause.
  package let meaning: String
  /// Whether only other programs read it: it follows from what else is recorded.
  package let isDerived: Bool

  private init(_ name: String, _ schema: String, _ meaning: String, isDerived: Bool = false) {
    self.name = name
    self.schema = schema
    self.meaning = meaning
    self.isDerived = isDerived
  }

  /// Whether each service has a channel of its own.
  package var isPerService: Bool { name.hasSuffix("/") }

  static let happenings = RecordingTopic(
    "/happenings", "dubwatch.Happening", "what occurred, as a line, a message or dubwatch itself told it")
  static let signals = RecordingTopic(
    "/signals", "dubwatch.Signals", "numbers of the contract's signals that changed, for viewers that plot", isDerived: true)
  static let health = RecordingTopic("/health", "dubwatch.Health", "health checks")
  static let paths = RecordingTopic("/paths", "dubwatch.Paths", "listings of MediaMTX's paths")
  static let stream = RecordingTopic("/stream", "dubwatch.Stream", "how readers of media streams stand")
  static let publisher = RecordingTopic("/publisher", "dubwatch.Publisher", "how publishers stand")
  static let sync = RecordingTopic("/sync", "dubwatch.Happening", "what was seen in media streams, and what services claim of their sync")
  static let sources = RecordingTopic("/sources", "dubwatch.Source", "whether sources can be read")
  static let cost = RecordingTopic("/cost", "dubwatch.Cost", "what dubwatch itself costs")
  static let ticks = RecordingTopic("/ticks", "dubwatch.Tick", "time that went by")
  static let description = RecordingTopic("/description", "dubwatch.Description", "what the run is")
  static let verdicts = RecordingTopic("/verdicts", "dubwatch.Verdict", "what the judge says of an expectation")
  static let logs = RecordingTopic("/logs/", "foxglove.Log", "lines of a service's log, as written")
  static let scrapes = RecordingTopic("/scrapes/", "dubwatch.scrape.1", "scrapes of a service, as key frames and changes")

  /// All of them.
  package static let all: [RecordingTopic] = [
    happenings, signals, health, paths, stream, publisher, sync, sources, cost, ticks, description, verdicts, logs, scrapes,
  ]

  /// The topic of a channel's name, and the service it is of; nil for a channel of somebody else.
  static func named(_ name: String) -> (topic: RecordingTopic, service: ServiceName?)? {
    for topic in all {
      if topic.name == name { return topic.isPerService ? nil : (topic, nil) }
      if topic.isPerService, name.hasPrefix(topic.name), name.utf8.count > topic.name.utf8.count {
        return (topic, ServiceName(String(name.dropFirst(topic.name.count))))
      }
    }
    return nil
  }

  /// The channel's name.
  func channelName(_ service: ServiceName) -> String { isPerService ? name + service.text : name }

  /// The topic of an event.
  static func of(_ event: RunEvent) -> RecordingTopic {
    switch event {
    case .sample(.health): health
    case .sample(.metrics): scrapes
    case .sample(.mediaPaths): paths
    case .sample(.stream): stream
    case .sample(.publisher): publisher
    case .sample(.ownCost): cost
    case .happening(let happening):
      switch happening.kind {
      case .stream, .syncClaim: sync
      default: happenings
      }
    case .logLines: logs
    case .sourceStatus: sources
    case .description: description
    case .tick: ticks
    case .verdict: verdicts
    }
  }
}

extension RecordingTopic {
  /// Whether messages are binary frames.
  var isBinary: Bool { self == .scrapes }

  /// The schema's document: JSON schema, or for frames where they are described.
  var schemaText: String {
    let wall = #""wall":{"type":"number"},"source":{"type":"array"},"part":{"type":"integer"},"n":{"type":"integer"}"#
    switch self {
    case .scrapes: return "Frames of changes; described byte by byte in dubwatch's manual, page recordings."
    case .signals: return #"{"type":"object","additionalProperties":{"type":"number"}}"#
    case .ticks: return #"{"type":"object","properties":{"# + wall + "}}"
    case .logs:
      return
        #"{"type":"object","properties":{"timestamp":{"type":"object","properties":{"sec":{"type":"integer"},"nsec":{"type":"integer"}}},"#
        + #""level":{"type":"integer"},"message":{"type":"string"},"name":{"type":"string"},"file":{"type":"string"},"line":{"type":"integer"},"#
        + #""dubwatch":{"type":"object"}}}"#
    default: return #"{"type":"object","properties":{"# + wall + #","event":{"type":"object"}}}"#
    }
  }
}
