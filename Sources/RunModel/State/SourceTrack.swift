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
  /// How long before it was read the newest line was written, in seconds, while a log is read behind its writing; nil else, and before a
  /// line with a time was read.
  package internal(set) var behindSeconds: Double?

  /// Why it could not be read, each reason once, since it last could.
  private var reasons: [String] = []
  private static let reasonLimit = 8

  /// Whether a source that cannot be read has a reason that was not told since it last could be.
  mutating func isNewReason(_ standing: SourceStatus.Standing) -> Bool {
    guard case .failing(let reason, _, _) = standing else {
      reasons = []
      return false
    }
    guard !reasons.contains(reason), reasons.count < Self.reasonLimit else { return false }
    reasons.append(reason)
    return true
  }

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

extension SourceTrack {
  /// "11 s behind, 4.2 MB are not read yet"; nil for what is read as it is written.
  package var backlog: String? {
    guard let bytes = status.unreadBytes else { return nil }
    let behind = behindSeconds.map { "\(Figure.text($0.rounded())) s behind, " } ?? ""
    return "\(behind)\(Figure.bytes(bytes)) are not read yet"
  }
}
