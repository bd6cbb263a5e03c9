import Contracts
import Events

extension MetricsSample {
  /// Why the state of a breaker cannot be read, with the stream where there are several; nil where it can.
  fileprivate var unclearBreaker: String? {
    if case .unclear(let reason)? = signals[.breakerState] { return reason }
    for stream in streams {
      if case .unclear(let reason)? = stream.signals[.breakerState] { return "stream \(stream.name): \(reason)" }
    }
    return nil
  }
}

extension RunState {
  /// Of several streams the worst counts, with its name.
  mutating func foldBreaker(_ sample: MetricsSample, at instant: RunInstant) {
    let entries = breaker.entries.total
    if let code = sample.signals[.breakerState]?.number {
      breaker.worstStream = nil
      breaker.noteGauge(code: code, state: contract.breakerState(code: code), at: instant)
    } else {
      let codes = sample.streams.compactMap { stream in stream.signals[.breakerState]?.number.map { (name: stream.name, code: $0) } }
      let contract = contract
      let badness = { (code: Double) in contract.breakerState(code: code).map { $0 == .closed ? 0 : $0 == .halfOpen ? 1 : 3 } ?? 2 }
      let unclear = sample.unclearBreaker
      guard let worst = codes.max(by: { badness($0.code) < badness($1.code) }) else {
        if let unclear {
          breaker.worstStream = nil
          breaker.noteUnclear(unclear, at: instant)
        } else if case .ambiguous? = sample.signals[.breakerState] {
          // Several that have no name: nobody can say whose state it is.
          breaker.noteGaugeGone()
        }
        return
      }
      // One that nobody understands may be as bad as half-open.
      if let unclear, badness(worst.code) < 2 {
        breaker.worstStream = nil
        return breaker.noteUnclear(unclear, at: instant)
      }
      breaker.worstStream = BreakerTrack.WorstStream(
        name: worst.name, count: codes.count { badness($0.code) == badness(worst.code) }, streams: codes.count)
      breaker.noteGauge(code: worst.code, state: contract.breakerState(code: worst.code), at: instant)
    }
    if breaker.entries.total > entries { addInferredBreakerRow(at: instant) }
  }
}
