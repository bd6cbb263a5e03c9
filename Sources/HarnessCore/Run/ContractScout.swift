import Contracts
import Events
import PrometheusText
import RunModel

/// How a run gets its contract.
package enum ContractChoice: Sendable {
  /// This one, and why.
  case fixed(Contract, reason: String)
  /// Whichever of these the endpoints and logs show.
  case auto([Contract])

  /// The words of a health answer that are good by it, or by any that it may turn out to be.
  package var words: HealthWords {
    switch self {
    case .fixed(let contract, _): HealthWords(contract)
    case .auto(let candidates): HealthWords(candidates)
    }
  }

  /// The contract as long as nothing was seen; nil when it is to be found out.
  var initial: Contract? {
    if case .fixed(let contract, _) = self { return contract }
    return nil
  }
}

/// Looks at what passes on its way to the history until it is clear which contract the pipeline keeps.
actor ContractScout: EventSink {
  private let next: any EventSink
  private var detector: ContractDetector?
  private var seenLayouts: [SourceID: ObjectIdentifier] = [:]
  private var saidMissing: String?
  private let decided: @Sendable (ContractDetector.Outcome) async -> Void

  /// - Parameter decided: called when the outcome changes; for the last time with the decision.
  init(next: any EventSink, choice: ContractChoice, decided: @escaping @Sendable (ContractDetector.Outcome) async -> Void) {
    self.next = next
    self.decided = decided
    if case .auto(let candidates) = choice { detector = ContractDetector(candidates: candidates) }
  }

  func emit(_ event: RunEvent, from source: SourceID) async {
    await next.emit(event, from: source)
    guard detector != nil, observe(event, source), let outcome = detector?.outcome else { return }
    switch outcome {
    case .decided: detector = nil
    case .undecided(_, let missing):
      guard missing != saidMissing else { return }
      saidMissing = missing
    }
    await decided(outcome)
  }

  /// Whether the event may tell something.
  private func observe(_ event: RunEvent, _ source: SourceID) -> Bool {
    switch event {
    case .sample(.metrics(let sample)):
      let layout = sample.scrape.layout
      guard seenLayouts[source] != ObjectIdentifier(layout) else { return false }
      seenLayouts[source] = ObjectIdentifier(layout)
      detector?.observe(series: layout.families.lazy.map(\.name), at: sample.service.text)
      detector?.observe(series: layout.series.lazy.map(\.name), at: sample.service.text)
      return true
    case .sample(.health(let sample)):
      switch sample.outcome {
      // A word that is not known may be the very one by which a contract is told.
      case .healthy(_, _, let excerpt), .unclear(_, _, let excerpt):
        detector?.observe(healthBody: excerpt, of: sample.service, at: sample.url)
        return true
      case .unhealthy, .unreachable, .unasked: return false
      }
    case .logLines(let lines):
      for line in lines { detector?.observe(logLine: line.text, of: line.service) }
      return true
    case .sample(.mediaPaths), .sample(.stream), .sample(.publisher), .sample(.ownCost), .happening, .sourceStatus, .description, .tick,
      .verdict:
      return false
    }
  }
}
