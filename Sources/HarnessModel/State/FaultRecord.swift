/// An injected disturbance, as a band on every time axis.
public struct FaultRecord: Codable, Hashable, Sendable {
  /// Which injection.
  public var id: Int
  /// The kind, as in the faults menu.
  public var kind: String
  /// What exactly.
  public var detail: String
  /// When it began.
  public var began: RunInstant
  /// When it ended; nil while it lasts.
  public var ended: RunInstant?
}
