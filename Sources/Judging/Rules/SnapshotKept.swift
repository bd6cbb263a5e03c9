import Contracts
import Events
import PrometheusText
import RunModel

/// The snapshot of all metric families when the steps were over.
struct SnapshotKept: Rule {
  static let name = "snapshot"
  static let summary = "All metric families of the worker are kept as they were scraped when the steps were over."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.metrics]
  static let floor = "one scrape of the worker with something in it, asked for after the steps and not frozen"

  init(_ values: RuleValues) {}

  var sentence: String { "metrics snapshot at completion is kept" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .metrics }
    private var kept: String?

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard kept == nil, case .sample(.metrics(let sample)) = event.envelope.event, sample.service == file.context.workerMetrics,
        let completed = file.context.completedAt, sample.askedAt(event.envelope.instant, speed: file.context.speed) >= completed
      else { return }
      guard sample.scrape.count > 0 else { return file.leave("the metrics of \(sample.service) were empty when the steps were over") }
      let lost = sample.scrape.remarks.lostSamples
      guard lost == 0 else {
        return file.leave("\(Figure.count(lost, "sample")) of \(sample.service) could not be read when the steps were over")
      }
      let contract = file.context.contract
      if !contract.signals.isEmpty, sample.signals.isEmpty {
        return file.leave("the metrics of \(sample.service) show none of the signals of contract \(contract.name) when the steps were over")
      }
      let text =
        "\(Figure.count(sample.scrape.count, "sample")) of \(sample.service) in \(sample.scrape.layout.families.count) families"
      kept = text
      file.cite(event, text)
      file.note(text)
    }

    mutating func finish(_ file: inout CaseFile) {
      let service = file.context.workerMetrics
      guard let kept else {
        let trouble = file.context.metrics[service]?.trouble.map { " (\($0))" } ?? ""
        return file.leave("no scrape came after the steps were over\(trouble)")
      }
      let frozen = file.context.metrics[service]?.frozenSince.flatMap { file.context.unscraped(service, from: $0) }
      file.meet(kept, unless: frozen)
    }
  }
}
