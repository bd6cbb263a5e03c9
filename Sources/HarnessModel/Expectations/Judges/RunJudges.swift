/// So many happenings of a kind.
struct EventCountJudge: RuleJudge {
  var hears: EventKinds { .happenings }
  let pattern: EventPattern
  let comparison: Comparison
  let wanted: Int
  private var count = 0

  init(pattern: EventPattern, comparison: Comparison, wanted: Int) {
    self.pattern = pattern
    self.comparison = comparison
    self.wanted = wanted
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard let happening = event.happening, pattern.matches(happening), isMeant(happening, file.context) else { return }
    count += 1
    file.cite(event, "\(pattern.sentence), number \(count)")
    file.note("seen \(Figure.count(count, "time")), wanted \(comparison.words) \(wanted)")
    switch comparison {
    case .atLeast: if count >= wanted { file.meet("seen \(Figure.count(count, "time"))") }
    case .equals, .atMost: if count > wanted { file.violate("seen \(Figure.count(count, "time")), wanted \(comparison.words) \(wanted)") }
    }
  }

  /// Worker and speech service both tell of fragments: the worker's word counts.
  private func isMeant(_ happening: Happening, _ context: JudgeContext) -> Bool {
    switch happening.kind {
    case .fragment, .backpressure, .segment: happening.service == context.worker
    default: true
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    let text = "seen \(Figure.count(count, "time"))"
    if comparison.holds(Double(count), Double(wanted)) {
      file.meetUnlessBlind(pattern.tellers, text)
    } else {
      file.violateUnlessBlind(pattern.tellers, "\(text), wanted \(comparison.words) \(wanted)")
    }
  }
}

/// No log line above a level, but for lines that contain an allowed text.
struct LogsQuietJudge: RuleJudge {
  var hears: EventKinds { .logLines }
  let level: LogLevel
  /// In lower case.
  let allowed: [String]
  let services: [ServiceName]
  private var lines = 0
  private var loud = 0
  private var excused = 0

  init(level: LogLevel, allowed: [String], services: [ServiceName]) {
    self.level = level
    self.allowed = allowed
    self.services = services
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .logLines(let new) = event.envelope.event else { return }
    for line in new where services.isEmpty || services.contains(line.service) {
      lines += 1
      guard let grade = line.level, grade > level else { continue }
      let text = line.text.lowercased()
      if allowed.contains(where: { text.contains($0) }) {
        excused += 1
        continue
      }
      loud += 1
      file.cite(event, "\(line.service) \(grade.rawValue): \(line.text.prefix(300))")
    }
    guard loud > 0 else { return file.note("\(Figure.count(lines, "line")) read, \(excused) of them allowed") }
    file.violate("\(Figure.count(loud, "line")) above \(level.rawValue)")
  }

  mutating func finish(_ file: inout CaseFile) {
    let silent = services.filter { !file.context.heardLogs.contains($0) }
    if lines == 0 || !silent.isEmpty {
      return file.leave("no log of \(silent.isEmpty ? "any service" : silent.map(\.text).joined(separator: ", ")) was read")
    }
    if let incomplete = file.context.incomplete { return file.leave(incomplete) }
    file.meet("\(Figure.count(lines, "line")) read, \(excused) above \(level.rawValue) and allowed")
  }
}

/// Every health check is good, and they were made throughout.
struct HealthJudge: RuleJudge {
  var hears: EventKinds { [.health, .lifecycle] }
  let services: [ServiceName]
  private var last: [ServiceName: RunInstant] = [:]
  private var checks = 0
  private var longestGap = 0.0
  private var gapOf: ServiceName?

  init(services: [ServiceName]) { self.services = services }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if case .lifecycle(.exited) = event.happening?.kind, let service = event.happening?.service, isMeant(service) {
      file.cite(event, "\(service) ended")
      return file.violate("\(service) ended")
    }
    guard case .sample(.health(let sample)) = event.envelope.event, isMeant(sample.service) else { return }
    checks += 1
    note(gap: event.at.seconds(since: last[sample.service] ?? file.context.beganAt ?? event.at), of: sample.service)
    if last.count < 64 || last[sample.service] != nil { last[sample.service] = event.at }
    switch sample.outcome {
    case .healthy: file.note("\(Figure.count(checks, "check")), all good")
    case .unhealthy(let status, let excerpt): blame(event, "\(sample.service) answered \(status) \(excerpt.prefix(120))", &file)
    case .unreachable(let reason): blame(event, "\(sample.service): \(reason)", &file)
    }
  }

  private mutating func note(gap: Double, of service: ServiceName) {
    guard gap > longestGap else { return }
    longestGap = gap
    gapOf = service
  }

  private func blame(_ event: JudgedEvent, _ text: String, _ file: inout CaseFile) {
    file.cite(event, text)
    file.violate(text)
  }

  private func isMeant(_ service: ServiceName) -> Bool { services.isEmpty || services.contains(service) }

  mutating func finish(_ file: inout CaseFile) {
    let unchecked = services.filter { last[$0] == nil }
    guard checks > 0, unchecked.isEmpty else {
      return file.leave("\(unchecked.isEmpty ? "no service" : unchecked.map(\.text).joined(separator: ", ")) was never checked")
    }
    let end = file.context.completedAt ?? file.context.now
    for (service, instant) in last { note(gap: end.seconds(since: instant), of: service) }
    guard longestGap <= gapOf.map({ file.context.patience(.health, $0) }) ?? .infinity else {
      return file.leave("\(gapOf.map(\.text) ?? "a service") was not checked for \(Figure.seconds(longestGap))")
    }
    file.meet("\(Figure.count(checks, "check")), all good")
  }
}

/// Every step of the scenario could be done.
struct StepsJudge: RuleJudge {
  var hears: EventKinds { [.scenario, .faults] }
  private var steps = 0
  private var isOver = false

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    switch event.happening?.kind {
    case .scenario(.step(let number, let text)):
      steps += 1
      file.cite(event, "step \(number): \(text)")
    case .scenario(.stepFailed(let number, let reason)):
      file.cite(event, "step \(number): \(reason)")
      file.violate("step \(number): \(reason)")
    case .scenario(.completed): isOver = true
    case .fault(let fault) where fault.phase == .failed:
      file.cite(event, "\(fault.kind): \(fault.detail)")
      file.violate("\(fault.kind) could not be injected: \(fault.detail)")
    default: break
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    if isOver {
      file.meet(steps == 0 ? "there were none" : "\(Figure.count(steps, "step")) done")
    } else {
      file.violate("the run ended before them")
    }
  }
}
