/// The name of a service of the environment: `mediamtx`, `media-service`, `echo-sts`, or whatever the user calls one.
package struct ServiceName: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as shown.
  package let text: String

  /// A service by its name.
  package init(_ text: String) { self.text = text }
  /// By its name, as a literal.
  package init(stringLiteral value: String) { text = value }

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

/// What a source reads.
package enum SourceKind: String, Codable, Sendable, CaseIterable {
  /// An HTTP health check.
  case health
  /// A Prometheus scrape.
  case metrics
  /// A log file or a log command.
  case log
  /// MediaMTX's API.
  case mediaServer = "media-server"
  /// A media stream.
  case stream
  /// The publisher of the fixture.
  case publisher
  /// dubwatch itself: faults, marks, lifecycle, its own cost.
  case harness
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
