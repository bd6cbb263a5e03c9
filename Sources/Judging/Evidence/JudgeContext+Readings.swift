import Contracts
import Events
import RunModel

extension JudgedEvent {
  /// Whether it is what a contract makes of a log or of metrics: told once more, or no evidence, when another one turns out to hold. What
  /// became of the source itself, or of a process, is not.
  var isReading: Bool {
    switch envelope.event {
    case .logLines: true
    case .sample(.metrics): true
    case .happening(let happening):
      switch happening.kind {
      case .lifecycle: envelope.source.kind == .log
      default: happening.provenance != .own && (envelope.source.kind == .log || envelope.source.kind == .metrics)
      }
    case .sample, .sourceStatus, .description, .tick, .verdict: false
    }
  }
}

extension JudgeContext {
  /// Takes over what a run's description says.
  mutating func adopt(_ description: RunDescription) {
    contract = description.contract
    isEmbedded = description.environment == "embedded"
    speed = description.speed
    services = description.services
    expectedEnds = Set(
      description.expectations.filter { $0.rule.name == ExitsWithFailure.name }.compactMap { $0.rule.values.text("service") }.map {
        ServiceName($0)
      })
    unverifiedNeeds =
      description.expectations.first { $0.rule.name == ConditionsHold.name }?.rule.values.text(ConditionsHold.unverified)
    startedAt = description.startedAt
    localUTCOffsetSeconds = description.localUTCOffsetSeconds
  }

  /// What is known when the contract by which this was learned turns out not to hold: all that no contract read, and which lines came.
  /// - Parameter unread: the same run, with nothing of it that a contract read.
  func begunAnew(from unread: JudgeContext) -> JudgeContext {
    var fresh = unread
    for (service, log) in logs { fresh.logs[service, default: LogWitness()].takeOver(log) }
    for (service, page) in metrics where page.first != nil {
      fresh.metrics[service, default: MetricsWitness()].noteReadByAnother(contract.name)
    }
    return fresh
  }

  /// How long after a change of contract, or after a line that is told once more, further ones may come, in seconds at the speed of real time.
  private static let rereadingSeconds = 2.0

  /// A log is, or will be, read again.
  mutating func noteReadAgain(at instant: RunInstant) {
    readAgainUntil = instant.advanced(bySeconds: Self.rereadingSeconds * max(1, speed))
  }

  /// A log is read again from where it was read first.
  mutating func learn(_ reading: LogReading, of service: ServiceName, at instant: RunInstant) {
    let patience = quietSeconds
    let rest = input.endedAt
    updateLog(of: service) { $0.note(reading, at: instant, patience: patience, rest: rest, of: service) }
  }
}
