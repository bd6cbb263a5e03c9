import Events

/// A time of the run in which a source that could have shown something was not read, or not understood.
package struct EvidenceGap: Codable, Hashable, Sendable {
  /// The last moment before it that is covered.
  package var from: RunInstant
  /// The first moment after it that is covered; nil where nothing came any more.
  package var to: RunInstant?
  /// Why, naming the source: "the log of media-service was truncated".
  package var reason: String

  /// A time that nothing is known of.
  package init(from: RunInstant, to: RunInstant?, reason: String) {
    self.from = from
    self.to = to
    self.reason = reason
  }
}
