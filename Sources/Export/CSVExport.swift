import Events
import MCAP
import Recording
import RunModel
import WireFormats

/// A signal as comma-separated values (RFC 4180): a row a scrape that shows it.
package enum CSVExport {
  /// The rows of a signal.
  /// - Parameter name: the contract's name of the signal.
  /// - Throws: where no scrape of the recording shows such a signal; the sentence names the nearest.
  package static func text(_ source: any MCAPSource, signal name: String) throws(Problem) -> String {
    var events = try RecordedEvents(source)
    let signal = SignalID(name)
    var seen: Set<SignalID> = []
    var rows = ""
    while let envelope = try events.next() {
      guard case .sample(.metrics(let sample)) = envelope.event else { continue }
      seen.formUnion(sample.signals.keys)
      for stream in sample.streams { seen.formUnion(stream.signals.keys) }
      if let value = sample.signals[signal] { rows += row(envelope, sample.service, stream: "", value) }
      for stream in sample.streams {
        if let value = stream.signals[signal] { rows += row(envelope, sample.service, stream: stream.name, value) }
      }
    }
    guard !rows.isEmpty else { throw unknown(name, among: seen.map(\.text).sorted()) }
    return "number,at_s,wall,service,stream,value,count,sum,p50,p95\r\n" + rows
  }

  private static func unknown(_ name: String, among names: [String]) -> Problem {
    guard !names.isEmpty else { return Problem(.unknownName, "no scrape of the recording shows any signal of its contract") }
    return Problem(.unknownName, "no scrape of the recording shows a signal \(name)", hint: "it has \(names.joined(separator: ", "))")
  }

  private static func row(_ envelope: EventEnvelope, _ service: ServiceName, stream: String, _ value: SignalValue) -> String {
    var fields = [
      envelope.number.description, NumberText.shortest(envelope.instant.seconds), envelope.wall.iso8601, field(service.text), field(stream),
    ]
    switch value {
    case .number(let number): fields += [NumberText.go(number), "", "", "", ""]
    case .histogram(let histogram):
      fields += [
        "", NumberText.shortest(histogram.count), histogram.sum.map(NumberText.shortest) ?? "",
        histogram.quantile(0.5).map(NumberText.shortest) ?? "", histogram.quantile(0.95).map(NumberText.shortest) ?? "",
      ]
    case .ambiguous, .unclear: fields += ["not known", "", "", "", ""]
    }
    return fields.joined(separator: ",") + "\r\n"
  }

  /// Text from outside: quoted where it needs it, and never a formula where a table is opened.
  private static func field(_ text: String) -> String {
    var text = escapeUntrusted(text)
    if let first = text.first, "=+-@".contains(first) { text = "'" + text }
    guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
