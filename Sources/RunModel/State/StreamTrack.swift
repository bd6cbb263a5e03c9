import Events
import MediaSync

/// What is known of one media stream.
package struct StreamTrack: Codable, Sendable {
  /// The stream: its path, such as `live/test/out`.
  package let name: ServiceName
  /// How its reader last said it stands; nil before the first word.
  package internal(set) var sample: Timed<StreamSample>?
  /// What it carries, as far as known.
  package internal(set) var facts: StreamFacts?
  /// When it was opened; nil while it is not.
  package internal(set) var opened: RunInstant?
  /// When and why it was closed, where it was open and is not.
  package internal(set) var closed: Timed<String>?
  /// Whether it is closed because its reader died, which says nothing of the stream.
  package internal(set) var isReaderLost = false
  /// Since when nothing comes; nil while packets come.
  package internal(set) var stalledSince: RunInstant?
  /// Bit rates, one per sample.
  package internal(set) var bitRates: History<Timed<Double>>
  /// Timestamp alignment, per scored segment.
  package internal(set) var alignments: History<Timed<SyncMeasurement>>
  /// Offsets of single marks, scored or not.
  package internal(set) var marks: History<Timed<ContentMark>>
  /// Content offsets, per segment.
  package internal(set) var contentOffsets: History<Timed<ContentOffset>>
  /// The content offset of a segment that lies furthest from 0 since the stream was first read, in milliseconds, positive late; nil before the
  /// first.
  package internal(set) var furthest: Double?
  /// What is really heard, per segment.
  package internal(set) var heard: History<Timed<HeardSegment>>
  /// How long after it was sent each segment came out, where that is known.
  package internal(set) var delays: History<Timed<SegmentDelay>>
  /// What it shows or says nothing of by now: silence, black, a picture that stands still.
  package internal(set) var spans: [StreamSpan.Kind: Timed<StreamSpan>] = [:]
  /// Gaps, seams and wraps: drawn on the axis.
  package internal(set) var breaks: History<Timed<StreamHappening>>
  /// Where the search for marks stands.
  package internal(set) var content: ContentState = .searching
  /// What all marks since the last jump come to; nil while that is not known.
  package internal(set) var fit: MarkFit?
  /// What is wrong with it since it was opened, newest last; one of a kind and track.
  package internal(set) var defects: [Timed<StreamDefect>] = []

  init(name: ServiceName, limits: StateLimits) {
    self.name = name
    bitRates = History(limit: limits.points)
    alignments = History(limit: limits.points)
    marks = History(limit: limits.points)
    contentOffsets = History(limit: limits.points)
    heard = History(limit: limits.points)
    delays = History(limit: limits.points)
    breaks = History(limit: limits.points)
  }

  /// How its delay goes; nil where none is known.
  package var delayCourse: DelayCourse? { DelayCourse(delays.map { (at: $0.at.seconds, seconds: $0.value.seconds) }) }

  mutating func note(_ happening: StreamHappening, at instant: RunInstant) {
    switch happening {
    case .opened(let new):
      facts = new
      opened = instant
      closed = nil
      isReaderLost = false
      stalledSince = nil
      fit = nil
      spans = [:]
      defects = []
    case .closed(let reason):
      opened = nil
      spans = [:]
      closed = Timed(reason, at: instant)
      isReaderLost = false
    case .readerLost(let reason):
      opened = nil
      spans = [:]
      closed = Timed(reason, at: instant)
      isReaderLost = true
    case .stalled(let seconds): stalledSince = instant.advanced(bySeconds: -seconds)
    case .resumed: stalledSince = nil
    case .gap, .wrap: breaks.append(Timed(happening, at: instant))
    case .seam:
      breaks.append(Timed(happening, at: instant))
      fit = nil
    case .alignment(let measurement, let isScored):
      if isScored { alignments.append(Timed(measurement, at: instant)) }
    case .mark(let mark): marks.append(Timed(mark, at: instant))
    case .contentOffset(let offset):
      contentOffsets.append(Timed(offset, at: instant))
      if offset.offsetMilliseconds.isFinite, abs(offset.offsetMilliseconds) > abs(furthest ?? 0) || furthest == nil {
        furthest = offset.offsetMilliseconds
      }
    case .heard(let segment): heard.append(Timed(segment, at: instant))
    case .content(let state):
      content = state
      if state == .noMarks { fit = nil }
    case .fit(let new): fit = new
    case .span(let span): spans[span.kind] = span.isOver ? nil : Timed(span, at: instant)
    case .defect(let defect):
      defects.removeAll { $0.value.kind == defect.kind && $0.value.track == defect.track }
      defects.append(Timed(defect, at: instant))
      // What jumps alone breaks the axis as a seam does.
      if defect.kind == .jumps { breaks.append(Timed(happening, at: instant)) }
    }
  }

  mutating func trim(before oldest: RunInstant) {
    bitRates.dropFirst { $0.at < oldest }
    alignments.dropFirst { $0.at < oldest }
    marks.dropFirst { $0.at < oldest }
    contentOffsets.dropFirst { $0.at < oldest }
    heard.dropFirst { $0.at < oldest }
    delays.dropFirst { $0.at < oldest }
    breaks.dropFirst { $0.at < oldest }
  }
}

/// The streams of a run, in the order in which they were first heard of.
package struct StreamTracks: Codable, Sendable {
  /// The streams.
  package private(set) var all: [StreamTrack] = []
  private let limits: StateLimits

  init(limits: StateLimits) { self.limits = limits }

  /// A stream by its name; nil when nothing is known of it.
  package subscript(name: ServiceName) -> StreamTrack? { all.first { $0.name == name } }

  mutating func note(_ sample: StreamSample, from source: SourceID, at instant: RunInstant) {
    update(source.service) { track in
      track.sample = Timed(sample, at: instant)
      track.facts = sample.facts ?? track.facts
      track.content = sample.content
      if let rate = sample.bitsPerSecond, rate.isFinite { track.bitRates.append(Timed(rate, at: instant)) }
    }
  }

  mutating func note(_ happening: StreamHappening, from source: SourceID, at instant: RunInstant) {
    update(source.service) { $0.note(happening, at: instant) }
  }

  mutating func note(_ told: DelayFold.Told) { update(told.stream) { $0.delays.append(Timed(told.delay, at: told.at)) } }

  /// A stream that is read, or tried to: it is shown before it says anything.
  mutating func know(_ name: ServiceName) { update(name) { _ in } }

  mutating func trim(before oldest: RunInstant) {
    for index in all.indices { all[index].trim(before: oldest) }
  }

  private mutating func update(_ name: ServiceName, _ change: (inout StreamTrack) -> Void) {
    if let index = all.firstIndex(where: { $0.name == name }) {
      change(&all[index])
    } else if all.count < 64 {
      var track = StreamTrack(name: name, limits: limits)
      change(&track)
      all.append(track)
    }
  }
}
