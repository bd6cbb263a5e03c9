import Events
import PrometheusText
import WireFormats

/// What a scrape and a log of a media service show of how it differs from the data model.
struct PipelineEvidence: Sendable {
  typealias Found = (ContractDifference.Standing, String)

  private let real: Contract
  private let model: Contract
  private let scrape: Scrape?
  /// The names that are there, with their types, and the series of each.
  private var series: [SeriesKey] = []
  private var types: [String: MetricType] = [:]

  /// The first line of each form, and how many there are.
  private var plain: (first: String, count: Int)?
  private var json: (first: String, count: Int)?
  private var circuitFallback: String?
  private var transition: String?
  private var state: BreakerState?
  private var firstDelay: (seconds: Double, line: String)?
  private var loss: String?
  private var timeout: String?
  private var timeoutFallback: String?
  private var timedOutAt: Double?
  private var failedHealth: String?
  private var lastFailure: Double?
  private var lateHalfOpen: String?

  init(real: Contract, model: Contract, scrape: Scrape?) {
    self.real = real
    self.model = model
    self.scrape = scrape
    guard let layout = scrape?.layout else { return }
    series = Array(layout.series)
    for family in layout.families { types[family.name] = family.type }
  }

  mutating func read(_ lines: some Sequence<String>, reference: WallTime?) {
    var matcher = LogMatcher(contract: real, hostUTCOffsetSeconds: 0)
    matcher.reference = reference
    for line in lines {
      let match = matcher.match(line, service: real.workerService)
      if match.isObject {
        json = (json?.first ?? line, (json?.count ?? 0) + 1)
      } else if match.line.form == .read, match.line.level != nil, match.line.reportedAt != nil {
        plain = (plain?.first ?? line, (plain?.count ?? 0) + 1)
      }
      if failedHealth == nil, let status = Self.healthStatus(line), (500..<600).contains(status) { failedHealth = line }
      if line.contains("Backpressure timeout") { timedOutAt = nil }
      for happening in match.happenings { note(happening, line) }
    }
  }

  /// The status that an access log gives for a health check: the first word behind the path that is no protocol; what stands behind it, a
  /// length, is none.
  private static func healthStatus(_ line: String) -> Int? {
    guard let request = line.firstRange(of: "GET /health") else { return nil }
    let isBetween: (Character) -> Bool = { " \"\\".contains($0) }
    // The path may go on: "/healthz", "/health?full".
    let words = line[request.upperBound...].drop { !isBetween($0) }.split(whereSeparator: isBetween)
    guard let word = words.first(where: { !$0.hasPrefix("HTTP/") }), word.utf8.count == 3 else { return nil }
    return Int(word)
  }

  private mutating func note(_ happening: Happening, _ line: String) {
    let time = happening.reportedAt?.epochSeconds
    switch happening.kind {
    case .breaker(let change):
      state = change.state
      if happening.provenance == .observed { transition = transition ?? line }
      if change.state == .halfOpen, let time, let lastFailure, time - lastFailure > real.thresholds.breakerCooldownSeconds + 1 {
        lateHalfOpen = lateHalfOpen ?? line
      }
    case .fragment(let fragment):
      switch fragment.stage {
      case .fallback where fragment.detail == "circuit_open":
        state = .open
        circuitFallback = circuitFallback ?? line
      case .fallback:
        // Right after a fragment that timed out, and not for a pause that lasted too long.
        if let time, let timedOutAt, (0...1).contains(time - timedOutAt) { timeoutFallback = timeoutFallback ?? line }
      case .timedOut:
        timeout = timeout ?? line
        timedOutAt = time
      case .failed: lastFailure = time ?? lastFailure
      default: break
      }
    case .reconnectionPlanned(let attempt, let delay): if attempt == 1, firstDelay == nil { firstDelay = (delay, line) }
    case .speechDisconnected, .reconnectionAttempt: loss = loss ?? line
    default: break
    }
  }

  private func named(_ part: String) -> [SeriesKey] { series.filter { $0.name.contains(part) } }
  private func text(_ key: SeriesKey) -> String { "\(key)" }
  private func excerpt(_ line: String) -> String { String(line.prefix(160)) }
  /// Series of the worker under any of its names.
  private var own: [SeriesKey] {
    series.filter { $0.name.contains("worker_") && !$0.name.hasSuffix("_created") && !$0.name.hasSuffix("_info") }
  }

