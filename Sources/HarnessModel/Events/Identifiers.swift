/// The name of a service of the environment: `mediamtx`, `media-service`, `echo-sts`, or whatever the user calls one.
public struct ServiceName: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as shown.
  public let text: String

  /// A service by its name.
  public init(_ text: String) { self.text = text }
  /// By its name, as a literal.
  public init(stringLiteral value: String) { text = value }

  /// The text shown to people.
  public var description: String { text }
  /// Orders by time or name.
  public static func < (left: ServiceName, right: ServiceName) -> Bool { left.text < right.text }

  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
  /// Writes the value so that `init(from:)` reads it back.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// The media server of the data model.
  public static let mediaServer: ServiceName = "mediamtx"
  /// The worker of the data model.
  public static let mediaService: ServiceName = "media-service"
  /// The speech service of the data model.
  public static let speechService: ServiceName = "echo-sts"
}

/// What a source reads.
public enum SourceKind: String, Codable, Sendable, CaseIterable {
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
public struct SourceID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// What it reads.
  public let kind: SourceKind
  /// The service (or for a stream its path) it reads.
  public let service: ServiceName

  /// A source of a kind, of a service.
  public init(_ kind: SourceKind, _ service: ServiceName) {
    self.kind = kind
    self.service = service
  }

  /// dubwatch itself.
  public static let harness = SourceID(.harness, "dubwatch")

  /// The text shown to people.
  public var description: String { "\(kind.rawValue):\(service.text)" }
  /// Orders by time or name.
  public static func < (left: SourceID, right: SourceID) -> Bool {
    (left.kind.rawValue, left.service) < (right.kind.rawValue, right.service)
  }
}
