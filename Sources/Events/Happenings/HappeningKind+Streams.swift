import MediaSync

extension HappeningKind {
  /// What is seen in media streams.
  static let streams = [stream]

  /// Something was seen in a media stream.
  package static let stream = HappeningKind(
    "stream", "something was seen in a media stream", about: .streams,
    telling: Telling(category: .sync) { kind, syncMilliseconds in
      if case .stream(let stream) = kind { stream.row(thresholdMilliseconds: syncMilliseconds) } else { nil }
    })
}

extension StreamHappening {
  /// An offset in words: "+18 ms late", "-40 ms early"; positive is audio later than video.
  private static func signed(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite else { return "unknown" }
    let rounded = milliseconds.rounded()
    let sign = rounded > 0 ? "+" : ""
    return "\(sign)\(Figure.milliseconds(rounded)) \(rounded > 0 ? "late" : rounded < 0 ? "early" : "in step")"
  }

  /// The row of the merged stream of events; nil for what is drawn and not told.
  fileprivate func row(thresholdMilliseconds: Double) -> (severity: EventRow.Severity, sentence: String)? {
    switch self {
    case .opened: (.good, "stream opened")
    case .closed(let reason): (.warning, "stream closed: \(reason)")
    case .readerLost(let reason): (.warning, "the reader of the stream died: \(reason)")
    case .stalled(let seconds): (.bad, "stream stalled for \(Figure.seconds(seconds))")
    case .resumed(let seconds): (.good, "stream goes on after \(Figure.seconds(seconds))")
    case .gap(let track, let seconds, _): (.warning, "gap of \(Figure.seconds(seconds)) in the \(track.rawValue)")
    case .wrap(let track): (.info, "\(track.rawValue) time stamps wrapped")
    case .seam(let seconds, _): (.info, "time stamps jump by \(Figure.seconds(seconds)): a loop point or a restart")
    case .alignment(let measurement, let isScored):
      (
        measurement.isWithin(thresholdMilliseconds: thresholdMilliseconds) || !isScored ? .routine : .bad,
        "segment \(measurement.segmentIndex) timestamps \(Self.signed(measurement.deltaMilliseconds))"
      )
    case .mark: nil
    case .contentOffset(let offset):
      (
        offset.isWithin(thresholdMilliseconds: thresholdMilliseconds) ? .routine : .bad,
        "segment \(offset.segmentIndex) content \(Self.signed(offset.offsetMilliseconds))"
      )
    case .heard(let segment): (segment.severity, "segment \(segment.segmentIndex): \(segment.words)")
    case .span(let span): (span.isOver ? .info : .warning, span.words)
    case .content(let state): (state == .outOfRange ? .warning : .info, "marks: \(state.rawValue)")
    case .fit: nil
    case .defect(let defect): (defect.told.isFailure ? .bad : .warning, defect.told.sentence)
    }
  }
}

extension HeardSegment {
  /// How bad it is by itself: that an original stands in may be as it should be.
  fileprivate var severity: EventRow.Severity {
    if isLost { return .bad }
    switch place {
    case .repeated, .swapped, .missing: return .bad
    case .own, .unknown:
      switch voice {
      case .dubbed: return .routine
      case .original, .mixed, .silent: return .warning
      case .unknown: return .info
      }
    }
  }
}
