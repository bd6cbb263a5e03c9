import Events
import MediaSync
import RunModel

/// Presentation times of each track rise from segment to segment.
struct PresentationTimesRise: Rule {
  static let name = "pts-rise"
  static let summary = "The presentation times of each track of the output rise from segment to segment."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "two measured segments of each output stream, and most of those that went in while it was read"

  init(_ values: RuleValues) {}

  var sentence: String { "presentation times of each track rise" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .streams }
    private var last: [ServiceName: SyncMeasurement] = [:]
    private var counts: [ServiceName: Int] = [:]

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .alignment(let measurement, _) = event.outputHappening else { return }
      let stream = event.envelope.source.service
      counts[stream, default: 0] += 1
      if let last = last[stream], let problem = SyncMeasurement.violations(in: [last, measurement]).first {
        file.cite(event, "\(problem)")
        file.violate("\(problem)")
      }
      last[stream] = measurement
      file.note("risen over \(Figure.count(all, "segment"))")
    }

    mutating func finish(_ file: inout CaseFile) {
      guard counts.values.contains(where: { $0 >= 2 }) else {
        return file.leave("fewer than two segments of an output stream were measured")
      }
      for stream in Set(counts.keys).union(file.context.output.read).sorted() {
        let count = counts[stream] ?? 0
        if count < 2 { return file.leave("fewer than two segments of \(stream) were measured") }
        if let few = file.context.tooFew(count, of: stream) { return file.leave(few) }
      }
      file.meet("risen over \(Figure.count(all, "segment"))")
    }

    private var all: Int { counts.values.reduce(0, +) }
  }
}
