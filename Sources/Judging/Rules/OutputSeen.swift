import Events
import MediaSync
import RunModel

/// Somebody looked at what comes out.
struct OutputSeen: Rule {
  static let name = "output-seen"
  static let summary = "An output stream was read, both of its tracks; every run that publishes is judged by this, asked for or not."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "packets of both tracks of one output stream, read in the run"

  init(_ values: RuleValues) {}

  var sentence: String { "the output stream is read" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .streams }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .opened(_)? = event.outputHappening else { return }
      file.cite(event, "\(event.envelope.source.service) was opened")
      file.note("opened")
    }

    mutating func finish(_ file: inout CaseFile) {
      guard let (name, reading) = file.context.output.best else {
        return file.leave("no output stream was read\(file.context.output.trouble)")
      }
      file.meet("\(reading.videoSeconds.map(Figure.seconds) ?? "packets of both tracks") of \(name) were read")
    }
  }
}

extension Expectation {
  /// What a runner adds to a scenario that publishes: what nobody looked at cannot be good.
  package static let outputSeen = Expectation(id: "output-seen", rule: RuleDocument(OutputSeen.name), isImplied: true)
}
