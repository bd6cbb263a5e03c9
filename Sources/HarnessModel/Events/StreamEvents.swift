/// A track of a media stream.
public enum MediaTrack: String, Codable, Hashable, Sendable, CaseIterable {
  case video, audio
}

/// What is known of the tracks of a stream.
public struct StreamFacts: Codable, Hashable, Sendable {
  /// The container as ffmpeg names it: `mpegts`, `flv`, `mov,mp4,m4a,3gp,3g2,mj2`.
  public var container: String?
  /// The video codec, such as `h264`; nil without a video track.
  public var videoCodec: String?
  /// Width of the picture, in pixels; nil without a video track.
  public var width: Int?
  /// Height of the picture, in pixels; nil without a video track.
  public var height: Int?
  /// Video frames per second as the stream declares them; nil where it does not.
  public var framesPerSecond: Double?
  /// The audio codec, such as `aac`; nil without an audio track.
  public var audioCodec: String?
  /// Audio samples per second; nil without an audio track.
  public var sampleRate: Int?
  /// Audio channels; nil without an audio track.
  public var channels: Int?

  /// What is known of the tracks of a stream.
  public init(
    container: String? = nil, videoCodec: String? = nil, width: Int? = nil, height: Int? = nil, framesPerSecond: Double? = nil,
    audioCodec: String? = nil, sampleRate: Int? = nil, channels: Int? = nil
  ) {
    self.container = container
    self.videoCodec = videoCodec
    self.width = width
    self.height = height
    self.framesPerSecond = framesPerSecond
    self.audioCodec = audioCodec
    self.sampleRate = sampleRate
    self.channels = channels
  }
}

/// Where the search for flashes and beeps stands.
public enum ContentState: String, Codable, Hashable, Sendable, CaseIterable {
  /// Not searched: switched off, or the pipeline runs faster than it can be.
  case off
  /// Searched, too early to say.
  case searching
  /// Flashes and beeps are found and belong to one another.
  case found
  /// Long enough searched: the stream carries no marks.
  case noMarks = "no-marks"
  /// Flashes and beeps are found, but no offset within the rhythm's range joins them.
  case outOfRange = "out-of-range"
}

/// How a stream's reader stands; said about once a second of pipeline time.
public struct StreamSample: Codable, Hashable, Sendable {
  /// What is known of the tracks; nil before the stream was opened.
  public var facts: StreamFacts?
  /// Video packets read since the stream was opened.
  public var videoPackets: UInt64
  /// Audio packets read since the stream was opened.
  public var audioPackets: UInt64
  /// Video packets per second since the sample before; nil for the first.
  public var framesPerSecond: Double?
  /// Payload of both tracks since the sample before, in bits per second; nil for the first.
  public var bitsPerSecond: Double?
  /// The newest video presentation time, unwrapped, in seconds.
  public var videoPTS: Double?
  /// The newest audio presentation time, unwrapped, in seconds.
  public var audioPTS: Double?
  /// How long no packet has come, in seconds; 0 while they come.
  public var silentSeconds: Double
  /// Where the search for marks stands.
  public var content: ContentState

  /// How a stream's reader stands.
  public init(
    facts: StreamFacts? = nil, videoPackets: UInt64 = 0, audioPackets: UInt64 = 0, framesPerSecond: Double? = nil,
    bitsPerSecond: Double? = nil, videoPTS: Double? = nil, audioPTS: Double? = nil, silentSeconds: Double = 0, content: ContentState
  ) {
    self.facts = facts
    self.videoPackets = videoPackets
    self.audioPackets = audioPackets
    self.framesPerSecond = framesPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.videoPTS = videoPTS
    self.audioPTS = audioPTS
    self.silentSeconds = silentSeconds
    self.content = content
  }
}

/// One flash and the beep that belongs to it.
public struct ContentMark: Codable, Hashable, Sendable {
  /// Presentation time of the flash, unwrapped, in seconds.
  public var videoPTS: Double
  /// Beep minus flash, in milliseconds; positive means audio is late.
  public var offsetMilliseconds: Double
  /// The segment it lies in, counted as ``SyncMeasurement/segmentIndex``.
  public var segmentIndex: Int
  /// False for a mark that is shown and never scored: at a loop seam, before the origin.
  public var isScored: Bool

  /// One flash and the beep that belongs to it.
  public init(videoPTS: Double, offsetMilliseconds: Double, segmentIndex: Int, isScored: Bool = true) {
    self.videoPTS = videoPTS
    self.offsetMilliseconds = offsetMilliseconds
    self.segmentIndex = segmentIndex
    self.isScored = isScored
  }
}

/// The content offset of one segment: the median of its scored marks.
public struct ContentOffset: Codable, Hashable, Sendable {
  /// Which segment, counted as ``SyncMeasurement/segmentIndex``.
  public var segmentIndex: Int
  /// The median of its marks' offsets, in milliseconds; positive means audio is late.
  public var offsetMilliseconds: Double
  /// How many marks it is made of.
  public var markCount: Int

  /// The content offset of one segment.
  public init(segmentIndex: Int, offsetMilliseconds: Double, markCount: Int) {
    self.segmentIndex = segmentIndex
    self.offsetMilliseconds = offsetMilliseconds
    self.markCount = markCount
  }

  /// Whether the offset lies within a threshold: |offset| < threshold.
  public func isWithin(thresholdMilliseconds: Double) -> Bool { abs(offsetMilliseconds) < thresholdMilliseconds }
}

/// Something seen in a stream. The envelope's source names the stream.
public enum StreamHappening: Codable, Hashable, Sendable {
  /// It was opened, and what it carries.
  case opened(StreamFacts)
  /// It ended, or its reader did; why, and whether it is opened again.
  case closed(reason: String)
  /// Nothing has come for this many seconds.
  case stalled(seconds: Double)
  /// Packets come again, after this many seconds.
  case resumed(afterSeconds: Double)
  /// Presentation times of a track jump forward, by this many seconds more than a packet lasts; drawn as a gap.
  case gap(MediaTrack, seconds: Double, atPTS: Double)
  /// A track's time stamps wrapped round; unwrapped, never scored.
  case wrap(MediaTrack)
  /// Time stamps jump: a loop point or a restart of the publisher; never scored.
  case seam(bySeconds: Double, atPTS: Double)
  /// The timestamp alignment of a segment; not scored before the origin and at seams.
  case alignment(SyncMeasurement, isScored: Bool)
  /// A flash and its beep.
  case mark(ContentMark)
  /// The content offset of a segment.
  case contentOffset(ContentOffset)
  /// The search for marks came to another state.
  case content(ContentState)
}

/// How a publisher stands; said about once a second of pipeline time.
public struct PublisherSample: Codable, Hashable, Sendable {
  /// Video frames sent since it was started.
  public var frames: UInt64
  /// Frames per second, as it says; nil where it does not.
  public var framesPerSecond: Double?
  /// Bits per second, as it says; nil where it does not.
  public var bitsPerSecond: Double?
  /// Media seconds per real second, as it says; nil where it does not.
  public var speed: Double?
  /// Media time sent, in seconds.
  public var mediaSeconds: Double

  /// How a publisher stands.
  public init(
    frames: UInt64, framesPerSecond: Double? = nil, bitsPerSecond: Double? = nil, speed: Double? = nil, mediaSeconds: Double
  ) {
    self.frames = frames
    self.framesPerSecond = framesPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.speed = speed
    self.mediaSeconds = mediaSeconds
  }
}
