import Events
import RunModel

/// Every health check is good, and they were made throughout.
struct Healthy: Rule {
  static let name = "healthy"
  static let summary = "Every health check is good, they were made throughout, and no service ended or was restarted unasked."
  static let fields = [RuleField("services", .texts, .otherwise("every service of the environment"), "whose health is meant")]
  static let witnesses: [Witness] = [.healthChecks, .harness]
  static let floor =
    "a check of each service meant, none with a word that is not known, with no gap of more than three intervals and the time of a reading"

  let services: [ServiceName]

  init(_ values: RuleValues) { services = values.texts("services").map { ServiceName($0) } }

  var sentence: String {
    "every health check of \(services.isEmpty ? "every service" : services.map(\.text).joined(separator: ", ")) is good"
  }

  func judge() -> any RuleJudge { Judge(services: services) }

  /// The faults that start a process again.
  private static let restarting = Set(
    [FaultKind.workerCrash, .workerRestart, .containerStop, .containerKill].map { Fault($0).called })

  /// A process that began again, and nobody is known to have asked for it.
  private struct Restart {
    var event: JudgedEvent
    var service: ServiceName
    var text: String
  }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.health, .lifecycle, .faults] }
    let services: [ServiceName]
    private var last: [ServiceName: RunInstant] = [:]
    private var checks = 0
    private var longestGap = 0.0
    private var gapOf: ServiceName?
    /// What is the matter with checks of which nothing is known, the first of each service.
    private var doubts: [(service: ServiceName, text: String)] = []
    /// Which processes have ended, as far as their own environment told so: a log's "stopped" may be about a stream.
    private var ended: Set<ServiceName> = []
    private var faults: [FaultKey: FaultSpan] = [:]
    private var restarts: [Restart] = []

    private struct FaultKey: Hashable {
      var id: Int
      var service: ServiceName
    }

    private struct FaultSpan {
      var from: RunInstant
      var to: RunInstant?
    }

    init(services: [ServiceName]) { self.services = services }

    mutating func noteBefore(_ event: JudgedEvent) {
      guard let happening = event.happening else { return }
      switch happening.kind {
      case .lifecycle(let lifecycle): noteEnd(lifecycle, happening, event)
      case .fault(let fault): note(fault, of: happening.service, at: event.at)
      default: break
      }
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      defer { blameRestarts(before: event.at, &file) }
      if let happening = event.happening {
        switch happening.kind {
        case .lifecycle(let lifecycle) where isMeant(happening.service): note(lifecycle, happening, event, &file)
        case .fault(let fault): note(fault, of: happening.service, at: event.at)
        default: break
        }
        return
      }
      guard case .sample(.health(let sample)) = event.envelope.event, isMeant(sample.service) else { return }
      if case .unasked = sample.outcome { return doubt(event, sample, &file) }
      checks += 1
      note(gap: event.at.seconds(since: last[sample.service] ?? file.context.beganAt ?? event.at), of: sample.service)
      if last.count < 64 || last[sample.service] != nil { last[sample.service] = event.at }
      switch sample.outcome {
      case .healthy where doubts.isEmpty: file.note("\(Figure.count(checks, "check")), all good")
      case .healthy: break
      case .unhealthy(let status, let excerpt): blame(event, "\(sample.service) answered \(status) \(excerpt.prefix(120))", &file)
      case .unreachable(let reason): blame(event, "\(sample.service): \(reason)", &file)
      case .unclear, .unasked: doubt(event, sample, &file)
      }
    }

    private mutating func doubt(_ event: JudgedEvent, _ sample: HealthSample, _ file: inout CaseFile) {
      guard let text = sample.outcome.doubt, doubts.count < 64, !doubts.contains(where: { $0.service == sample.service }) else { return }
      let isOwn = if case .unasked = sample.outcome { true } else { false }
      doubts.append((sample.service, isOwn ? "\(sample.service) could not be asked: \(text)" : "\(sample.service) \(text)"))
      file.cite(event, doubts[doubts.count - 1].text)
      file.note("not known so far: \(doubts[0].text)")
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

    // MARK: Ends and restarts

    private mutating func note(_ lifecycle: ServiceLifecycle, _ happening: Happening, _ event: JudgedEvent, _ file: inout CaseFile) {
      let service = happening.service
      switch lifecycle {
      case .exited: blame(event, "\(service) ended", &file)
      case .restarted(let evidence): restarts.append(Restart(event: event, service: service, text: "\(service) was restarted: \(evidence)"))
      case .started where ended.contains(service):
        restarts.append(Restart(event: event, service: service, text: "\(service) was restarted: it began again after its end"))
      case .started, .stopped: break
      }
      noteEnd(lifecycle, happening, event)
    }

    private mutating func noteEnd(_ lifecycle: ServiceLifecycle, _ happening: Happening, _ event: JudgedEvent) {
      switch lifecycle {
      case .started, .restarted: ended.remove(happening.service)
      case .exited where ended.count < 64: ended.insert(happening.service)
      case .stopped where ended.count < 64 && event.envelope.source.kind != .log: ended.insert(happening.service)
      case .exited, .stopped: break
      }
    }

    private mutating func note(_ fault: FaultHappening, of service: ServiceName, at instant: RunInstant) {
      guard Healthy.restarting.contains(fault.kind), faults.count < 256 else { return }
      let key = FaultKey(id: fault.id, service: service)
      switch fault.phase {
      case .began: faults[key] = FaultSpan(from: instant)
      case .momentary: faults[key] = FaultSpan(from: instant, to: instant)
      case .ended: faults[key, default: FaultSpan(from: instant)].to = instant
      // It may have been done all the same; but nobody asked for what comes later.
      case .failed: faults[key]?.to = instant
      }
    }

    /// Blames restarts that nobody asked for. A fault is told of when it is done, after the process that it started; so each waits until
    /// a fault would have been told of.
    private mutating func blameRestarts(before now: RunInstant?, _ file: inout CaseFile) {
      guard !restarts.isEmpty else { return }
      var waiting: [Restart] = []
      for restart in restarts {
        let grace = file.context.patience(.metrics, restart.service)
        if isAsked(restart, grace) { continue }
        if let now, now.seconds(since: restart.event.at) <= grace {
          waiting.append(restart)
        } else {
          blame(restart.event, restart.text, &file)
        }
      }
      restarts = waiting
    }

    /// Whether a fault is in force, or was until just now: a restart may be seen one reading later.
    private func isAsked(_ restart: Restart, _ grace: Double) -> Bool {
      faults.contains { key, span in
        let at = restart.event.at
        return key.service == restart.service && span.from.seconds(since: at) <= (span.to == span.from ? grace : 0)
          && span.to.map { at.seconds(since: $0) <= grace } ?? true
      }
    }

    // MARK: The end

    mutating func finish(_ file: inout CaseFile) {
      blameRestarts(before: nil, &file)
      guard !file.isDecided else { return }
      let meant = services.isEmpty ? file.context.services : services
      let unasked = meant.filter { service in last[service] == nil && !doubts.contains { $0.service == service } }
      let unknown = doubts.map(\.text) + (unasked.isEmpty ? [] : ["\(Self.list(unasked)) \(unasked.count == 1 ? "was" : "were") not asked"])
      guard unknown.isEmpty else { return file.leave(unknown.prefix(3).joined(separator: "; ") + Self.rest(unknown.count - 3)) }
      guard checks > 0 else { return file.leave("no service was asked") }
      let end = file.context.completedAt ?? file.context.now
      for (service, instant) in last { note(gap: end.seconds(since: instant), of: service) }
      guard longestGap <= gapOf.map({ file.context.patience(.health, $0) }) ?? .infinity else {
        return file.leave("\(gapOf.map(\.text) ?? "a service") was not checked for \(Figure.seconds(longestGap))")
      }
      file.meet("\(Figure.count(checks, "check")), all good")
    }

    private static func list(_ services: [ServiceName]) -> String {
      services.prefix(6).map(\.text).joined(separator: ", ") + rest(services.count - 6)
    }

    private static func rest(_ count: Int) -> String { count > 0 ? " and \(count) more" : "" }
  }
}
