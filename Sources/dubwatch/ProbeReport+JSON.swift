import Foundation
import HarnessModel

extension ProbeReport {
  /// The report as JSON with stable keys; what is unknown is null.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(JSON.object(fields)), as: UTF8.self) + "\n"
  }

  private var fields: [String: JSON] {
    [
      "source": .text(source), "ok": .truth(isGood), "ended": .of(ending), "failure": .of(totals.failure),
      "media_seconds": .number(totals.mediaSeconds), "video_packets": .number(Double(totals.videoPackets)),
      "audio_packets": .number(Double(totals.audioPackets)), "bits_per_second": .of(bitsPerSecond),
      "threshold_ms": .number(thresholdMilliseconds), "tracks": .object(tracks), "segments": .list(segments.map(object)),
      "timestamp_alignment": Self.figure(alignment), "content_offset": Self.figure(contentOffset),
      "content_state": .text(totals.content.rawValue), "claim": .null, "findings": .list(findings.map(Self.object)),
    ]
  }

  private var tracks: [String: JSON] {
    let facts = totals.facts
    return [
      "container": .of(facts?.container), "video_codec": .of(facts?.videoCodec), "width": .of(facts?.width.map(Double.init)),
      "height": .of(facts?.height.map(Double.init)), "frames_per_second": .of(facts?.framesPerSecond),
      "audio_codec": .of(facts?.audioCodec),
      "sample_rate": .of(facts?.sampleRate.map(Double.init)), "channels": .of(facts?.channels.map(Double.init)),
    ]
  }

  private func object(_ segment: Segment) -> JSON {
    let measurement = segment.alignment
    return .object([
      "segment_index": .number(Double(measurement.segmentIndex)), "video_pts": .number(measurement.videoPTS),
      "audio_pts": .number(measurement.audioPTS), "delta_ms": .number(measurement.deltaMilliseconds), "scored": .truth(segment.isScored),
      "within_threshold": .truth(measurement.isWithin(thresholdMilliseconds: thresholdMilliseconds)),
      "content_offset_ms": .of(segment.offset?.offsetMilliseconds), "marks": .of(segment.offset.map { Double($0.markCount) }),
    ])
  }

  private static func object(_ finding: Finding) -> JSON {
    .object([
      "kind": .text(finding.kind), "text": .text(finding.text), "failure": .truth(finding.isFailure), "track": .of(finding.track?.rawValue),
      "seconds": .of(finding.seconds), "at_pts": .of(finding.atPTS),
    ])
  }

  private static func figure(_ summary: SyncSummary?) -> JSON {
    guard let summary else { return .null }
    return .object([
      "latest_ms": .number(summary.latest), "p50_ms": .number(summary.p50), "p95_ms": .number(summary.p95), "max_ms": .number(summary.max),
      "drift_ms_per_minute": .of(summary.driftPerMinute), "count": .number(Double(summary.count)),
      "within": .number(Double(summary.within)),
    ])
  }
}

/// A JSON value: an optional of Codable would leave its key out.
private indirect enum JSON: Encodable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  static func of(_ text: String?) -> JSON { text.map { .text($0) } ?? .null }
  static func of(_ number: Double?) -> JSON { number.map { $0.isFinite ? .number($0) : .null } ?? .null }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .truth(let value): try container.encode(value)
    case .number(let value):
      // Microseconds are enough of any figure, and shorter than what halves of a bit make of them.
      let rounded = (value * 1e6).rounded() / 1e6
      if let whole = Int64(exactly: rounded) { try container.encode(whole) } else { try container.encode(rounded) }
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}
