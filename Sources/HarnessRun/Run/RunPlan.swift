import EmbeddedPipeline
import Events
import HarnessCore
import Judging
import WireFormats

/// Where judged runs take place, as a command line says it.
package struct RunPlan: Sendable {
  /// The kind of environment.
  package var environment: RunEnvironment
  /// Whether all scenarios run in one environment, judged by what changes from each one's start.
  package var isShared: Bool
  /// The test stream to publish, over what a scenario names; nil for that, or the usual places.
  package var fixture: String?
  /// Where a stream is published to in services that somebody else runs; nil for nowhere.
  package var publish: String?
  /// A mistake that the embedded worker makes on purpose.
  package var mutation: WorkerMutation?
  /// How a compose environment is brought up.
  package var compose: ComposePlan
  /// What is watched of services that run already, and by which contract.
  package var watch: WatchRequest

  /// Runs in an environment of this kind.
  package init(
    _ environment: RunEnvironment, isShared: Bool, fixture: String?, publish: String?, mutation: WorkerMutation?, compose: ComposePlan,
    watch: WatchRequest
  ) {
    self.environment = environment
    self.isShared = isShared
    self.fixture = fixture
    self.publish = publish
    self.mutation = mutation
    self.compose = compose
    self.watch = watch
  }

  /// Refuses a scenario whose faults cannot be injected there, before anything is started.
  package static func check(_ scenario: Scenario, in environment: RunEnvironment, publishes: Bool) throws(Problem) {
    for step in scenario.steps {
      guard case .inject(let request) = step.action, let obstacle = environment.obstacle(to: request, publishes: publishes) else {
        continue
      }
      throw Problem(.conflict, "\(scenario.name) injects \(request.id), which --env \(environment.rawValue) cannot do: \(obstacle)")
    }
  }
}
