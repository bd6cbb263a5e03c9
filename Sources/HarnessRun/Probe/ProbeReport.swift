import Events
import HarnessCore
import MediaSync
import RunModel
import WireFormats

/// What one reading of a stream came to: the segment table, the three figures, the remarks, and the answer.
package struct ProbeReport {
  /// How much earlier than the other one track may end, in seconds: what is interleaved further apart has no counterpart.
  static let endTolerance = 2.0

  /// The share of the scored segments that must lie within the threshold (data model).
  static let share = 0.95

  struct ScoredSegment {
    var alignment: SyncMeasurement
    var isScored: Bool
    var offset: ContentOffset?
  }

  struct Remark: Hashable {
    var kind: String
    var text: String
    var track: MediaTrack?
    var seconds: Double?
    var atPTS: Double?
    /// Whether it makes the answer no.
    var isFailure = false

    init(kind: String, text: String, track: MediaTrack? = nil, seconds: Double? = nil, atPTS: Double? = nil, isFailure: Bool = false) {
      self.kind = kind
      self.text = text
      self.track = track
      self.seconds = seconds
      self.atPTS = atPTS
      self.isFailure = isFailure
    }
  }

  let source: String
  let thresholdMilliseconds: Double
  /// What was counted.
  package let totals: StreamProbe.Totals
  /// Whether the stream was read to its own end.
  let isWhole: Bool
  private(set) var segments: [ScoredSegment] = []
  var remarks: [Remark] = []
  private(set) var ending: String?
  /// What all marks since the last jump come to, as last told; nil where that was never known.
  private(set) var fit: MarkFit?
  private var offsets: [ContentOffset] = []
  private(set) var defects: [StreamDefect] = []
  /// What is really heard of each segment; empty where marks say nothing of it.
  private(set) var heard: [HeardSegment] = []

  /// What one reading came to.
  /// - Parameter isWhole: whether nobody ended it before the stream did.
  package init(
    source: String, thresholdMilliseconds: Double, totals: StreamProbe.Totals, happenings: [StreamHappening], isWhole: Bool = true
  ) {
    self.source = source
    self.thresholdMilliseconds = thresholdMilliseconds
    self.totals = totals
    self.isWhole = isWhole
    for happening in happenings { note(happening) }
    addTracks()
    addDefects()
    addEnds()
    addClaims()
    addContent()
    addHeard()
    addRules()
    addNothing()
  }

  /// Figure 1: what the time stamps say.
  var alignment: SyncSummary? {
    let points = segments.filter(\.isScored).map {
      Timed($0.alignment.deltaMilliseconds, at: RunInstant(seconds: $0.alignment.videoPTS))
    }
    return SyncSummary(points, thresholdMilliseconds: thresholdMilliseconds)
  }

  /// Figure 2: what is heard and seen.
  var contentOffset: SyncSummary? {
    let points = offsets.map { offset in
      let segment = segments.last { $0.alignment.segmentIndex == offset.segmentIndex }
      return Timed(
        offset.offsetMilliseconds,
        at: RunInstant(seconds: segment?.alignment.videoPTS ?? Double(offset.segmentIndex) * StreamAnalysis.segmentSeconds)
      )
    }
    return SyncSummary(points, thresholdMilliseconds: thresholdMilliseconds)
  }

  /// Whether the answer is yes.
  package var isGood: Bool { totals.failure == nil && !remarks.contains(where: \.isFailure) }

  var bitsPerSecond: Double? { totals.mediaSeconds > 0 ? Double(totals.byteCount) * 8 / totals.mediaSeconds : nil }

  private mutating func note(_ happening: StreamHappening) {
    switch happening {
    case .alignment(let measurement, let isScored): segments.append(ScoredSegment(alignment: measurement, isScored: isScored))
    case .contentOffset(let offset):
      offsets.append(offset)
      if let place = segments.lastIndex(where: { $0.alignment.segmentIndex == offset.segmentIndex }) { segments[place].offset = offset }
    case .gap(let track, let seconds, let at):
      let text = "gap of \(ProbeListing.fixed(seconds, 2)) s in the \(track.rawValue) at \(ProbeListing.fixed(at, 3)) s"
      add(Remark(kind: "gap", text: text, track: track, seconds: seconds, atPTS: at))
    case .wrap(let track):
      let text = "\(track.rawValue) time stamps wrapped round; the times here go on"
      remarks.append(Remark(kind: "wrap", text: text, track: track))
    case .seam(let seconds, let at):
      let text =
        "time stamps jump by \(ProbeListing.fixed(seconds, 2)) s at \(ProbeListing.fixed(at, 3)) s: a loop point or a restart, not scored"
      add(Remark(kind: "seam", text: text, seconds: seconds, atPTS: at))
    case .stalled(let seconds): remarks.append(Self.stall(seconds, isOver: false))
    case .resumed(let seconds):
      // How long it was is known only now.
      if let place = remarks.lastIndex(where: { $0.kind == "stall" }) { remarks[place] = Self.stall(seconds, isOver: true) }
    case .closed(let reason), .readerLost(let reason): ending = reason
    case .fit(let new): fit = new
    case .defect(let defect):
      // What is counted is told again with a larger count; what jumps twice jumped twice.
      if defect.count != nil { defects.removeAll { $0.kind == defect.kind && $0.track == defect.track } }
      if defects.count < 1000, !defects.contains(defect) { defects.append(defect) }
    case .heard(let segment): heard.append(segment)
    // Told once it is over: how long it was is known only then.
    case .span(let span):
      if span.isOver {
        add(
          Remark(
            kind: span.kind.rawValue, text: "\(span.words), from \(ProbeListing.fixed(span.fromPTS, 1)) s on", seconds: span.seconds,
            atPTS: span.fromPTS))
      }
    case .opened, .mark, .content: break
    }
  }

  /// A file that is read again from its begin tells of the same places again.
  private mutating func add(_ remark: Remark) { if !remarks.contains(remark) { remarks.append(remark) } }

  private static func stall(_ seconds: Double, isOver: Bool) -> Remark {
    Remark(kind: "stall", text: "stalled for \(ProbeListing.fixed(seconds, 1)) s" + (isOver ? "" : " at least"), seconds: seconds)
  }
}
