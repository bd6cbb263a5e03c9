/// The kinds of sources that users can name.
package enum SourcePlans {
  /// All of them, in the order of the flags.
  package static let all: [any SourcePlan.Type] = [
    HealthPlan.self, MetricsPlan.self, LogFilePlan.self, LogCommandPlan.self, MediaServerPlan.self, StreamPlan.self,
  ]

  /// All of them, in the order in which they are begun: what is asked comes before what is read along.
  package static let inOrder: [any SourcePlan.Type] = all.filter(isPolled) + all.filter { !isPolled($0) }

  /// Where a kind stands in that order; one that is not listed is last.
  static func rank(_ plan: any SourcePlan) -> Int { inOrder.firstIndex { $0 == type(of: plan) } ?? inOrder.count }

  private static func isPolled(_ kind: any SourcePlan.Type) -> Bool {
    if case .endpoints = kind.words.shape { true } else { false }
  }
}
