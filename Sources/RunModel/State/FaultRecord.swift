import Events

/// An injected disturbance, as a band on every time axis.
package struct FaultRecord: Codable, Hashable, Sendable {
  /// Which injection.
  package var id: Int
  /// The kind, as in the faults menu.
  package var kind: String
  /// What exactly.
  package var detail: String
  /// The same as a sentence; nil where nobody said.
  package var title: String?
  /// When it began.
  package var began: RunInstant
  /// When it ended; nil while it lasts.
  package var ended: RunInstant?
}
