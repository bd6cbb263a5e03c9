import Events
import MCAP
import PrometheusText
import Recording
import RunModel
import WireFormats

/// A recording as JSON lines: one object an event, for jq and the like.
package enum JSONLinesExport {
  /// Writes the head of the recording, every event, and what is missing, a line each.
  /// - Parameter write: takes some lines at a time; false when nobody reads any more.
  package static func write(_ source: any MCAPSource, to write: (String) -> Bool) throws(Problem) {
    var events = try RecordedEvents(source)
    var lines = head(events.head) + "\n"
    while let envelope = try events.next() {
      lines += line(envelope) + "\n"
      if lines.utf8.count > 1 << 16 {
        guard write(lines) else { return }
        lines = ""
      }
    }
    let end: JSONValue = [
      "kind": "end", "is_complete": .bool(events.isComplete), "missing": events.losses.sentence.map(JSONValue.string) ?? .null,
    ]
    _ = write(lines + end.jsonText + "\n")
  }

  private static func head(_ head: RecordingHead) -> String {
    let value: JSONValue = [
      "kind": "recording", "scenario": head.scenario.map(JSONValue.string) ?? .null, "environment": .string(head.environment),
      "contract": .string(head.contract), "speed": .shortest(head.speed), "start": .string(time(head.start)),
      "origin": .object(head.origin.mapValues(JSONValue.string)),
    ]
    return value.jsonText
  }

  private static func line(_ envelope: EventEnvelope) -> String {
    var members: [String: JSONValue] = [
      "number": .string(envelope.number.description), "at_s": .shortest(envelope.instant.seconds), "wall": .string(time(envelope.wall)),
      "source": .string(envelope.source.description),
    ]
    let (kind, event) = content(envelope.event)
    members["kind"] = .string(kind)
    members["event"] = event
    if case .happening(let happening) = envelope.event {
      members["happening"] = .string(happening.kind.descriptor.word)
      // The offset from which a sentence is grave changes no word of it.
      members["text"] = happening.kind.row(syncMilliseconds: .infinity).map { .string($0.sentence) }
    }
    return JSONValue.object(members).jsonText
  }

  /// Its word, and all of it. Of a scrape the signals: its series are what `--openmetrics` is for.
  private static func content(_ event: RunEvent) -> (kind: String, value: JSONValue) {
    switch event {
    case .sample(.health(let sample)): ("health", json(sample))
    case .sample(.metrics(let sample)):
      (
        "metrics",
        [
          "service": .string(sample.service.text), "latency_ms": .shortest(sample.latencyMilliseconds), "bytes": .int(sample.byteCount),
          "series": .int(sample.scrape.count),
          "signals": .object(
            Dictionary(sample.signals.map { ($0.key.text, json($0.value)) }, uniquingKeysWith: { first, _ in first })),
        ]
      )
    case .sample(.mediaPaths(let sample)): ("paths", json(sample))
    case .sample(.stream(let sample)): ("stream", json(sample))
    case .sample(.publisher(let sample)): ("publisher", json(sample))
    case .sample(.ownCost(let cost)): ("cost", json(cost))
    case .happening(let happening): ("happening", json(happening))
    case .logLines(let lines): ("log", json(lines))
    case .sourceStatus(let status): ("source", json(status))
    case .description(let description): ("description", json(description))
    case .tick: ("tick", .null)
    case .verdict(let change): ("verdict", json(change))
    }
  }

  private static func json(_ value: SignalValue) -> JSONValue {
    switch value {
    case .number(let number): number.isFinite ? .shortest(number) : .string(NumberText.go(number))
    case .histogram(let histogram):
      [
        "count": .shortest(histogram.count), "sum": histogram.sum.map(JSONValue.shortest) ?? .null,
        "p50": histogram.quantile(0.5).map(JSONValue.shortest) ?? .null, "p95": histogram.quantile(0.95).map(JSONValue.shortest) ?? .null,
      ]
    case .ambiguous(let matches): ["ambiguous_matches": .int(matches)]
    case .unclear(let reason): ["not_known": .string(reason)]
    }
  }

  /// A number that is not finite has no JSON: what holds one is told as such, not left out in silence.
  private static func json(_ value: some Encodable) -> JSONValue {
    do { return try JSONValue(encoding: value) } catch { return ["not_written": .string("\(error)")] }
  }

  private static func time(_ wall: WallTime) -> String { wall.iso8601 }
}
