import Events

/// Whether a fault can be done here.
package enum FaultAbility: Hashable, Sendable {
  case able
  /// It cannot, and why: "no address of echo-sts is known".
  case unable(String)
}

/// Says that a fault was not done: whoever was asked declined, or could not be asked. Nothing is to be taken back.
///
/// Any other error of a `begin` leaves open whether the fault is in force: it is taken back.
package struct FaultRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// Why, in words.
  package let description: String

  /// A refusal with its reason.
  package init(_ description: String) { self.description = description }
}

/// Somebody who can do and take back some kinds of faults. Means keep no account of what is in force: the ``FaultDesk`` does, and it never
/// lets two calls about the same thing overlap.
package protocol FaultMeans: Sendable {
  /// Which kinds: those of the table that name it.
  var kind: FaultKind.Means { get }
  /// Whether a fault can be done as things stand; asked for the menu, and before every begin.
  func can(_ fault: Fault) async -> FaultAbility
  /// Brings a fault about, also where an earlier one of the same resource is in force. Bounded in time.
  /// - Parameter lease: after how many seconds of the run the target should end it by itself, should nobody end it; nil for never.
  /// - Throws: a ``FaultRefusal`` when nothing was done; anything else when that is not known.
  func begin(_ fault: Fault, lease: Double?) async throws
  /// Puts things back; harmless when the fault is not in force, or no more. Bounded in time.
  func end(_ fault: Fault) async throws
  /// Whether a fault that lasts until its target has done all it was asked for is over; nil when that is not known.
  func isOver(_ fault: Fault) async -> Bool?
  /// What somebody else has set of what a fault is going to change, as the fault that sets it again; nil for nothing, or when it cannot be told.
  func found(before fault: Fault) async -> Fault?
  /// What is left of a fault that another is going to cover; nil when nothing is.
  func rest(of fault: Fault) async -> Fault?
}

extension FaultMeans {
  /// Not known.
  package func isOver(_ fault: Fault) async -> Bool? { nil }
  /// Nothing.
  package func found(before fault: Fault) async -> Fault? { nil }
  /// All of it; time is the desk's affair.
  package func rest(of fault: Fault) async -> Fault? { fault }
}
