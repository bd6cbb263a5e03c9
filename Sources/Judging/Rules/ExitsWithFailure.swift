import Contracts
import Events
import RunModel

/// A service ends by itself, with a status other than 0.
struct ExitsWithFailure: Rule {
  private static let whose = RuleField("service", .text, .required, "the service that ends")

  static let name = "exits-with-failure"
  static let summary = "A service ends by itself with a status other than 0."
  static let fields = [whose]
  static let witnesses: [Witness] = [.serviceLog([.serviceExited]), .harness]
  static let floor = "its end with its status; that it did not end: dubwatch runs it, or its log is understood from begin to end"

  let service: ServiceName

  init(_ values: RuleValues) throws(RuleMistake) { service = ServiceName(try values.text(Self.whose)) }

  var sentence: String { "\(service) ends with a failure status" }

  func judge() -> any RuleJudge { Judge(service: service) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .lifecycle }
    let service: ServiceName

    init(service: ServiceName) { self.service = service }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let happening = event.happening, happening.service == service,
        case .lifecycle(.exited(let status, let reason)) = happening.kind
      else { return }
      file.cite(event, "ended" + (status.map { " with status \($0)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)"))
      // Its own log says that it ends before anybody who started it knows with which status.
      guard let status else { return file.note("it ended; its status is not known yet") }
      if status == 0 { file.violate("it ended with status 0") } else { file.meet("it ended with status \(status)") }
    }

    mutating func finish(_ file: inout CaseFile) {
      guard file.verdict.evidence.isEmpty else { return file.leave("it ended, but nobody saw its status") }
      let isOurs = file.context.disturbances.ownProcesses.contains(service)
      file.violate("it did not end", unless: isOurs ? nil : file.context.deaf(to: [.serviceExited], of: service))
    }
  }
}
