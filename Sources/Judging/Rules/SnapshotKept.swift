import Events
import PrometheusText
import RunModel

/// The snapshot of all metric families when the steps were over.
struct SnapshotKept: Rule {
  static let name = "snapshot"
  static let summary = "All metric families of the worker are kept as they were scraped when the steps were over."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.metrics]
  static let floor = "one scrape of the worker, asked for after the steps"

  init(_ values: RuleValues) {}

  var sentence: String { "metrics snapshot at completion is kept" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .metrics }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .sample(.metrics(let sample)) = event.envelope.event, sample.service == file.context.worker,
        let completed = file.context.completedAt, sample.askedAt(event.envelope.instant, speed: file.context.speed) >= completed
      else { return }
      let text =
        "\(Figure.count(sample.scrape.count, "sample")) of \(sample.service) in \(sample.scrape.layout.families.count) families"
      file.cite(event, text)
      file.meet(text)
    }

    mutating func finish(_ file: inout CaseFile) { file.leave("no scrape came after the steps were over") }
  }
}
