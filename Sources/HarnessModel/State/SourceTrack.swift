/// A source and how it stands.
public struct SourceTrack: Codable, Hashable, Sendable {
  /// How it stands.
  public var status: SourceStatus
  /// Since when.
  public var since: RunInstant
  /// When it last said anything about itself.
  public var updatedAt: RunInstant
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
  public var isReading: Bool {
    if case .reading = self { return true }
    return false
  }

  /// The reason why it is not being read; nil when it is.
  public var reason: String? {
    switch self {
    case .reading: nil
    case .failing(let reason, _, _), .ended(let reason): reason
    }
  }
}
