import HarnessCore
import MediaSync
import RunModel
import WireFormats

/// A probe's report for people. Everything from outside is escaped.
package enum ProbeListing {
  /// The report as text, with the marks that standard output can show.
  package static func text(_ report: ProbeReport, _ marks: Marks) -> String {
    var lines = [escapeUntrusted(report.source), "  " + facts(report), ""]
    if !report.segments.isEmpty { lines += table(report) }
    lines += ["", figure("timestamp alignment", report.alignment, report, none: "—")]
    lines.append(figure("content offset", report.contentOffset, report, none: content(report.totals.content)))
    lines.append(pad("heard", width: 21, alignment: .left) + HeardCount(report.heard).words)
    lines.append(pad("speed", width: 21, alignment: .left) + speed(report.fit))
    lines.append(pad("service claims", width: 21, alignment: .left) + "—")
    if !report.remarks.isEmpty { lines.append("") }
    lines += report.remarks.map { "\($0.isFailure ? marks.bad : marks.warning) \(escapeUntrusted($0.text))" }
    if let failure = report.totals.failure {
      lines.append("\(marks.warning) reading ended early: \(escapeUntrusted(failure.description))")
    }
    let text = lines.joined(separator: "\n") + "\n"
    return marks == .ascii ? ASCIIText.plain(text.replacing(" · ", with: ", ")) : text
  }

  /// A number with so many decimals; never an exponent, never "-0".
  static func fixed(_ value: Double, _ decimals: Int) -> String { value.isFinite ? NumberText.fixed(value, decimals) : "?" }

  /// `+200.1 ms late`: the audio, against the video.
  static func milliseconds(_ value: Double) -> String {
    let text = fixed(value, 1)
    if text == "0.0" { return "0.0 ms" }
    return value > 0 ? "+\(text) ms late" : "\(text) ms early"
  }

  private static func facts(_ report: ProbeReport) -> String {
    let facts = report.totals.facts
    var parts: [String] = []
    if let container = facts?.container { parts.append(container.split(separator: ",").first.map(String.init) ?? container) }
    if let codec = facts?.videoCodec {
      let size = facts?.width.flatMap { width in facts?.height.map { " \(width)x\($0)" } } ?? ""
      let rate = facts?.framesPerSecond.map { " \(number($0)) fps" } ?? ""
      parts.append(codec + size + rate)
    }
    if let codec = facts?.audioCodec {
      let rate = facts?.sampleRate.map { " \($0) Hz" } ?? ""
      let channels = facts?.channels.map { $0 == 1 ? " mono" : $0 == 2 ? " stereo" : " \($0) channels" } ?? ""
      parts.append(codec + rate + channels)
    }
    if let loudness = report.totals.quality?.integratedLUFS { parts.append("\(fixed(loudness, 1)) LUFS") }
    if let rate = report.bitsPerSecond { parts.append("\(fixed(rate / 1000, 0)) kbit/s") }
    parts.append("\(fixed(report.totals.mediaSeconds, 1)) s read")
    return parts.map { escapeUntrusted($0) }.joined(separator: " · ")
  }

  private static func number(_ value: Double) -> String { value == value.rounded() ? fixed(value, 0) : fixed(value, 2) }

  private static func table(_ report: ProbeReport) -> [String] {
    let heads = ["segment", "video pts", "audio pts", "delta", "within", "content offset", "marks"]
    let rows = report.segments.map { segment in
      let measurement = segment.alignment
      return [
        "\(measurement.segmentIndex)", fixed(measurement.videoPTS, 3), fixed(measurement.audioPTS, 3),
        milliseconds(measurement.deltaMilliseconds),
        segment.isScored ? (measurement.isWithin(thresholdMilliseconds: report.thresholdMilliseconds) ? "yes" : "NO") : "not scored",
        segment.offset.map { milliseconds($0.offsetMilliseconds) } ?? "—", segment.offset.map { "\($0.markCount)" } ?? "—",
      ]
    }
    let widths = heads.indices.map { column in ([heads] + rows).map { displayWidth($0[column]) }.max() ?? 0 }
    return ([heads] + rows).map { row in
      zip(row, widths).map { pad($0, width: $1, alignment: .right) }.joined(separator: "  ")
    }
  }

  private static func figure(_ name: String, _ summary: SyncSummary?, _ report: ProbeReport, none: String) -> String {
    let head = pad(name, width: 21, alignment: .left)
    guard let summary else { return head + none }
    let drift = summary.driftPerMinute.map { "  drift \($0 >= 0 ? "+" : "")\(fixed($0, 1)) ms/min" } ?? ""
    let within = "  within ±\(fixed(report.thresholdMilliseconds, 0)) ms \(summary.within) of \(summary.count)"
    return head
      + "\(milliseconds(summary.latest))  p50 \(fixed(summary.p50, 1))  p95 \(fixed(summary.p95, 1))  max \(fixed(summary.max, 1))"
      + drift + within
  }

  /// `in step (+3 ppm)  residual 0.4 ms  marks 21 of 21`
  private static func speed(_ fit: MarkFit?) -> String {
    guard let fit else { return "—" }
    let words = fit.isSpeedOff ? fit.speedWords : "in step"
    return "\(words) (\(fit.speedPPM > 0 ? "+" : "")\(fixed(fit.speedPPM, 0)) ppm)  residual \(fixed(fit.residualMilliseconds, 1)) ms  "
      + "marks \(fit.usedMarks) of \(fit.seenMarks)"
  }

  private static func content(_ state: ContentState) -> String {
    switch state {
    case .off: "not searched"
    case .searching: "undecided"
    case .found: "—"
    case .noMarks: "no marks"
    case .outOfRange: "out of range"
    }
  }
}
