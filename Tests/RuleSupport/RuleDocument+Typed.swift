import Events
import Judging
import RunModel

/// Rules as tests write them: typed, where a scenario's file has words.
extension RuleDocument {
  package enum SyncFigure: String, Sendable, CaseIterable { case timestamps, content }
  package enum GaugeTime: String, Sendable, CaseIterable {
    case always, eventually
    case atEnd = "at_end"
  }

  package static func counter(_ selector: MetricSelector, _ comparison: Comparison, _ value: Double, isDelta: Bool) -> RuleDocument {
    make("counter", selector.values + [comparison.rawValue: .number(value), "delta": isDelta ? .flag(true) : nil])
  }

  /// Bounds that are equal are written as one.
  package static func gauge(_ selector: MetricSelector, minimum: Double?, maximum: Double?, _ time: GaugeTime) -> RuleDocument {
    let isExact = minimum == maximum
    return make(
      "gauge",
      selector.values + [
        "equals": isExact ? minimum.map(RuleValue.number) : nil, "at_least": isExact ? nil : minimum.map(RuleValue.number),
        "at_most": isExact ? nil : maximum.map(RuleValue.number), "when": .text(time.rawValue),
      ])
  }

  package static func events(_ pattern: EventPattern, _ comparison: Comparison, _ count: Int) -> RuleDocument {
    make(
      "events",
      [
        "event": .text(pattern.kind.word), "detail": pattern.detail.map(RuleValue.text), comparison.rawValue: .number(Double(count)),
      ])
  }

  package static func sync(_ figure: SyncFigure, thresholdMilliseconds: Double?, share: Double?, segments: Int) -> RuleDocument {
    make(
      "sync",
      [
        "figure": .text(figure.rawValue), "within_ms": thresholdMilliseconds.map(RuleValue.number), "share": share.map(RuleValue.number),
        "segments": .number(Double(segments)),
      ])
  }

  package enum DubbedSegments: String, Sendable, CaseIterable { case all, told, sessions }
  package static func dubbed(_ of: DubbedSegments, share: Double? = nil, segments: Int) -> RuleDocument {
    make("dubbed", ["of": .text(of.rawValue), "share": share.map(RuleValue.number), "segments": number(segments)])
  }
  package static func noRepeat(segments: Int) -> RuleDocument { make("no-repeat", ["segments": number(segments)]) }
  package static func noLoss(segments: Int) -> RuleDocument { make("no-loss", ["segments": number(segments)]) }
  package static func delay(withinSeconds: Double? = nil, growth: Double? = nil, segments: Int) -> RuleDocument {
    make(
      "delay",
      [
        "within_s": withinSeconds.map(RuleValue.number), "growth_ms_per_min": growth.map(RuleValue.number), "segments": number(segments),
      ])
  }
  package static func outputDuration(toleranceSeconds: Double) -> RuleDocument {
    make("output-duration", ["within_ms": .number(toleranceSeconds * 1000)])
  }
  package static func breakerOpens(failures: Int?) -> RuleDocument { make("breaker-opens", ["failures": failures.map(number)]) }
  package static func breakerSequence(_ states: [BreakerState]) -> RuleDocument {
    make("breaker-sequence", ["states": .texts(states.map(\.rawValue))])
  }
  package static func breakerGaugeAgrees(withinSeconds: Double) -> RuleDocument {
    make("breaker-gauge-agrees", ["within_s": .number(withinSeconds)])
  }
  package static func inflightLimit(_ limit: Int?) -> RuleDocument { make("inflight-limit", ["limit": limit.map(number)]) }
  package static func backoff(attempts: Int) -> RuleDocument { make("backoff", ["attempts": number(attempts)]) }
  package static func exitsWithFailure(_ service: ServiceName) -> RuleDocument {
    make("exits-with-failure", ["service": .text(service.text)])
  }
  package static func logsQuiet(above level: LogLevel, allowed: [String], services: [ServiceName]) -> RuleDocument {
    make("logs-quiet", ["above": .text(level.rawValue), "allow": texts(allowed), "services": texts(services.map(\.text))])
  }
  package static func healthy(_ services: [ServiceName]) -> RuleDocument { make("healthy", ["services": texts(services.map(\.text))]) }

  package static let presentationTimesRise = RuleDocument("pts-rise")
  package static let outputUnbroken = RuleDocument("output-unbroken")
  package static let breakerCooldown = RuleDocument("breaker-cooldown")
  package static let breakerStaysClosed = RuleDocument("breaker-stays-closed")
  package static let fallbackOnlyWhileOpen = RuleDocument("fallback-only-while-open")
  package static let fallbackWhileOpen = RuleDocument("fallback-while-open")
  package static let pauseHolds = RuleDocument("pause-holds")
  package static let slowDownHolds = RuleDocument("slow-down-holds")
  package static let freshSession = RuleDocument("fresh-session")
  package static let recovers = RuleDocument("recovers")
  package static let fragmentsAccounted = RuleDocument("fragments-accounted")
  package static let snapshot = RuleDocument("snapshot")
  package static let stepsDone = RuleDocument("steps-done")

  /// What is nil is left out.
  private static func make(_ name: String, _ values: [String: RuleValue?]) -> RuleDocument {
    var document = RuleDocument(name)
    for (field, value) in values { document.values[field] = value }
    return document
  }

  private static func number(_ number: Int) -> RuleValue { .number(Double(number)) }
  private static func texts(_ texts: [String]) -> RuleValue? { texts.isEmpty ? nil : .texts(texts) }
}

extension MetricSelector {
  fileprivate var values: [String: RuleValue?] {
    switch self {
    case .signal(let id): ["signal": .text(id.text)]
    case .series(let name, let labels, let sums):
      ["series": .text(name), "labels": labels.isEmpty ? nil : .labels(labels), "sum": sums ? .flag(true) : nil]
    }
  }
}

extension [String: RuleValue?] {
  fileprivate static func + (left: Self, right: Self) -> Self { left.merging(right) { _, new in new } }
}
