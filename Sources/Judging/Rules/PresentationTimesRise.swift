import Events
import MediaSync
import RunModel

/// Presentation times of each track rise from segment to segment.
struct PresentationTimesRise: Rule {
  static let name = "pts-rise"
  static let summary = "The presentation times of each track of the output rise from segment to segment."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "two measured segments, and most of those that went in while the stream was read"

  init(_ values: RuleValues) {}

  var sentence: String { "presentation times of each track rise" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .streams }
    private var last: SyncMeasurement?
    private var count = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .alignment(let measurement, _) = event.outputHappening else { return }
      count += 1
      if let last, let problem = SyncMeasurement.violations(in: [last, measurement]).first {
        file.cite(event, "\(problem)")
        file.violate("\(problem)")
      }
      last = measurement
      file.note("risen over \(Figure.count(count, "segment"))")
    }

    mutating func finish(_ file: inout CaseFile) {
      guard count >= 2 else { return file.leave("fewer than two segments of an output stream were measured") }
      if let few = file.context.tooFew(count) { return file.leave(few) }
      file.meet("risen over \(Figure.count(count, "segment"))")
    }
  }
}
