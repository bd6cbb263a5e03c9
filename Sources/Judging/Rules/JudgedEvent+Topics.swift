import Contracts
import Events
import MediaSync
import RunModel

extension JudgedEvent {
  /// What a log tells of the breaker.
  var transition: BreakerTransition? {
    guard case .breaker(let transition) = happening?.kind else { return nil }
    return transition
  }

  /// What the worker's log tells of a fragment; the speech service's log tells of the same ones.
  func fragment(_ context: JudgeContext) -> FragmentHappening? {
    guard case .fragment(let fragment) = happening?.kind, happening?.service == context.worker else { return nil }
    return fragment
  }

  /// What a scrape's gauge means for the breaker.
  func gaugeState(_ context: JudgeContext) -> (code: Double, state: BreakerState?)? {
    guard case .sample(.metrics(let sample)) = envelope.event, let code = sample.signals[.breakerState]?.number else { return nil }
    return (code, context.contract.breakerState(code: code))
  }

  /// What the worker's log tells of backpressure.
  func backpressure(_ context: JudgeContext) -> BackpressureEvent? {
    guard case .backpressure(let event) = happening?.kind, happening?.service == context.worker else { return nil }
    return event
  }

  /// Whether the stream began anew: what was asked for before holds no more.
  var isNewSession: Bool {
    switch happening?.kind {
    case .speechDisconnected, .sessionOpened: true
    default: false
    }
  }

  /// What was seen in the output: any stream that is not an input.
  var outputHappening: StreamHappening? {
    guard case .stream(let stream) = happening?.kind, isOutput else { return nil }
    return stream
  }

  /// Whether its source is no input stream.
  var isOutput: Bool { !envelope.source.service.text.hasSuffix("/in") }
}

extension FragmentHappening {
  /// Whether this counts as a failure for the breaker.
  func isCountedFailure(_ thresholds: Thresholds) -> Bool {
    switch stage {
    case .failed: !Self.codesThatDoNotCount.contains(detail ?? "")
    case .timedOut: thresholds.timeoutsCountAsFailures
    case .sent, .acknowledged, .processed, .fallback: false
    }
  }
}
