import Contracts
import Events
import RunModel

/// Segments come out one after the other.
struct OutputUnbroken: Rule {
  private static let tellers: [HappeningKind] = [.segmentOut]

  static let name = "output-unbroken"
  static let summary = "Segments come out one after the other, and none is missing."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers)]
  static let floor = "a line of the worker's log, a template for segment-out, no line lost"

  init(_ values: RuleValues) {}

  var sentence: String { "no segment is missing in the output" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .segments }
    private var last: Int?
    private var count = 0

    /// A worker that ran before the scenario counts on.
    mutating func noteBefore(_ event: JudgedEvent) {
      guard count == 0, case .segment(let segment) = event.happening?.kind, segment.direction == .output else { return }
      last = segment.index ?? last
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .segment(let segment) = event.happening?.kind, segment.direction == .output, let index = segment.index else { return }
      // Audio and video may be told apart: the same index again is no news.
      if index == last { return }
      count += 1
      let expected = last.map { $0 + 1 } ?? 0
      // A worker that was started again counts from 0.
      if index != expected, index != 0 {
        file.cite(event, "segment \(index) came out, expected \(expected)")
        file.violate(
          index > expected
            ? "\(Figure.count(index - expected, "segment")) missing before segment \(index)"
            : "segment \(index) came after segment \(expected - 1)")
      }
      last = index
      file.note("\(Figure.count(count, "segment")) came out")
    }

    mutating func finish(_ file: inout CaseFile) {
      guard count > 0 else { return file.violateUnlessBlind(OutputUnbroken.tellers, "no segment came out") }
      file.meetUnlessBlind(OutputUnbroken.tellers, "\(Figure.count(count, "segment")) came out, none missing")
    }
  }
}
