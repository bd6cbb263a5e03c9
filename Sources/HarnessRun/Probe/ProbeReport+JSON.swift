import Events
import HarnessCore
import MediaSync
import RunModel
import WireFormats

extension ProbeReport {
  /// The report as JSON with stable keys; what is unknown is null.
  package func json() -> String { JSONValue.object(fields).document }

  private var fields: [String: JSONValue] {
    [
      "source": .string(source), "ok": .bool(isGood), "ended": .of(ending), "failure": .of(totals.failure?.description),
      "media_seconds": .of(totals.mediaSeconds), "video_packets": .of(Double(totals.videoPackets)),
      "audio_packets": .of(Double(totals.audioPackets)), "bits_per_second": .of(bitsPerSecond),
      "loudness_lufs": .of(totals.quality?.integratedLUFS),
      "threshold_ms": .of(thresholdMilliseconds), "tracks": .object(tracks), "segments": .array(segments.map(object)),
      "timestamp_alignment": Self.figure(alignment), "content_offset": Self.figure(contentOffset),
      "marks": marks, "heard": .array(heard.map(Self.object)),
      "content_state": .string(totals.content.rawValue), "claim": .null, "findings": .array(remarks.map(Self.object)),
    ]
  }

  private var tracks: [String: JSONValue] {
    let facts = totals.facts
    return [
      "container": .of(facts?.container), "video_codec": .of(facts?.videoCodec), "width": .of(facts?.width.map(Double.init)),
      "height": .of(facts?.height.map(Double.init)), "frames_per_second": .of(facts?.framesPerSecond),
      "audio_codec": .of(facts?.audioCodec),
      "sample_rate": .of(facts?.sampleRate.map(Double.init)), "channels": .of(facts?.channels.map(Double.init)),
      "frames_per_second_counted": .of(totals.countedFrameRate),
      "sample_rate_counted": .of(totals.decodedShare.flatMap { share in facts?.sampleRate.map { Double($0) * share } }),
      "duration_claimed": .of(facts?.claimedSeconds), "audio_track": .of(Double(facts?.audioIndex ?? 0)),
      "all": .array(
        (facts?.tracks ?? []).map {
          .object(["kind": .string($0.kind), "language": .of($0.language), "codec": .of($0.codec)])
        }),
    ]
  }

  private var marks: JSONValue {
    .object([
      "flashes": .of(Double(totals.sight.flashes)), "beeps": .of(Double(totals.sight.beeps)),
      "flashes_in_rhythm": .bool(totals.sight.hasFlashRhythm), "beeps_in_rhythm": .bool(totals.sight.hasBeepRhythm),
      "used": .of(fit.map { Double($0.usedMarks) }), "seen": .of(fit.map { Double($0.seenMarks) }),
      "offset_ms": .of(fit?.offsetMilliseconds),
      "speed_ppm": .of(fit?.speedPPM), "speed_error_ppm": .of(fit?.speedErrorPPM), "picture_ppm": .of(fit?.videoPPM),
      "sound_ppm": .of(fit?.audioPPM), "residual_ms": .of(fit?.residualMilliseconds),
      "speed_ok": fit.map { .bool(!$0.isSpeedOff) } ?? .null,
    ])
  }

  private func object(_ segment: ScoredSegment) -> JSONValue {
    let measurement = segment.alignment
    return .object([
      "segment_index": .of(Double(measurement.segmentIndex)), "video_pts": .of(measurement.videoPTS),
      "audio_pts": .of(measurement.audioPTS), "delta_ms": .of(measurement.deltaMilliseconds), "scored": .bool(segment.isScored),
      "within_threshold": .bool(measurement.isWithin(thresholdMilliseconds: thresholdMilliseconds)),
      "content_offset_ms": .of(segment.offset?.offsetMilliseconds), "marks": .of(segment.offset.map { Double($0.markCount) }),
    ])
  }

  private static func object(_ segment: HeardSegment) -> JSONValue {
    .object([
      "segment_index": .of(Double(segment.segmentIndex)), "voice": .string(segment.voice.rawValue),
      "place": .string(segment.place.rawValue),
      "instead": .of(segment.instead.map(Double.init)), "lost": .bool(segment.isLost), "marks": .of(Double(segment.marks)),
      "dubbed": .of(Double(segment.dubbed)), "original": .of(Double(segment.original)), "offset_ms": .of(segment.offsetMilliseconds),
    ])
  }

  private static func object(_ remark: Remark) -> JSONValue {
    .object([
      "kind": .string(remark.kind), "text": .string(remark.text), "failure": .bool(remark.isFailure),
      "track": .of(remark.track?.rawValue),
      "seconds": .of(remark.seconds), "at_pts": .of(remark.atPTS),
    ])
  }

  private static func figure(_ summary: SyncSummary?) -> JSONValue {
    guard let summary else { return .null }
    return .object([
      "latest_ms": .of(summary.latest), "p50_ms": .of(summary.p50), "p95_ms": .of(summary.p95), "max_ms": .of(summary.max),
      "drift_ms_per_minute": .of(summary.driftPerMinute), "count": .of(Double(summary.count)),
      "within": .of(Double(summary.within)),
    ])
  }
}

extension JSONValue {
  fileprivate static func of(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  fileprivate static func of(_ number: Double?) -> JSONValue { number.map { of($0) } ?? .null }

  /// Microseconds are enough of any figure, and shorter than what halves of a bit make of them.
  fileprivate static func of(_ number: Double) -> JSONValue {
    guard number.isFinite else { return .null }
    let rounded = (number * 1e6).rounded() / 1e6
    return Int64(exactly: rounded).map { .integer($0) } ?? .number(rounded)
  }
}
