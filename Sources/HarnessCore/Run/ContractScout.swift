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
///
/// A decision may change until it is settled. Then every log is read again by the new contract, and what was still told of it by the old one
/// goes nowhere: nothing is told twice.
actor ContractScout: EventSink {
  /// What becomes known of the contract.
  enum News: Sendable {
    /// What is known so far, other than before.
    case found(ContractDetector.Outcome)
    /// What was found last will not change.
    case settled
  }

  private let next: any EventSink
  private var detector: ContractDetector?
  private var seenLayouts: [SourceID: ObjectIdentifier] = [:]
  private var saidMissing: String?
  private var said: Contract?
  /// Finds the signals of a contract that changed in what was scraped while it did.
  private var resolver: SignalResolver?
  /// Logs of which everything told is the old contract's, until they say that they are read again.
  private var stale: Set<SourceID> = []
  private var isChanging = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private let tell: @Sendable (News) async -> Set<SourceID>

  /// - Parameter tell: called with what becomes known; says which logs another contract told until now: each of them says when it is read again.
  init(next: any EventSink, choice: ContractChoice, tell: @escaping @Sendable (News) async -> Set<SourceID>) {
    self.next = next
    self.tell = tell
    if case .auto(let candidates) = choice { detector = ContractDetector(candidates: candidates) }
  }

  func emit(_ event: RunEvent, from source: SourceID) async {
    var event = event
    if isChanging {
      await withCheckedContinuation { waiting.append($0) }
      if case .sample(.metrics(var sample)) = event, resolver != nil {
        resolver?.renew(&sample)
        event = .sample(.metrics(sample))
      }
    }
    if case .happening(let happening) = event, stale.contains(source) {
      guard case .logReadAgain(let reading) = happening.kind else { return }
      // One of a contract that was left again already is as stale as what is behind it.
      guard reading.contract == said?.name else { return }
      stale.remove(source)
    }
    await next.emit(event, from: source)
    guard detector != nil, observe(event, source), !isChanging, let outcome = detector?.outcome else { return }
    switch outcome {
    case .decided(let contract, _):
      if contract.name != said?.name { await change(to: contract, outcome) }
      guard detector?.isSettled == true, !isChanging else { return }
      detector = nil
      _ = await tell(.settled)
    case .undecided(_, let missing):
      guard missing != saidMissing else { return }
      saidMissing = missing
      _ = await tell(.found(outcome))
    }
  }

  /// Lets everybody take another contract; what arrives meanwhile waits.
  private func change(to contract: Contract, _ outcome: ContractDetector.Outcome) async {
    isChanging = true
    said = contract
    resolver = SignalResolver(contract: contract)
    stale.formUnion(await tell(.found(outcome)))
    isChanging = false
    let held = waiting
    waiting = []
    for emission in held { emission.resume() }
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
