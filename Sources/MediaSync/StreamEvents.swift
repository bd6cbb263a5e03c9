/// A track of a media stream.
package enum MediaTrack: String, Codable, Hashable, Sendable, CaseIterable {
  case video, audio
}

/// A track as its container names it.
package struct TrackFacts: Codable, Hashable, Sendable {
  /// `video`, `audio`, `subtitle`, `data` or `attachment`.
  package var kind: String
  /// Its language as three letters; nil where none is told.
  package var language: String?
  /// Its codec; nil where it is not known.
  package var codec: String?
  /// Whether anything was seen of it: its size or its sample rate is known.
  package var isSeen: Bool

  /// A track.
  package init(kind: String, language: String? = nil, codec: String? = nil, isSeen: Bool = true) {
    self.kind = kind
    self.language = language
    self.codec = codec
    self.isSeen = isSeen
  }
}

/// What is known of the tracks of a stream.
package struct StreamFacts: Codable, Hashable, Sendable {
  /// The container as ffmpeg names it: `mpegts`, `flv`, `mov,mp4,m4a,3gp,3g2,mj2`.
  package var container: String?
  /// The video codec, such as `h264`; nil without a video track.
  package var videoCodec: String?
  /// Width of the picture, in pixels; nil without a video track.
  package var width: Int?
  /// Height of the picture, in pixels; nil without a video track.
  package var height: Int?
  /// Video frames per second as the stream declares them; nil where it does not.
  package var framesPerSecond: Double?
  /// The audio codec, such as `aac`; nil without an audio track.
  package var audioCodec: String?
  /// Audio samples per second; nil without an audio track.
  package var sampleRate: Int?
  /// Audio channels; nil without an audio track.
  package var channels: Int?
  /// How long it is as the container says, in seconds; nil where it does not.
  package var claimedSeconds: Double?
  /// Every track that the container names, also those that are not read; nil where nobody has listed them.
  package var tracks: [TrackFacts]?
  /// Which of the audio tracks is read, from 0; nil for the first.
  package var audioIndex: Int?

  /// What is known of the tracks of a stream.
  package init(
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
package enum ContentState: String, Codable, Hashable, Sendable, CaseIterable {
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

  /// Up to how many seconds of the pipeline in one second it is searched: each picture is decoded, and two cores are to be enough.
  package static let speedLimit = 4.0
}

/// How a stream's reader stands; said about once a second of pipeline time.
package struct StreamSample: Codable, Hashable, Sendable {
  /// What is known of the tracks; nil before the stream was opened.
  package var facts: StreamFacts?
  /// Video packets read since the stream was opened.
  package var videoPackets: UInt64
  /// Audio packets read since the stream was opened.
  package var audioPackets: UInt64
  /// Video packets per second since the sample before; nil for the first.
  package var framesPerSecond: Double?
  /// Payload of both tracks since the sample before, in bits per second; nil for the first.
  package var bitsPerSecond: Double?
  /// The newest video presentation time, unwrapped, in seconds.
  package var videoPTS: Double?
  /// The newest audio presentation time, unwrapped, in seconds.
  package var audioPTS: Double?
  /// How long no packet has come, in seconds; 0 while they come.
  package var silentSeconds: Double
  /// Where the search for marks stands.
  package var content: ContentState
  /// How much was looked at, and how loud it is; nil where pictures and sound are not decoded.
  package var quality: StreamQuality?

  /// How a stream's reader stands.
  package init(
    facts: StreamFacts? = nil, videoPackets: UInt64 = 0, audioPackets: UInt64 = 0, framesPerSecond: Double? = nil,
    bitsPerSecond: Double? = nil, videoPTS: Double? = nil, audioPTS: Double? = nil, silentSeconds: Double = 0, content: ContentState,
    quality: StreamQuality? = nil
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
    self.quality = quality
  }
}

/// One flash and the beep that belongs to it.
package struct ContentMark: Codable, Hashable, Sendable {
  /// Presentation time of the flash, unwrapped, in seconds.
  package var videoPTS: Double
  /// Beep minus flash, in milliseconds; positive means audio is late.
  package var offsetMilliseconds: Double
  /// The segment it lies in, counted as ``SyncMeasurement/segmentIndex``.
  package var segmentIndex: Int
  /// False for a mark that is shown and never scored: at a loop seam, before the origin.
  package var isScored: Bool

  /// One flash and the beep that belongs to it.
  package init(videoPTS: Double, offsetMilliseconds: Double, segmentIndex: Int, isScored: Bool = true) {
    self.videoPTS = videoPTS
    self.offsetMilliseconds = offsetMilliseconds
    self.segmentIndex = segmentIndex
    self.isScored = isScored
  }
}

/// The content offset of one segment: the median of its scored marks.
package struct ContentOffset: Codable, Hashable, Sendable {
  /// Which segment, counted as ``SyncMeasurement/segmentIndex``.
  package var segmentIndex: Int
  /// The median of its marks' offsets, in milliseconds; positive means audio is late.
  package var offsetMilliseconds: Double
  /// How many marks it is made of.
  package var markCount: Int

  /// The content offset of one segment.
  package init(segmentIndex: Int, offsetMilliseconds: Double, markCount: Int) {
    self.segmentIndex = segmentIndex
    self.offsetMilliseconds = offsetMilliseconds
    self.markCount = markCount
  }

  /// Whether the offset lies within a threshold: |offset| < threshold.
  package func isWithin(thresholdMilliseconds: Double) -> Bool { abs(offsetMilliseconds) < thresholdMilliseconds }
}

/// Something seen in a stream. The envelope's source names the stream.
package enum StreamHappening: Codable, Hashable, Sendable {
  /// It was opened, and what it carries.
  case opened(StreamFacts)
  /// It ended, or its reader did; why, and whether it is opened again.
  case closed(reason: String)
  /// Its reader died, which says nothing of the stream; why.
  case readerLost(reason: String)
  /// Nothing has come for this many seconds.
  case stalled(seconds: Double)
  /// Packets come again, after this many seconds.
  case resumed(afterSeconds: Double)
  /// Presentation times of a track jump forward, by this many seconds more than a packet lasts; drawn as a gap.
  case gap(MediaTrack, seconds: Double, atPTS: Double)
  /// A track's time stamps wrapped round; unwrapped, never scored.
  case wrap(MediaTrack)
  /// Time stamps of both tracks jump: a loop point or a restart of the publisher; never scored.
  case seam(bySeconds: Double, atPTS: Double)
  /// The timestamp alignment of a segment; not scored before the origin and at seams.
  case alignment(SyncMeasurement, isScored: Bool)
  /// A flash and its beep.
  case mark(ContentMark)
  /// The content offset of a segment.
  case contentOffset(ContentOffset)
  /// What is really heard of a segment.
  case heard(HeardSegment)
  /// The search for marks came to another state.
  case content(ContentState)
  /// What all marks since the last jump come to.
  case fit(MarkFit)
  /// It is silent, black or frozen, or was.
  case span(StreamSpan)
  /// Something is wrong with the stream or one of its tracks.
  case defect(StreamDefect)
}

/// How a publisher stands; said about once a second of pipeline time.
package struct PublisherSample: Codable, Hashable, Sendable {
  /// Video frames sent since it was started.
  package var frames: UInt64
  /// Frames per second, as it says; nil where it does not.
  package var framesPerSecond: Double?
  /// Bits per second, as it says; nil where it does not.
  package var bitsPerSecond: Double?
  /// Media seconds per real second, as it says; nil where it does not.
  package var speed: Double?
  /// Media time sent, in seconds.
  package var mediaSeconds: Double

  /// How a publisher stands.
  package init(
    frames: UInt64, framesPerSecond: Double? = nil, bitsPerSecond: Double? = nil, speed: Double? = nil, mediaSeconds: Double
  ) {
    self.frames = frames
    self.framesPerSecond = framesPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.speed = speed
    self.mediaSeconds = mediaSeconds
  }
}
