/// A disturbance the user can inject, or why it cannot be.
package struct FaultDescriptor: Codable, Hashable, Sendable {
  /// A stable name: `sts-disconnect`.
  package var id: String
  /// What the menu says: "Disconnect the worker from the speech service".
  package var title: String
  /// Why it cannot be injected here; nil when it can.
  package var unavailableReason: String?

  /// A disturbance the user can inject.
  package init(id: String, title: String, unavailableReason: String? = nil) {
    self.id = id
    self.title = title
    self.unavailableReason = unavailableReason
  }
}
