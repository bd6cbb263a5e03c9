extension Expectation.Rule {
  /// The rule as a sentence, for an expectation that has no title of its own.
  public var sentence: String {
    switch self {
    case .counter(let selector, let comparison, let value, let isDelta):
      "\(selector.sentence) \(isDelta ? "rises by" : "is") \(comparison.words) \(Figure.text(value))"
    case .gauge(let selector, let minimum, let maximum, let time):
      "\(selector.sentence) \(Self.bounds(minimum, maximum)) \(Self.words(time))"
    case .events(let pattern, let comparison, let count): "\(pattern.sentence) \(comparison.words) \(Figure.count(count, "time"))"
    case .sync(let figure, let threshold, let share, _):
      "\(figure == .timestamps ? "timestamp alignment" : "content offset"): "
        + "\(share.map(Figure.percent) ?? "enough") of the segments within \(threshold.map(Figure.text) ?? "the contract's") ms"
    case .outputDuration(let tolerance): "output as long as the input within \(Figure.text(tolerance * 1000)) ms"
    case .presentationTimesRise: "presentation times of each track rise"
    case .outputUnbroken: "no segment is missing in the output"
    case .breakerOpens(let failures): "breaker opens at exactly \(failures.map(String.init) ?? "the contract's") failures"
    case .breakerCooldown: "half-open one cooldown after the last failure"
    case .breakerSequence(let states): "breaker goes \(states.map(\.rawValue).joined(separator: " → "))"
    case .breakerStaysClosed: "breaker stays closed"
    case .breakerGaugeAgrees(let seconds): "breaker's gauge agrees with the log within \(Figure.seconds(seconds))"
    case .fallbackOnlyWhileOpen: "circuit_open fallbacks only while the breaker is open"
    case .fallbackWhileOpen: "fallback audio while the breaker is open"
    case .pauseHolds: "nothing is sent while paused"
    case .slowDownHolds: "every send waits under slow_down"
    case .inflightLimit(let limit): "never more than \(limit.map(String.init) ?? "the session's limit") in flight"
    case .backoff(let attempts): "\(attempts) reconnection attempts on schedule"
    case .freshSession: "a fresh session begins at sequence 0"
    case .recovers: "the connection comes back"
    case .exitsWithFailure(let service): "\(service) ends with a failure status"
    case .logsQuiet(let level, _, _): "no log line above \(level.rawValue)"
    case .healthy(let services):
      "every health check of \(services.isEmpty ? "every service" : services.map(\.text).joined(separator: ", ")) is good"
    case .fragmentsAccounted: "every fragment sent is processed or falls back"
    case .snapshot: "metrics snapshot at completion is kept"
    case .stepsDone: "every step could be done"
    }
  }

  private static func bounds(_ minimum: Double?, _ maximum: Double?) -> String {
    switch (minimum, maximum) {
    case (let low?, let high?) where low == high: "is \(Figure.text(low))"
    case (let low?, let high?): "is \(Figure.text(low)) to \(Figure.text(high))"
    case (let low?, nil): "is at least \(Figure.text(low))"
    case (nil, let high?): "is at most \(Figure.text(high))"
    case (nil, nil): "is there"
    }
  }

  private static func words(_ time: Expectation.GaugeTime) -> String {
    switch time {
    case .always: "always"
    case .atEnd: "at the end"
    case .eventually: "at least once"
    }
  }
}
