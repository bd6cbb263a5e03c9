import Events

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
