import Events
import RunModel

/// Where a running environment can be read.
package struct EnvironmentEndpoints: Sendable {
  /// What is read, of every kind that can be named.
  package var plans: [any SourcePlan]
  /// Sources that only the driver can make: logs of containers, what an engine tells.
  package var sources: [any EventSource]

  /// Endpoints of an environment.
  package init(plans: [any SourcePlan] = [], sources: [any EventSource] = []) {
    self.plans = plans
    self.sources = sources
  }

  /// What is read of one kind, in the order in which it was named.
  package func plans<Plan: SourcePlan>(of kind: Plan.Type) -> [Plan] { plans.compactMap { $0 as? Plan } }

  /// What is read, in the order of ``SourcePlans/inOrder``, and within a kind as it was named.
  package var ordered: [any SourcePlan] {
    let ranked = plans.enumerated().map { (rank: SourcePlans.rank($0.element), offset: $0.offset, plan: $0.element) }
    return ranked.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.plan)
  }

  /// The services, in the order in which they are read first; a stream is none.
  package var services: [ServiceName] {
    var seen: Set<ServiceName> = []
    let named = ordered.filter { type(of: $0).words.shape != .streams }.map(\.service)
    let all = named + sources.map(\.id).filter { $0.kind != .harness }.map(\.service)
    return all.filter { seen.insert($0).inserted }
  }

  /// Whether there is nothing to read.
  package var isEmpty: Bool { plans.isEmpty && services.isEmpty }
}
