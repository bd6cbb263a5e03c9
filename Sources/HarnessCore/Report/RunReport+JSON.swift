import Contracts
import Events
import MediaSync
import PrometheusText
import RunModel
import WireFormats

extension RunReport {
  /// The report as JSON, sorted and indented: verdicts with evidence, the tables of A/V sync, faults, findings, and the metrics as
  /// scraped when the steps were over (families as prom2json writes them). Times are seconds since judging began.
  package func json() -> String { document.document }

  /// Several runs as one JSON array.
  package static func json(_ reports: [RunReport]) -> String { JSONValue.array(reports.map(\.document)).document }

  private var document: JSONValue {
    JSONValue(members: [
      "scenario": .string(scenario),
      "environment": .string(environment),
      "contract": .string(contract),
      "speed": Self.number(speed),
      "started_at": .string(JUnitReport.timestamp(startedAt) + "Z"),
      "duration_seconds": Self.number(durationSeconds),
      "outcome": .string(outcome.rawValue),
      "environment_failure": environmentFailure.map(JSONValue.string),
      "counts": [
        "met": .int(counts.met), "violated": .int(counts.violated), "pending": .int(counts.pending),
        "unobservable": .int(counts.unobservable),
      ],
      "expectations": .array(entries.map(item)),
      "faults": .array(faults.map(item)),
      "findings": .array(findings.map(item)),
      "streams": .array(streams.map(item)),
      "metrics_at_completion": .object(
        Dictionary(snapshots.map { ($0.text, Self.samples(of: $1)) }, uniquingKeysWith: { first, _ in first })),
      "lost_lines": .int(lostLines),
      "recording": recording.map { ["file": .string($0.path), "replay": .string($0.replay)] },
    ])
  }

  private func item(_ entry: VerdictEntry) -> JSONValue {
    JSONValue(members: [
      "id": .string(entry.expectation.id),
      "title": .string(entry.expectation.title),
      "optional": .bool(entry.expectation.isOptional),
      "standing": .string(entry.verdict.standing.rawValue),
      "reason": .string(entry.verdict.reason),
      "decided_at": entry.verdict.decidedAt.map(time),
      "decision": entry.verdict.decision.map { .string($0.description) },
      "evidence": .array(
        entry.verdict.evidence.map {
          [
            "sequence": Self.whole($0.sequence), "at": time($0.at), "text": .string($0.text),
          ]
        }),
      "omitted_evidence": .int(entry.verdict.omittedEvidence),
      "not_known": entry.verdict.gaps.isEmpty
        ? nil
        : .array(
          entry.verdict.gaps.map { gap in
            JSONValue(members: ["from": time(gap.from), "to": gap.to.map(time), "reason": .string(gap.reason)])
          }),
    ])
  }

  private func item(_ fault: FaultRecord) -> JSONValue {
    JSONValue(members: [
      "kind": .string(fault.kind), "detail": .string(fault.detail), "began": time(fault.began), "ended": fault.ended.map(time),
    ])
  }

  private func item(_ alarm: Alarm) -> JSONValue {
    [
      "text": .string(alarm.text), "since": time(alarm.since), "severity": .string(alarm.severity.rawValue),
      "sureness": .string(alarm.sureness.rawValue), "witness": .string(alarm.witness), "service": .string(alarm.service.text),
      "event": .string(alarm.event.description),
    ]
  }

  private func item(_ track: StreamTrack) -> JSONValue {
    let limit = thresholds.syncMilliseconds
    return [
      "name": .string(track.name.text),
      "timestamp_alignment": .array(
        track.alignments.map(\.value).map {
          [
            "segment_index": .int($0.segmentIndex), "video_pts": Self.number($0.videoPTS), "audio_pts": Self.number($0.audioPTS),
            "delta_ms": Self.number($0.deltaMilliseconds), "within_threshold": .bool($0.isWithin(thresholdMilliseconds: limit)),
          ]
        }),
      "content_offset": .array(
        track.contentOffsets.map(\.value).map {
          [
            "segment_index": .int($0.segmentIndex), "offset_ms": Self.number($0.offsetMilliseconds), "marks": .int($0.markCount),
            "within_threshold": .bool($0.isWithin(thresholdMilliseconds: limit)),
          ]
        }),
      "content": .string(track.content.rawValue),
    ]
  }

  private static func samples(of scrape: Scrape) -> JSONValue {
    .array(zip(scrape.layout.series, scrape.values).map { ["series": .string($0.description), "value": number($1)] })
  }

  private func time(_ instant: RunInstant) -> JSONValue { Self.number(seconds(instant)) }

  /// JSON has no word for what is not finite: such a number is text, as Prometheus spells it.
  private static func number(_ value: Double) -> JSONValue { (try? JSONValue(encoding: value)) ?? .string(NumberText.go(value)) }

  private static func whole(_ value: UInt64) -> JSONValue { Int64(exactly: value).map(JSONValue.integer) ?? .unsigned(value) }
}

extension JSONValue {
  /// An object of the members that are there.
  fileprivate init(members: [String: JSONValue?]) { self = .object(members.compactMapValues(\.self)) }
}
