import Contracts
import Events

/// What a run is: its names, its environment, what it watches, and which faults can be injected.
package struct RunDescription: Codable, Hashable, Sendable {
  /// The scenario's name; nil for a watch.
  package var scenario: String?
  /// The environment: `embedded`, `compose:NAME`, `attached`.
  package var environment: String
  /// The contract in force and why it was picked.
  package var contract: Contract
  /// Why this contract: "asked for", "circuit_breaker_state found", ….
  package var contractReason: String
  /// How long the run is expected to take, in seconds; nil for a watch.
  package var expectedSeconds: Double?
  /// The services, in the order they are shown.
  package var services: [ServiceName]
  /// What is read, where that was said.
  package var sources: [SourceID] = []
  /// Pipeline speed; 1 is real time.
  package var speed: Double
  /// Faults that can be injected, and those that cannot with the reason.
  package var faults: [FaultDescriptor]
  /// When the run's axis begins, by the wall clock.
  package var startedAt: WallTime
  /// Seconds east of UTC for local time on screen.
  package var localUTCOffsetSeconds: Int
  /// What the run is judged by; empty for a run that is not judged.
  package var expectations: [Expectation]
  /// What its script tells of, in order of time; nil for a run without a story.
  package var acts: [StoryAct]?

  /// What a run is.
  package init(
    scenario: String?, environment: String, contract: Contract, contractReason: String, expectedSeconds: Double? = nil,
    services: [ServiceName], speed: Double = 1, faults: [FaultDescriptor] = [], startedAt: WallTime, localUTCOffsetSeconds: Int = 0,
    expectations: [Expectation] = []
  ) {
    self.scenario = scenario
    self.environment = environment
    self.contract = contract
    self.contractReason = contractReason
    self.expectedSeconds = expectedSeconds
    self.services = services
    self.speed = speed
    self.faults = faults
    self.startedAt = startedAt
    self.localUTCOffsetSeconds = localUTCOffsetSeconds
    self.expectations = expectations
  }
}
