/// The name of a service of the environment: `mediamtx`, `media-service`, `echo-sts`, or whatever the user calls one.
package struct ServiceName: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as shown.
  package let text: String

  /// A service by its name.
  package init(_ text: String) { self.text = text }
  /// By its name, as a literal.
  package init(stringLiteral value: String) { text = value }

  /// Whether a stream of this name goes into the pipeline: its path ends with `in`. Any other stream is an output.
  package var isInputStream: Bool { text == "in" || text.hasSuffix("/in") }

  /// Whether it is a further one of a service: its name with a number, `media-service-2`.
  package func isReplica(of service: ServiceName) -> Bool {
    guard text.hasPrefix(service.text) else { return false }
    let rest = text.dropFirst(service.text.count)
    return rest.first == "-" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber)
  }

  /// The text shown to people.
  package var description: String { text }
  /// Orders by time or name.
  package static func < (left: ServiceName, right: ServiceName) -> Bool { left.text < right.text }

  /// Reads what `encode(to:)` wrote.
  package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
  /// Writes the value so that `init(from:)` reads it back.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// The media server of the data model.
  package static let mediaServer: ServiceName = "mediamtx"
  /// The worker of the data model.
  package static let mediaService: ServiceName = "media-service"
  /// The speech service of the data model.
  package static let speechService: ServiceName = "echo-sts"
}

/// What a source reads. A kind that only one source has is declared beside its plan.
package struct SourceKind: RawRepresentable, Codable, Hashable, Sendable {
  /// Its word, as it is shown and recorded: `media-server`.
  package let rawValue: String

  /// The kind of a word.
  package init(rawValue: String) { self.rawValue = rawValue }

  /// An HTTP health check.
  package static let health = SourceKind(rawValue: "health")
  /// A Prometheus scrape.
  package static let metrics = SourceKind(rawValue: "metrics")
  /// A log file or a log command.
  package static let log = SourceKind(rawValue: "log")
  /// MediaMTX's API.
  package static let mediaServer = SourceKind(rawValue: "media-server")
  /// A media stream.
  package static let stream = SourceKind(rawValue: "stream")
  /// The publisher of the fixture.
  package static let publisher = SourceKind(rawValue: "publisher")
  /// dubwatch itself: faults, marks, lifecycle, its own cost.
  package static let harness = SourceKind(rawValue: "harness")
}

/// One source of events: what kind of thing it reads, of which service.
package struct SourceID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// What it reads.
  package let kind: SourceKind
  /// The service (or for a stream its path) it reads.
  package let service: ServiceName

  /// A source of a kind, of a service.
  package init(_ kind: SourceKind, _ service: ServiceName) {
    self.kind = kind
    self.service = service
  }

  /// dubwatch itself.
  package static let harness = SourceID(.harness, "dubwatch")

  /// The text shown to people.
  package var description: String { "\(kind.rawValue):\(service.text)" }
  /// Orders by time or name.
  package static func < (left: SourceID, right: SourceID) -> Bool {
    (left.kind.rawValue, left.service) < (right.kind.rawValue, right.service)
  }
}
