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

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.health, .lifecycle, .faults] }
    let services: [ServiceName]
    private var last: [ServiceName: RunInstant] = [:]
    private var checks = 0
    private var longestGap = 0.0
    private var gapOf: ServiceName?
    /// What is the matter with checks of which nothing is known, the first of each service.
    private var doubts: [(service: ServiceName, text: String)] = []

    init(services: [ServiceName]) { self.services = services }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if blameRestarts(by: event.at, &file) { return }
      if let happening = event.happening {
        if case .lifecycle(.exited) = happening.kind, isMeant(happening.service) { blame(event, "\(happening.service) ended", &file) }
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

    /// Blames the first restart that nobody asked for.
    private func blameRestarts(by now: RunInstant?, _ file: inout CaseFile) -> Bool {
      guard let restart = file.context.unaskedRestart(by: now, where: isMeant) else { return false }
      let text = "\(restart.service) was restarted: \(restart.evidence)"
      file.cite(Evidence(sequence: restart.sequence, at: restart.at, text: text))
      file.violate(text)
      return true
    }

    // MARK: The end

    mutating func finish(_ file: inout CaseFile) {
      if blameRestarts(by: nil, &file) { return }
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
