import Events
import MediaSync
import TransportStream

/// What the media plane has to tell.
enum MediaEvent: Sendable, Equatable {
  /// Segments begin; false when no audio came.
  case began(hasAudio: Bool)
  case segment(Segment)
  /// So many bytes of audio at the end belong to the last segment.
  case tail(audioBytes: Int)
  /// The input's time stamps jumped; the output's go on.
  case seam(seconds: Double)
  /// A segment leaves with its original audio, because nothing was decided in time.
  case overdue(segment: Int)
  /// The audio cannot be dubbed: it is not AAC in ADTS frames.
  case foreignAudio(streamType: UInt8)
}

/// The way of audio and video through the worker: demultiplexed, cut into segments, held for a constant delay, put out with the audio
/// that was decided and times that never go back. Pure: bytes, instants and decisions in, bytes and events out.
struct MediaPlane: Sendable {
  /// What the audio frames are.
  struct AudioFormat: Sendable, Equatable {
    var sampleRate: Int
    var channels: Int
    var frameTicks: Int64
  }

  private static let videoPID = 0x100
  private static let audioPID = 0x101
  /// How much more than the delay is held before the input has to wait, in seconds and in bytes.
  private static let surplusSeconds = 5.0
  private static let maxBytes = 256 << 20

  let delaySeconds: Double
  /// How the output's audio is moved.
  var shift = AudioShift()
  private(set) var format: AudioFormat?
  private(set) var queue = OutputQueue()
  private var demuxer = TransportDemuxer()
  private var splitter = ADTSSplitter()
  private var timeline = InputTimeline()
  private var anchor: PaceAnchor
  private var segmenter: MediaSegmenter
  private var muxer: TransportMuxer?
  private var muxed: [TransportTrack] = []
  private var isWaitingForKey = true
  private var lastAudioPTS: Int64?
  private var isForeignAudioSaid = false
  /// How much later each segment leaves than the one before, on purpose; nil for none.
  private let growth: (segmentSeconds: Double, seconds: Double)?
  private var firstTicks: Int64?
  /// Whether segments are being cut: pictures came, and one to begin with.
  private(set) var hasBegun = false

  /// - Parameter toleranceSeconds: jitter of the input's arrival that is left alone.
  init(rules: WorkerRules, toleranceSeconds: Double) {
    delaySeconds = rules.segmentSeconds + rules.outputDeadlineSeconds
    anchor = PaceAnchor(delaySeconds: delaySeconds, toleranceSeconds: toleranceSeconds)
    segmenter = MediaSegmenter(segmentSeconds: rules.segmentSeconds)
    growth = rules.mutation == .growsLate ? (rules.segmentSeconds, 0.04) : nil
  }

  /// Whether the input has to wait: it is faster than the clock.
  func isFull(at now: RunInstant) -> Bool {
    if queue.byteCount > Self.maxBytes { return true }
    guard let last = queue.lastDue else { return false }
    return last.seconds(since: now) > delaySeconds + Self.surplusSeconds
  }

  /// Another connection gives the input from now on.
  mutating func inputOpened() {
    demuxer = TransportDemuxer()
    splitter = ADTSSplitter()
    segmenter.expectKeyFrame()
    anchor.release()
    hasBegun = segmenter.hasGrid
  }

  /// Takes bytes of the input.
  mutating func receive(_ bytes: [UInt8], at now: RunInstant) -> [MediaEvent] { take(demuxer.feed(bytes), at: now) }

  /// The input is over, for now: what is left of it is cut.
  mutating func inputEnded(at now: RunInstant) -> [MediaEvent] {
    var events = take(demuxer.finish(), at: now)
    let (units, seam) = timeline.flush()
    events += take(units, after: seam, at: now)
    events += segmenter.flush(at: now).compactMap { take($0) }
    return events
  }

  /// A segment's audio for the speech service: ADTS frames one after the other; nil when it has left.
  func audio(of index: Int) -> [UInt8]? { queue.original(index)?.reduce(into: []) { $0 += $1 } }

  /// The frames of dubbed audio; nil when they cannot stand in for the input's.
  func frames(ofDubbed bytes: [UInt8]) -> [[UInt8]]? {
    var splitter = ADTSSplitter()
    let frames = splitter.split(bytes, pts: 0)
    guard let format, !frames.isEmpty, splitter.skippedBytes == 0 else { return nil }
    guard frames.allSatisfy({ $0.header.sampleRate == format.sampleRate && $0.header.channels == format.channels }) else { return nil }
    return frames.map(\.bytes)
  }

  /// A segment's audio is to be this, or with nil what came.
  mutating func decide(_ index: Int, dubbed: [[UInt8]]?) {
    queue.decide(index, dubbed: dubbed, frameTicks: format?.frameTicks ?? segmenter.audioFrameTicks)
  }

  /// Another connection takes the output: it begins with tables and a key frame.
  mutating func outputOpened() { isWaitingForKey = true }

