import Events

extension LogMatcher {
  /// Adds what a matching template makes of a line, and what follows from it together with earlier lines.
  mutating func add(
    _ index: Int, _ line: Line, memory: inout Memory, to reading: inout LineReading, lookUp: @escaping (String) -> FieldValue?
  ) {
    let entry = compiled[index]
    let service = line.service
    let values = HappeningValues(constants: entry.template.constants, names: entry.template.fields, lookUp: lookUp)
    reading.isMatched = true
    reading.template = index
    let time = reading.time
    func happening(_ kind: Happening.Kind, _ provenance: Happening.Provenance = .observed) -> Happening {
      Happening(kind, service: service, provenance: provenance, reportedAt: time.map(WallTime.init), line: Self.excerpt(line.bytes))
    }
    func tell(_ kind: Happening.Kind, inPassing: Bool = false) {
      let before = (memory.lastBackpressure?.event, memory.unnumberedFallback?.fragment)
      guard let resolved = resolve(kind, inPassing: inPassing, template: index, time: time, memory: &memory) else {
        guard let sequel = Self.sequel(kind, after: before.0, before.1) else { return }
        var more = happening(sequel)
        more.isSequel = true
        reading.happenings.append(more)
        return
      }
      if let failed = failedAttempt(before: kind, memory: &memory) { reading.happenings.append(happening(failed, .inferred)) }
      reading.happenings.append(happening(numbered(resolved, memory: &memory)))
    }
    do {
      switch try entry.line.build(values) {
      case .happening(let kind, let until):
        if case .finding(let finding) = kind, let until = until ?? entry.template.until.flatMap({ HappeningKind.ofLogs($0) }) {
          remember(finding.id, until: until, &memory)
        }
        tell(kind)
      case .inPassing(let kind): tell(kind, inPassing: true)
      case .harmless: reading.isExpected = true
      case .ending: memory.isEnding = true
      case .cause(let reason): memory.fallbackCause = (reason, time)
      case .nothing: break
      }
      for finding in memory.openFindings where finding.until == entry.kind {
        reading.happenings.append(happening(.finding(Finding(id: finding.id, text: "over", holds: false)), .inferred))
      }
      memory.openFindings.removeAll { $0.until == entry.kind }
    } catch {
      let text = "a log line of \(service) with \"\(entry.template.pattern)\" cannot be read: \(error.message)"
      reading.happenings.append(happening(.finding(Finding(id: "log-line-unreadable", text: text))))
    }
  }

  /// What the second of two lines on one thing adds to the first: the delay of a message, the number of a fragment.
  private static func sequel(_ kind: Happening.Kind, after event: BackpressureEvent?, _ first: FragmentHappening?) -> Happening.Kind? {
    switch kind {
    case .backpressure(let more):
      guard let event, event.recommendedDelayMilliseconds == nil, more.recommendedDelayMilliseconds != nil else { return nil }
      return kind
    case .fragment(let more):
      guard more.stage == .fallback, var whole = first else { return nil }
      whole.sequenceNumber = more.sequenceNumber
      return .fragment(whole)
    default: return nil
    }
  }

  private func remember(_ id: String, until: HappeningKind, _ memory: inout Memory) {
    if !memory.openFindings.contains(where: { $0.id == id }), memory.openFindings.count < 64 { memory.openFindings.append((id, until)) }
  }

  /// Whether two lines are close enough to be about the same thing; lines without a time are.
  private static func isAtOnce(_ before: Double?, _ now: Double?) -> Bool {
    guard let before, let now else { return true }
    return abs(now - before) <= 1
  }

  /// A happening in the light of earlier lines; nil for one that is no news.
  private func resolve(
    _ kind: Happening.Kind, inPassing: Bool, template: Int, time: Double?, memory: inout Memory
  ) -> Happening.Kind? {
    switch kind {
    case .speechDisconnected:
      memory.plannedAttempt = nil
      memory.attempts = 0
      // A service that ends its stream hangs up: nothing was lost.
      defer { memory.isEnding = false }
      return memory.isEnding ? nil : kind
    case .sessionOpened, .speechConnected:
      memory.isEnding = false
      return kind
    case .breaker(var transition):
      defer { memory.breaker = transition.state }
      guard inPassing else { return kind }
      transition.from = transition.from ?? memory.breaker
      return transition.state == memory.breaker ? nil : .breaker(transition)
    case .backpressure(let event):
      // Two loggers tell of the same message, one after the other: it is counted once.
      if let last = memory.lastBackpressure, last.template != template, last.event.action == event.action,
        event.severity == nil || event.severity == last.event.severity, Self.isAtOnce(last.at, time)
      {
        memory.lastBackpressure = nil
        return nil
      }
      memory.lastBackpressure = (event, template, time)
      return kind
    case .lifecycle(let lifecycle):
      // A service and the server it runs in both say so. The server's lines carry no time: the line before dates them.
      let last = memory.lastLifecycle
      let time = time ?? memory.lastTime
      memory.lastLifecycle = (lifecycle, template, time)
      if let last, last.template != template, last.lifecycle == lifecycle, Self.isAtOnce(last.at, time) { return nil }
      return kind
    case .fragment(var fragment): return resolve(&fragment, template: template, time: time, memory: &memory).map(Happening.Kind.fragment)
    default: return kind
    }
  }

  private func resolve(
    _ fragment: inout FragmentHappening, template: Int, time: Double?, memory: inout Memory
  ) -> FragmentHappening? {
    if fragment.stage == .failed { memory.fallbackCause = ("error", time) }
    guard fragment.stage == .fallback else { return fragment }
    // The breaker says that it sends nothing, then the worker says that it uses the original: one fallback.
    if let last = memory.unnumberedFallback, last.template != template, fragment.sequenceNumber != nil, Self.isAtOnce(last.at, time) {
      memory.unnumberedFallback = nil
      return nil
    }
    if fragment.detail == nil, let cause = memory.fallbackCause, Self.isAtOnce(cause.at, time) { fragment.detail = cause.reason }
    memory.unnumberedFallback = fragment.sequenceNumber == nil ? (template, time, fragment) : nil
    memory.fallbackCause = nil
    return fragment
  }

  /// A new plan, or giving up, says that the attempt planned before has failed; python-socketio writes no line of its own for that.
  private func failedAttempt(before kind: Happening.Kind, memory: inout Memory) -> Happening.Kind? {
    guard let attempt = memory.plannedAttempt else { return nil }
    switch kind {
    case .reconnectionPlanned(0, _), .reconnectionGaveUp(0):
      memory.plannedAttempt = nil
      return .reconnectionAttempt(ReconnectionAttempt(attempt: attempt, success: false))
    default: return nil
    }
  }

  /// Fills in the number of an attempt where the line does not say it: counted since the connection was lost.
  private func numbered(_ kind: Happening.Kind, memory: inout Memory) -> Happening.Kind {
    switch kind {
    case .reconnectionPlanned(0, let delay):
      memory.attempts += 1
      memory.plannedAttempt = memory.attempts
      return .reconnectionPlanned(attempt: memory.attempts, delaySeconds: delay)
    case .reconnectionPlanned(let attempt, _):
      memory.attempts = attempt
      return kind
    case .reconnectionAttempt(var attempt) where attempt.attempt == 0:
      attempt.attempt = max(1, memory.plannedAttempt ?? memory.attempts)
      memory.plannedAttempt = nil
      if attempt.success == true { memory.attempts = 0 }
      return .reconnectionAttempt(attempt)
    case .reconnectionGaveUp(0): return .reconnectionGaveUp(attempts: memory.attempts)
    default: return kind
    }
  }
}
