import Contracts
import Events
import MediaSync
import RunModel
import SpeechProtocol

extension JudgedEvent {
  /// What the worker's log tells of the breaker.
  func transition(_ context: JudgeContext) -> BreakerTransition? {
    guard case .breaker(let transition) = happening?.kind, happening?.service == context.worker else { return nil }
    return transition
  }

  /// What the worker's log tells of a fragment; the speech service's log tells of the same ones.
  func fragment(_ context: JudgeContext) -> FragmentHappening? {
    guard case .fragment(let fragment) = happening?.kind, happening?.service == context.worker else { return nil }
    return fragment
  }

  /// What a scrape's gauge means for the breaker.
  func gaugeState(_ context: JudgeContext) -> (code: Double, state: BreakerState?)? {
    guard case .sample(.metrics(let sample)) = envelope.event, sample.service == context.workerMetrics,
      let code = sample.signals[.breakerState]?.number
    else { return nil }
    return (code, context.breakerState(code: code))
  }

  /// What the worker's log tells of backpressure.
  func backpressure(_ context: JudgeContext) -> BackpressureEvent? {
    guard case .backpressure(let event) = happening?.kind, happening?.service == context.worker else { return nil }
    return event
  }

  /// What a further line of a log entry adds on backpressure; the entry itself was told.
  func backpressureSequel(_ context: JudgeContext) -> BackpressureEvent? {
    guard case .happening(let happening) = envelope.event, happening.isSequel, happening.service == context.worker,
      case .backpressure(let event) = happening.kind
    else { return nil }
    return event
  }

  /// What the worker's log tells of its connection to the speech service; another service has connections of its own.
  func connection(_ context: JudgeContext) -> Happening.Kind? {
    guard let happening, happening.service == context.worker else { return nil }
    return happening.kind
  }

  /// Whether the worker's stream began anew: what was asked for before holds no more.
  func isNewSession(_ context: JudgeContext) -> Bool { connection(context)?.endsSession ?? false }

  /// What was seen in the output: any stream that is not an input.
  var outputHappening: StreamHappening? {
    guard case .stream(let stream) = happening?.kind, isOutput else { return nil }
    return stream
  }

  /// Whether its source is no input stream.
  var isOutput: Bool { !envelope.source.service.isInputStream }
}

extension FragmentHappening {
  /// Whether this and another happening are of one fragment: by its identifier, where both tell it, else by its number.
  func isSame(as other: FragmentHappening) -> Bool {
    if let fragmentID, let id = other.fragmentID { return fragmentID == id }
    return sequenceNumber != nil && sequenceNumber == other.sequenceNumber
  }

  /// What it is to the breaker.
  enum Counting { case counts, unknown, success, nothing }

  /// Whether this counts as a failure for the breaker: only what the contract counts, and never what was not sent.
  func counting(_ thresholds: Thresholds) -> Counting {
    switch stage {
    case .processed: .success
    case .timedOut: thresholds.timeoutsCountAsFailures ? .counts : .nothing
    case .failed:
      switch detail.flatMap(STSErrorCode.init(rawValue:)) {
      case let code?: Self.codesThatDoNotCount.contains(code.rawValue) ? .nothing : .counts
      case nil: .unknown
      }
    case .sent, .acknowledged, .fallback, .unsent: .nothing
    }
  }
}
