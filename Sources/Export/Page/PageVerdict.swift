import Events
import RunModel
import WireFormats

/// Every expectation with its verdict and what it rests on.
enum PageVerdict {
  static func markup(_ run: ExportedRun) -> String {
    let entries = run.judged.verdict.entries
    guard !entries.isEmpty else { return "<p>This run was watched, not judged.</p>" }
    // The worst first.
    let order: [Verdict.Standing] = [.violated, .unobservable, .pending, .met]
    let sorted = order.flatMap { standing in entries.filter { $0.verdict.standing == standing } }
    return HTML.table(
      "\(entries.count) expectations, the worst first", ["standing", "expectation", "why, and on what evidence"],
      rows: sorted.map { row($0, run) })
  }

  private static func row(_ entry: VerdictEntry, _ run: ExportedRun) -> String {
    let began = run.judged.verdict.beganAt ?? .zero
    let verdict = entry.verdict
    let decision = verdict.decision.map { " <span class=\"number\">#\($0)</span>" } ?? ""
    var content = "<p>\(HTML.text(verdict.reason))\(decision)</p>"
    let evidence = verdict.evidence.map { item in
      let time = NumberText.fixed(item.at.seconds(since: began), 3)
      return "<li><a href=\"#\" data-n=\"\(item.sequence)\">#\(item.sequence)</a> +\(time) s \(HTML.text(item.text))</li>"
    }
    let more = verdict.omittedEvidence > 0 ? "<li>and \(verdict.omittedEvidence) more</li>" : ""
    if !evidence.isEmpty { content += "<ul>\(evidence.joined())\(more)</ul>" }
    let optional = entry.expectation.isOptional ? " (optional)" : ""
    return HTML.row(
      [HTML.text(verdict.standing.word), HTML.text(entry.expectation.title + optional), content],
      attributes: [("class", entry.isFailure ? "bad" : verdict.standing == .met ? "good" : "warning")])
  }
}