  // MARK: The thirteen

  var names: Found? {
    let promised = Set(model.signals.flatMap { SignalResolver.names(of: $0) })
    let bound = Set(real.signals.flatMap { SignalResolver.names(of: $0) }).subtracting(promised)
    if let key = series.first(where: { bound.contains($0.name) }) { return (.seen, key.name) }
    return series.first { promised.contains($0.name) }.map { (.absent, $0.name) }
  }

  var streamLabel: Found? {
    guard let first = own.first else { return nil }
    if let key = own.first(where: { $0["stream_id"] != nil }) { return (.seen, text(key)) }
    return (.absent, text(first))
  }

  var processedLabel: Found? {
    let found = named("fragments").filter { $0["status"] != nil }
    if let key = found.first(where: { ["success", "partial", "failed"].contains($0["status"]) }) { return (.seen, text(key)) }
    return found.first { $0["status"] == "processed" }.map { (.absent, text($0)) }
  }

  var breakerCodes: Found? {
    guard let state, let scrape, let binding = real.signals.first(where: { $0.signal == .breakerState }) else { return nil }
    var resolver = SignalResolver(contract: real)
    guard let code = resolver.resolve(scrape)[.breakerState]?.number else { return nil }
    let evidence = "\(binding.series) is \(NumberText.shortest(code)), the log ends with \(state.rawValue)"
    if model.breakerState(code: code) == state { return state == .closed ? nil : (.absent, evidence) }
    return real.breakerState(code: code) == state ? (.seen, evidence) : nil
  }

  var syncKind: Found? {
    if let name = types.keys.sorted().first(where: { $0.contains("av_sync_delta") && types[$0] == .histogram }) {
      return (.absent, "\(name) is a histogram")
    }
    guard let key = named("av_sync_delta").first(where: { types[$0.name] == .gauge }), let value = scrape?.value(of: key) else {
      return nil
    }
    // One that is not negative may be so by chance.
    return value < 0 ? (.absent, "\(text(key)) is \(NumberText.shortest(value))") : nil
  }

  var fallbackReasons: Found? {
    if let key = named("fallback").first(where: { $0["reason"] != nil }) { return (.absent, text(key)) }
    return named("circuit_breaker_fallbacks").first { !$0.name.hasSuffix("_created") }.map { (.seen, text($0)) }
  }

  var reconnectionCounter: Found? {
    if let key = named("reconnect").first { return (.absent, text(key)) }
    guard !own.isEmpty else { return nil }
    return (
      .seen, loss.map { "none of \(own.count) series counts \"\(excerpt($0))\"" } ?? "none of \(own.count) series of the worker is one"
    )
  }

  var logForm: Found? {
    // A stranger between the others is none of the service's own lines.
    if let plain, plain.count >= json?.count ?? 0 { return (.seen, "\"\(excerpt(plain.first))\"") }
    return json.map { (.absent, "\"\(excerpt($0.first))\"") }
  }

  var transitionLine: Found? {
    if let transition { return (.absent, "\"\(excerpt(transition))\"") }
    return circuitFallback.map { (.seen, "the breaker was open, \"\(excerpt($0))\", and no line says when it opened") }
  }

  var backoff: Found? {
    guard let firstDelay else { return nil }
    let promised = model.thresholds.backoff.delaySeconds(beforeAttempt: 1)
    let limits = real.thresholds.backoff
    let isReal = abs(firstDelay.seconds - limits.delaySeconds(beforeAttempt: 1)) <= limits.jitterSeconds + 0.01
    let isModel = abs(firstDelay.seconds - promised) <= promised * model.thresholds.backoff.tolerance
    guard isReal != isModel else { return nil }
    return (isReal ? .seen : .absent, "\"\(excerpt(firstDelay.line))\"")
  }

  var timeouts: Found? {
    if let timeoutFallback { return (.absent, "\"\(excerpt(timeoutFallback))\"") }
    return timeout.map { (.seen, "\"\(excerpt($0))\", and no fallback for it") }
  }

  /// That an answer is always the same shows in no scrape and no log; one that failed shows the contrary.
  var health: Found? { failedHealth.map { (.absent, "\"\(excerpt($0))\"") } }

  /// A change right at the end of the cooldown tells nothing: a request may have come just then.
  var halfOpen: Found? { lateHalfOpen.map { (.seen, "\"\(excerpt($0))\"") } }
}
