import Contracts
import Events

/// What was looked at before "nothing is wrong" may be said, and what was not: absence of evidence is no good news.
package struct Inspection: Hashable, Sendable {
  /// What something is known of, in words.
  package var seen: [String] = []
  /// What nothing tells of, in words.
  package var unseen: [String] = []

  fileprivate mutating func note(_ what: String, _ isSeen: Bool) {
    if isSeen { seen.append(what) } else { unseen.append(what) }
  }
}

extension RunState {
  /// What is looked at in this run, and what has no source.
  package var inspection: Inspection {
    var result = Inspection()
    guard description != nil else { return result }
    let checked = services.count { $0.lastCheck != nil || $0.exit != nil }
    if checked > 0 { result.seen.append(Figure.count(checked, "service")) }
    let unchecked = services.filter { $0.lastCheck == nil && $0.exit == nil }.map(\.name.text)
    if unchecked.count > 2 { result.unseen.append("health of \(unchecked.count) services") }
    if (1...2).contains(unchecked.count) { result.unseen.append("health of \(unchecked.joined(separator: " and "))") }
    // What was known of the worker is no answer to how it stands now.
    let isKnown = workerUnknownSeconds == nil
    result.note("breaker", isKnown && breaker.state != nil)
    result.note("connection", isKnown && (workerTells([.reconnections]) || !reconnection.episodes.isEmpty))
    result.note(
      "backpressure",
      isKnown && workerTells([.backpressureEvents, .backpressurePause, .backpressureSlowDown, .backpressureNone])
        || isKnown && backpressure.current != nil)
    let outputs = streams.all.filter { !$0.name.isInputStream }
    result.note("output", outputs.contains { $0.opened != nil || $0.sample != nil || $0.closed != nil })
    let isMeasured = streams.all.contains { !$0.alignments.isEmpty || !$0.contentOffsets.isEmpty }
    let isClaimed = !isMeasured && !sync.claims.isEmpty && !sync.claimIsUnsigned
    result.note(isClaimed ? "sync as claimed" : "sync", isMeasured || isClaimed)
    if !isLogUnderstood(logService) { result.unseen.append("log of \(worker)") }
    return result
  }

  /// Whether anything tells what the worker does: a log of which at least one line is understood, or one of these signals.
  package func workerTells(_ signals: [SignalID]) -> Bool {
    isLogUnderstood(logService) || signals.contains { metrics.number($0) != nil }
  }

  /// Whether at least one line of a service's log was understood: by a template, or by its form where the contract expects no more.
  private func isLogUnderstood(_ service: ServiceName) -> Bool {
    guard let log = logs[service] else { return false }
    let formIsEnough = contract.expectsUnmatched
    return log.reversed().contains {
      $0.value.isMatched || $0.value.isExpected || (formIsEnough && $0.value.level != nil && $0.value.reportedAt != nil)
    }
  }
}
