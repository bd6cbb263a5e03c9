/// Timestamp alignment of the data model: at each segment's begin the video and the audio packet nearest to it.
///
/// The origin is the first video key frame that the audio has reached: what comes before it is not scored. A boundary is decided when no
/// packet that may still come can lie nearer, which the decoding times tell exactly.
struct AlignmentTracker: Sendable {
  /// How much later than the origin's key frame the audio may begin, in seconds: two AAC frames.
  static let presenceTolerance = 0.05
  /// How far from a boundary a packet is looked for, in seconds: half a segment.
  static let reach = 3.0
  /// A packet further from a boundary than this, in seconds, says nothing about it: one that follows its neighbours at less than a tenth of
  /// a second is nearer. Where a picture stands still, or few of them come, alignment is finer than packets can tell.
  static let resolution = 0.05...0.1

  private struct Track: Sendable {
    var recent: [Double] = []
    var dts = -Double.infinity
    var interval = PacketInterval()
    var first: Double?

    /// How far from a boundary its nearest packet may lie, in seconds: one packet.
    var reach: Double { min(max(AlignmentTracker.resolution.lowerBound, interval.seconds), AlignmentTracker.resolution.upperBound) }

    var last: Double?

    /// Of two that lie equally far the earlier one; equal to a microsecond, as far as rounding goes.
    func nearest(to time: Double) -> Double? {
      guard let distance = recent.map({ abs($0 - time) }).min() else { return nil }
      return recent.filter { abs($0 - time) <= distance + 1.5e-6 }.min()
    }

    /// Whether no packet to come can lie nearer to a time than what is there.
    func hasDecided(_ time: Double) -> Bool {
      guard let nearest = nearest(to: time) else { return false }
      return dts > time + abs(nearest - time)
    }

    mutating func prune(before time: Double) {
      guard let last = recent.last, recent.count > 1 else { return }
      recent.removeAll { $0 < time && $0 != last }
    }
  }

  private(set) var segments: SegmentMap
  private var video = Track()
  private var audio = Track()
  private var keyFrames: [Double] = []
  private var boundary: (index: Int, time: Double)?

  init(segments: SegmentMap) { self.segments = segments }

  mutating func add(_ packet: StreamTimeline.Packet) -> [StreamHappening] {
    switch packet.track {
    case .video:
      Self.note(packet, in: &video)
      if boundary == nil, packet.isKeyFrame, keyFrames.count < 256 { keyFrames.append(packet.pts) }
    case .audio: Self.note(packet, in: &audio)
    }
    if boundary == nil { findOrigin() }
    var out: [StreamHappening] = []
    while let next = boundary, video.hasDecided(next.time), audio.hasDecided(next.time) { settle(next, &out) }
    return out
  }

  /// What can be settled of the piece that ends here; what comes next has an origin of its own.
  mutating func seam(at time: Double) -> [StreamHappening] {
    let out = finish()
    if boundary != nil { segments.end(at: time) }
    video = Track()
    audio = Track()
    keyFrames = []
    boundary = nil
    return out
  }

  /// Settles the boundaries that the video has reached and both tracks have a packet near to.
  mutating func finish() -> [StreamHappening] {
    var out: [StreamHappening] = []
    while let next = boundary, let last = video.last, next.time <= last {
      guard [video, audio].allSatisfy({ ($0.nearest(to: next.time)).map { abs($0 - next.time) <= Self.reach } ?? false }) else { break }
      settle(next, &out)
    }
    return out
  }

  private static func note(_ packet: StreamTimeline.Packet, in track: inout Track) {
    track.recent.append(packet.pts)
    if track.dts.isFinite { track.interval.note(packet.dts - track.dts) }
    track.dts = packet.dts
    track.first = min(track.first ?? packet.pts, packet.pts)
    track.last = max(track.last ?? packet.pts, packet.pts)
    // A track that nobody can pair must not gather for ever.
    if track.recent.count > 8192 { track.recent.removeFirst(4096) }
  }

  private mutating func findOrigin() {
    guard let begin = audio.first, let origin = keyFrames.first(where: { $0 >= begin - Self.presenceTolerance }) else {
      keyFrames.removeAll { key in audio.first.map { key < $0 - Self.presenceTolerance } ?? false }
      return
    }
    keyFrames = []
    segments.begin(at: origin)
    boundary = (segments.index(of: origin).index, origin)
    prune(for: origin)
  }

  private mutating func settle(_ next: (index: Int, time: Double), _ out: inout [StreamHappening]) {
    if let videoPTS = video.nearest(to: next.time), let audioPTS = audio.nearest(to: next.time) {
      let isNear = abs(videoPTS - next.time) <= video.reach && abs(audioPTS - next.time) <= audio.reach
      out.append(
        .alignment(SyncMeasurement(segmentIndex: next.index, videoPTS: videoPTS, audioPTS: audioPTS), isScored: isNear))
    }
    let following = segments.end(of: next.index) ?? next.time + segments.seconds
    boundary = (next.index + 1, following)
    prune(for: following)
  }

  private mutating func prune(for time: Double) {
    video.prune(before: time - Self.reach - 1)
    audio.prune(before: time - Self.reach - 1)
  }
}