  /// Puts out what is due.
  mutating func advance(to now: RunInstant) -> (bytes: [UInt8], events: [MediaEvent]) {
    var bytes: [UInt8] = []
    var events: [MediaEvent] = []
    while let (unit, locked) = queue.pop(at: now, audioDelaySeconds: max(0, shift.milliseconds) / 1000) {
      if let locked { events.append(.overdue(segment: locked)) }
      switch unit.track {
      case .video:
        if isWaitingForKey, !unit.isKey { continue }
        isWaitingForKey = false
        write(unit, pid: Self.videoPID, type: demuxer.program?.video?.streamType ?? StreamType.h264, into: &bytes)
      case .audio:
        var shifted = unit
        shifted.pts += shift.ticks(at: unit.pts)
        shifted.dts = shifted.pts
        // A shift to an earlier time would go back: audio is left out until it has caught up.
        let least = lastAudioPTS.map { $0 + (format?.frameTicks ?? 1920) * 3 / 4 } ?? 0
        guard !isWaitingForKey, shifted.pts >= least else { continue }
        lastAudioPTS = shifted.pts
        write(shifted, pid: Self.audioPID, type: demuxer.program?.audio?.streamType ?? StreamType.adtsAAC, into: &bytes)
      }
    }
    return (bytes, events)
  }
}

extension MediaPlane {
  private mutating func take(_ units: [ElementaryUnit], at now: RunInstant) -> [MediaEvent] {
    var events: [MediaEvent] = []
    for unit in units {
      for part in parts(of: unit, events: &events) {
        let (placed, seam) = timeline.place(part)
        events += take(placed, after: seam, at: now)
      }
    }
    return events
  }

  private mutating func take(_ units: [MediaUnit], after seam: InputTimeline.Seam?, at now: RunInstant) -> [MediaEvent] {
    var events: [MediaEvent] = []
    if let seam {
      anchor.release()
      segmenter.expectKeyFrame()
      events.append(.seam(seconds: seam.seconds))
    }
    for unit in units {
      let due = anchor.due(unit, arrival: now).advanced(bySeconds: lateness(of: unit))
      events += segmenter.add(PacedUnit(unit: unit, due: due), at: now).compactMap { take($0) }
    }
    return events
  }

  /// How much later than it should a unit leaves, in seconds, where a worker lags on purpose.
  private mutating func lateness(of unit: MediaUnit) -> Double {
    guard let growth else { return 0 }
    let first = firstTicks ?? unit.pts
    firstTicks = first
    return max(0, MediaTicks.seconds(unit.pts - first) / growth.segmentSeconds).rounded(.down) * growth.seconds
  }

  private mutating func take(_ event: MediaSegmenter.Event) -> MediaEvent? {
    switch event {
    case .began(let hasAudio):
      prepareMuxer()
      hasBegun = true
      return .began(hasAudio: hasAudio)
    case .video(let item):
      queue.append(video: item)
      return nil
    case .cut(let segment):
      queue.append(segment, frameTicks: segmenter.audioFrameTicks)
      var info = segment.info
      info.isDubbable = format != nil && !isForeignAudioSaid && info.audioFrames > 0
      return .segment(info)
    case .tail(let items):
      queue.append(tail: items)
      return .tail(audioBytes: items.reduce(0) { $0 + $1.unit.payload.count })
    }
  }

  /// A picture, or the audio frames of a unit.
  private mutating func parts(of unit: ElementaryUnit, events: inout [MediaEvent]) -> [MediaUnit] {
    switch unit.track {
    case .video:
      guard unit.pid == demuxer.program?.video?.pid else { return [] }
      return [
        MediaUnit(track: .video, dts: unit.decodingTime, pts: unit.pts, payload: unit.payload, isKey: unit.isRandomAccess)
      ]
    case .audio:
      guard unit.pid == demuxer.program?.audio?.pid else { return [] }
      guard unit.streamType == StreamType.adtsAAC else {
        if !isForeignAudioSaid { events.append(.foreignAudio(streamType: unit.streamType)) }
        isForeignAudioSaid = true
        return [MediaUnit(track: .audio, dts: unit.pts, pts: unit.pts, payload: unit.payload)]
      }
      return splitter.split(unit).map { frame in
        if format?.sampleRate != frame.header.sampleRate || format?.channels != frame.header.channels {
          let ticks = frame.header.ticks(samples: Int64(frame.header.samples))
          format = AudioFormat(sampleRate: frame.header.sampleRate, channels: frame.header.channels, frameTicks: ticks)
          segmenter.audioFrameTicks = ticks
        }
        return MediaUnit(track: .audio, dts: frame.pts, pts: frame.pts, payload: frame.bytes)
      }
    }
  }

  /// The output has the input's tracks, on PIDs of its own.
  private mutating func prepareMuxer() {
    var tracks: [TransportTrack] = []
    if let video = demuxer.program?.video {
      tracks.append(TransportTrack(pid: Self.videoPID, streamType: video.streamType, descriptors: video.descriptors))
    }
    if let audio = demuxer.program?.audio {
      tracks.append(TransportTrack(pid: Self.audioPID, streamType: audio.streamType, descriptors: audio.descriptors))
    }
    guard muxer == nil || tracks != muxed else { return }
    muxed = tracks
    muxer = TransportMuxer(tracks)
  }

  private mutating func write(_ unit: MediaUnit, pid: Int, type: UInt8, into bytes: inout [UInt8]) {
    muxer?.write(
      ElementaryUnit(
        track: unit.track, pid: pid, streamType: type, pts: unit.pts, dts: unit.dts == unit.pts ? nil : unit.dts, payload: unit.payload,
        isRandomAccess: unit.isKey), into: &bytes)
  }
}
