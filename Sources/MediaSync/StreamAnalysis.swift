/// Everything that packets, brightness and sound levels of one stream tell: no clock, no input or output.
///
/// Packets come in decoding order; frames and levels in the order in which they are shown, each as late as it likes.
package struct StreamAnalysis: Sendable {
  /// How many video packets were taken in.
  package private(set) var videoPackets: UInt64 = 0
  /// How many audio packets were taken in.
  package private(set) var audioPackets: UInt64 = 0
  /// Their payload, in bytes.
  package private(set) var byteCount: UInt64 = 0
  /// The newest video presentation time on the axis, in seconds.
  package private(set) var videoPTS: Double?
  /// The newest audio presentation time on the axis, in seconds.
  package private(set) var audioPTS: Double?
  /// The first presentation time on the axis, of either track, in seconds.
  package private(set) var firstPTS: Double?
  /// Up to where both tracks were searched for marks, in seconds on the axis; nil before both were.
  package var searchedPTS: Double? { matcher?.searched }
  /// Where the search for marks stands.
  package private(set) var content: ContentState

  /// How much of the stream counts, in seconds from the first packet; nil for all of it.
  package var mediaLimit: Double?
  /// How far beyond ``mediaLimit`` the stream was read, in seconds; 0 while it was not.
  package private(set) var secondsBeyond = 0.0

  private var timeline = StreamTimeline()
  private var alignment: AlignmentTracker
  private var flashes = FlashDetector()
  private var beeps = BeepDetector()
  private var matcher: MarkMatcher?
  private var heard = HeardTracker()
  private var segmentMarks: [Int: [Double]] = [:]
  private var untilSettled = 0
  private var progress = TrackProgress()
  private var unplaced: [MediaTrack: Int] = [:]
  private var levelSeconds = 0.0
  private var isSpeedTold = false
  private var tracker = QualityTracker()
  private var lags = ArrivalLags()
  /// When the packet at hand came; nil where that means nothing.
  private var arrival: Double?

  /// An analysis of a stream that has not begun.
  /// - Parameters:
  ///   - rhythm: when the stream flashes and beeps; nil when marks are not searched.
  ///   - segmentSeconds: the length of a segment.
  package init(rhythm: MarkRhythm? = .standard, segmentSeconds: Double = StreamAnalysis.segmentSeconds) {
    matcher = rhythm.map { MarkMatcher(rhythm: $0) }
    content = rhythm == nil ? .off : .searching
    alignment = AlignmentTracker(segments: SegmentMap(seconds: segmentSeconds))
  }

  /// How much was looked at, and how loud it is; nil where pictures and sound are not decoded.
  package var quality: StreamQuality? { matcher == nil ? nil : tracker.quality }
  /// What was seen and heard of marks.
  package var sight: MarkSight { matcher?.sight ?? MarkSight() }
  /// What all marks since the last jump come to; nil for too few of them, or when they do not fit one line.
  package var fit: MarkFit? { matcher?.fit() }
  /// How much media was read, in seconds, of the track of which there is more. A track that jumps alone adds nothing by its jump.
  package var mediaSeconds: Double {
    guard !progress.isApart, let last = [videoPTS, audioPTS].compactMap(\.self).max(), let firstPTS else {
      return progress.counts.values.map(\.seconds).max() ?? 0
    }
    return max(0, last - firstPTS)
  }
  /// How long the other track went on after the last packet of a track, in seconds; nil before both began.
  package func silence(of track: MediaTrack) -> Double? { progress.silence(of: track) }
  /// The presentation time of a track's newest packet, in seconds on the axis; nil before its first.
  package func lastPTS(of track: MediaTrack) -> Double? { progress.counts[track]?.lastPTS }
  /// Video frames per second as counted, holes left out; nil for too few.
  package var countedFrameRate: Double? { progress.counts[.video]?.packetsPerSecond }
  /// How much sound was decoded for each second that the audio's packets cover; nil for too little of it, or where none is decoded.
  ///
  /// 1 where the sample rate is what the track claims; 0.97 where its packets' times say that they hold 3 % less.
  package var decodedShare: Double? {
    guard let covered = progress.counts[.audio]?.coveredSeconds, covered >= 10, levelSeconds > 0 else { return nil }
    return levelSeconds / covered
  }

  /// What is known of the container and the tracks' units; to be said before packets come, and again when it changes.
  package mutating func describe(container: String?, bases: [MediaTrack: TimeBase]) {
    timeline.describe(container: container, bases: bases)
  }

  /// The stream is opened anew: it goes on as after a seam.
  package mutating func reopen() -> [StreamHappening] {
    let out = settleEnd(isFinal: false)
    tracker.reopen()
    timeline.reopen()
    progress.reopen()
    flashes = FlashDetector()
    beeps = BeepDetector()
    return out
  }

  /// Takes a packet in.
  /// - Parameter arrival: when it came, in seconds on the run's axis; nil where that means nothing, as of a file.
  package mutating func add(_ packet: RawPacket, arrival: Double? = nil) -> [StreamHappening] {
    self.arrival = arrival
    if secondsBeyond == 0 {
      switch packet.track {
      case .video: videoPackets += 1
      case .audio: audioPackets += 1
      }
      byteCount += UInt64(max(0, packet.byteCount))
    }
    var out: [StreamHappening] = []
    if packet.pts == nil, packet.dts != nil {
      let count = (unplaced[packet.track] ?? 0) + 1
      unplaced[packet.track] = count
      if StreamDefect.isTold(count) { out.append(.defect(StreamDefect(.unplaced, packet.track, count: count))) }
    }
    out += take(timeline.add(packet))
    // Frames that came before their packets.
    if timeline.tracks[packet.track]?.frames.isWaiting == true { out += look(timeline.drain(packet.track), packet.track) }
    return out
  }

  /// Takes the mean brightness of a video frame in, 0 to 255, with its presentation time as the reader gives it, in seconds.
  /// - Parameters:
  ///   - peak: its brightest point; nil where that was not counted.
  ///   - change: how much its points differ from those of the frame before, on the mean; nil where that was not counted.
  package mutating func add(brightness: Double, peak: Double? = nil, change: Double? = nil, at pts: Double) -> [StreamHappening] {
    guard matcher != nil, pts.isFinite else { return [] }
    return look(timeline.add(FrameQueue.MeasuredFrame(pts: pts, value: brightness, peak: peak, change: change), of: .video), .video)
  }

  /// Takes the loudness of the last 400 ms in, in LUFS.
  package mutating func add(momentary loudness: Double) { tracker.add(momentary: loudness) }
  /// Takes the loudness of all sound so far in, in LUFS.
  package mutating func add(integrated loudness: Double) { tracker.add(integrated: loudness) }

  /// Takes the mean brightness of a picture's nine squares in (``MarkCode``), 0 to 255, with its presentation time as the reader gives it.
  package mutating func add(squares: [Double], at pts: Double) {
    guard matcher != nil, pts.isFinite else { return }
    timeline.add(number: MarkCode.number(squares: squares), at: pts)
    readNumbers()
  }

  private mutating func readNumbers() {
    for frame in timeline.drainNumbers() { heard.add(number: frame.value < 0 ? nil : Int(frame.value), at: frame.time) }
  }

  /// Takes the level of a short piece of sound in.
  /// - Parameters:
  ///   - decibels: of full scale.
  ///   - crossings: how often it crosses zero; nil where that was not counted.
  ///   - pts: its presentation time as the reader gives it, in seconds.
  package mutating func add(level decibels: Double, crossings: Double? = nil, at pts: Double) -> [StreamHappening] {
    guard matcher != nil, pts.isFinite else { return [] }
    levelSeconds += Self.levelSeconds
    let hertz = crossings.map { $0 / 2 / Self.levelSeconds }
    return look(timeline.add(FrameQueue.MeasuredFrame(pts: pts, value: decibels, hertz: hertz), of: .audio), .audio)
  }

  /// How long the segments are that a stream is measured in, in seconds, whatever the worker cuts.
  package static let segmentSeconds = SegmentMap.standardSeconds
  /// How long a piece of sound is, in seconds.
  package static let levelSeconds = 0.005
  /// Below this nothing is heard, in decibels of full scale: where a beep begins to count (``BeepDetector/quietest``).
  static let silenceDecibels = -50.0

  /// Settles what can be settled: nothing more will come.
  package mutating func finish() -> [StreamHappening] {
    var out = settleEnd(isFinal: firstPTS != nil)
    for track in MediaTrack.allCases {
      if let count = unplaced[track], !StreamDefect.isTold(count) { out.append(.defect(StreamDefect(.unplaced, track, count: count))) }
    }
    return out
  }

  private mutating func settleEnd(isFinal: Bool) -> [StreamHappening] {
    var out = take(timeline.finish())
    for track in MediaTrack.allCases { out += look(timeline.drain(track), track) }
    out += tracker.finish().map { .span($0) }
    readNumbers()
    out += alignment.finish()
    if let matches = matcher?.settle(isEnd: true, isFinal: isFinal) { out += note(matches, isEnd: true) }
    return out
  }

  private mutating func take(_ outputs: [StreamTimeline.Output]) -> [StreamHappening] {
    var out: [StreamHappening] = []
    for output in outputs {
      switch output {
      case .happening(let happening):
        if case .defect(let defect) = happening, defect.kind == .jumps { progress.noteApart() }
        out.append(happening)
      case .seam(let time):
        out += alignment.seam(at: time)
        matcher?.seam(at: time)
      case .packet(let packet):
        let first = firstPTS ?? packet.pts
        firstPTS = first
        if let mediaLimit, packet.pts - first > mediaLimit {
          secondsBeyond = max(secondsBeyond, packet.pts - first - mediaLimit)
          continue
        }
        switch packet.track {
        case .video: videoPTS = max(videoPTS ?? packet.pts, packet.pts)
        case .audio: audioPTS = max(audioPTS ?? packet.pts, packet.pts)
        }
        out += progress.note(packet).map { .defect($0) }
        out += alignment.add(packet)
        if packet.track == .video, let arrival {
          lags.note(arrival - packet.pts, of: alignment.segments.index(of: packet.pts).index)
        }
      }
    }
    return out
  }

  private mutating func look(_ frames: [FrameQueue.PlacedFrame], _ track: MediaTrack) -> [StreamHappening] {
    var out: [StreamHappening] = []
    for frame in frames {
      if let mediaLimit, let firstPTS, frame.time - firstPTS > mediaLimit { continue }
      // Of sound 200 pieces come a second: every one need not be asked whether it decides a mark.
      untilSettled -= 1
      switch track {
      case .video:
        out += tracker.add(picture: frame).map { .span($0) }
        let flash = flashes.add(frame.value, at: frame.time)
        matcher?.advance(video: frame.time)
        if let flash {
          matcher?.add(flash: flash)
          heard.add(flash: flash)
          untilSettled = 0
        }
      case .audio:
        out += tracker.add(sound: frame).map { .span($0) }
        let beep = beeps.add(frame.value, hertz: frame.hertz, at: frame.time)
        matcher?.advance(audio: frame.time)
        if frame.value > Self.silenceDecibels { heard.noteLoud(at: frame.time) }
        if let beep {
          matcher?.add(beep: beep.time)
          heard.add(beep: beep)
          untilSettled = 0
        }
      }
      guard untilSettled <= 0 else { continue }
      untilSettled = 20
      if let matches = matcher?.settle() { out += note(matches, isEnd: false) }
    }
    return out
  }

  private mutating func note(_ matches: [MarkMatcher.Match], isEnd: Bool) -> [StreamHappening] {
    var out: [StreamHappening] = []
    for match in matches {
      let (index, isInside) = alignment.segments.index(of: match.flash)
      let mark = ContentMark(
        videoPTS: match.flash, offsetMilliseconds: match.offset * 1000, segmentIndex: index, isScored: isInside && match.isWhole)
      out.append(.mark(mark))
      if mark.isScored { segmentMarks[index, default: []].append(mark.offsetMilliseconds) }
    }
    let closed = closeSegments(isEnd: isEnd)
    out += closed
    if let matcher {
      out += heard.settle(alignment.segments, video: matcher.searchedVideo, audio: matcher.searchedAudio, isEnd: isEnd).map {
        .heard(lags.placed($0))
      }
    }
    if !closed.isEmpty || isEnd { out += tellFit() }
    if let matcher, matcher.state != content {
      content = matcher.state
      out.append(.content(content))
    }
    return out
  }

  /// Tells what all marks come to, and once when it is that the speeds differ.
  private mutating func tellFit() -> [StreamHappening] {
    guard let fit = matcher?.fit() else { return [] }
    defer { isSpeedTold = fit.isSpeedOff }
    return [.fit(fit)] + (fit.isSpeedOff && !isSpeedTold ? [.defect(StreamDefect(.speed, atPTS: videoPTS, fit: fit))] : [])
  }

  /// Tells the figures of the segments whose marks are all decided.
  private mutating func closeSegments(isEnd: Bool) -> [StreamHappening] {
    guard !segmentMarks.isEmpty, let matcher else { return [] }
    let decided = matcher.decided
    let closed = segmentMarks.keys.filter { isEnd || (alignment.segments.end(of: $0) ?? .infinity) <= decided }
    return closed.sorted().compactMap { index in
      guard let marks = segmentMarks.removeValue(forKey: index)?.sorted(), !marks.isEmpty else { return nil }
      let middle = marks.count / 2
      let median = marks.count.isMultiple(of: 2) ? (marks[middle - 1] + marks[middle]) / 2 : marks[middle]
      return .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: median, markCount: marks.count))
    }
  }
}
