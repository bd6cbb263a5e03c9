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
  }

  let source: String
  let thresholdMilliseconds: Double
  /// What was counted.
  package let totals: StreamProbe.Totals
  private(set) var segments: [ScoredSegment] = []
  private(set) var remarks: [Remark] = []
  private(set) var ending: String?

  /// What one reading came to.
  package init(source: String, thresholdMilliseconds: Double, totals: StreamProbe.Totals, happenings: [StreamHappening]) {
    self.source = source
    self.thresholdMilliseconds = thresholdMilliseconds
    self.totals = totals
    for happening in happenings { note(happening) }
    addTracks()
    addEnds()
    addContent()
    addRules()
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
    let points = segments.compactMap { segment in
      segment.offset.map { Timed($0.offsetMilliseconds, at: RunInstant(seconds: segment.alignment.videoPTS)) }
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
      if let place = segments.lastIndex(where: { $0.alignment.segmentIndex == offset.segmentIndex }) { segments[place].offset = offset }
    case .gap(let track, let seconds, let at):
      let text = "gap of \(ProbeListing.fixed(seconds, 2)) s in the \(track.rawValue) at \(ProbeListing.fixed(at, 3)) s"
      remarks.append(Remark(kind: "gap", text: text, track: track, seconds: seconds, atPTS: at))
    case .wrap(let track):
      let text = "\(track.rawValue) time stamps wrapped round; the times here go on"
      remarks.append(Remark(kind: "wrap", text: text, track: track))
    case .seam(let seconds, let at):
      let text =
        "time stamps jump by \(ProbeListing.fixed(seconds, 2)) s at \(ProbeListing.fixed(at, 3)) s: a loop point or a restart, not scored"
      remarks.append(Remark(kind: "seam", text: text, seconds: seconds, atPTS: at))
    case .stalled(let seconds): remarks.append(Self.stall(seconds, isOver: false))
    case .resumed(let seconds):
      // How long it was is known only now.
      if let place = remarks.lastIndex(where: { $0.kind == "stall" }) { remarks[place] = Self.stall(seconds, isOver: true) }
    case .closed(let reason), .readerLost(let reason): ending = reason
    case .opened, .mark, .content: break
    }
  }

  private static func stall(_ seconds: Double, isOver: Bool) -> Remark {
    Remark(kind: "stall", text: "stalled for \(ProbeListing.fixed(seconds, 1)) s" + (isOver ? "" : " at least"), seconds: seconds)
  }

  /// One track that ended in the middle leaves the rest of the other without a counterpart.
  private mutating func addEnds() {
    guard let video = totals.videoEnd, let audio = totals.audioEnd, abs(video - audio) > Self.endTolerance else { return }
    let (track, other): (MediaTrack, MediaTrack) = audio < video ? (.audio, .video) : (.video, .audio)
    let (end, ahead) = (min(video, audio), abs(video - audio))
    let text =
      "the \(track.rawValue) ended at \(ProbeListing.fixed(end, 3)) s, \(ProbeListing.fixed(ahead, 1)) s before the \(other.rawValue)"
    remarks.append(Remark(kind: "track-ended", text: text, track: track, seconds: ahead, atPTS: end, isFailure: true))
  }

  private mutating func addTracks() {
    for track in MediaTrack.allCases {
      let codec = track == .video ? totals.facts?.videoCodec : totals.facts?.audioCodec
      let count = track == .video ? totals.videoPackets : totals.audioPackets
      if codec == nil {
        remarks.append(
          Remark(kind: "missing-track", text: "there is no \(track.rawValue) track", track: track, isFailure: true))
      } else if count == 0 {
        let text = "the \(track.rawValue) track is announced, but has no packet"
        remarks.append(Remark(kind: "missing-track", text: text, track: track, isFailure: true))
      }
    }
  }

  private mutating func addContent() {
    switch totals.content {
    case .off, .found: break
    case .searching:
      remarks.append(Remark(kind: "marks-undecided", text: "too little was read to say whether there are flashes and beeps"))
    case .noMarks:
      let text = "no marks: no flashes and beeps in the rhythm of the test stream, so the content offset is unknown"
      remarks.append(Remark(kind: "no-marks", text: text))
    case .outOfRange:
      let range = ProbeListing.fixed(MarkRhythm.standard.rangeSeconds, 0)
      let text = "out of range: flashes and beeps are there, but further apart than \(range) s"
      remarks.append(Remark(kind: "out-of-range", text: text, isFailure: true))
    }
  }

  private mutating func addRules() {
    let name = ProbeListing.fixed(thresholdMilliseconds, 0)
    for (figure, kind, summary) in [
      ("timestamp alignment", "alignment-outside", alignment), ("content offset", "content-offset-outside", contentOffset),
    ] {
      guard let summary, Double(summary.within) < Self.share * Double(summary.count) else { continue }
      let text = "\(figure): \(summary.within) of \(summary.count) segments within ±\(name) ms, but 95 % must be"
      remarks.append(Remark(kind: kind, text: text, isFailure: true))
    }
    for violation in SyncMeasurement.violations(in: segments.filter(\.isScored).map(\.alignment)) {
      remarks.append(Remark(kind: "not-rising", text: violation.description, isFailure: true))
    }
  }
}
