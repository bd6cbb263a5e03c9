import Events
import RunModel

/// Every health check is good, and they were made throughout.
struct Healthy: Rule {
  static let name = "healthy"
  static let summary = "Every health check is good, they were made throughout, and no service ended."
  static let fields = [RuleField("services", .texts, .otherwise("every service"), "whose health is meant")]
  static let witnesses: [Witness] = [.healthChecks, .harness]
  static let floor = "a check of each service named, or of any, with no gap of more than three intervals and the time of a reading"

  let services: [ServiceName]

  init(_ values: RuleValues) { services = values.texts("services").map { ServiceName($0) } }

  var sentence: String {
    "every health check of \(services.isEmpty ? "every service" : services.map(\.text).joined(separator: ", ")) is good"
  }

  func judge() -> any RuleJudge { Judge(services: services) }

  private struct Judge: RuleJudge {
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
}
