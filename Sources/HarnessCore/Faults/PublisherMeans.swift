import Events

/// Stops the publisher of the test stream for a while.
package struct PublisherMeans: FaultMeans {
  /// A publisher that can rest.
  package protocol Publisher: Sendable {
    /// Stops publishing; returns when it has stopped. Throws a ``FaultRefusal`` when there is nothing to stop.
    func pause() async throws
    /// Publishes again; harmless when it does.
    func resume() async
  }

  /// What is done to the publisher.
  package let kind = FaultKind.Means.publisher
  private let publisher: (any Publisher)?
  private let unavailable: String

  /// - Parameter unavailable: why it cannot be done without a publisher.
  package init(_ publisher: (any Publisher)?, unavailable: String) {
    self.publisher = publisher
    self.unavailable = unavailable
  }

  /// Whether it can be reached.
  package func can(_ fault: Fault) async -> FaultAbility { publisher == nil ? .unable(unavailable) : .able }

  /// Brings a fault about.
  package func begin(_ fault: Fault, lease: Double?) async throws {
    guard let publisher else { throw FaultRefusal(unavailable) }
    try await publisher.pause()
  }

  /// Puts things back.
  package func end(_ fault: Fault) async throws { await publisher?.resume() }
}
