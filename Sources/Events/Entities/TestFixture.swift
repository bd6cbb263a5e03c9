/// A test fixture (data model: *test fixture*): what the published stream must be.
package struct TestFixture: Codable, Hashable, Sendable {
  /// What was measured of a file.
  package struct Facts: Codable, Hashable, Sendable {
    /// Length, in seconds.
    package var durationSeconds: Double
    /// The video codec; nil without a video stream.
    package var videoCodec: String?
    /// Width of the picture, in pixels.
    package var width: Int
    /// Height of the picture, in pixels.
    package var height: Int
    /// Video frames per second.
    package var framesPerSecond: Double
    /// The audio codec; nil without an audio stream.
    package var audioCodec: String?
    /// Audio samples per second.
    package var sampleRate: Int
    /// Audio channels.
    package var channels: Int
    /// Size of the file, in bytes.
    package var byteCount: UInt64
    /// Length of the video track, from its first packet to the end of its last, in seconds; nil where it cannot be measured.
    package var videoSeconds: Double?
    /// Length of the audio track, in seconds; nil where it cannot be measured.
    package var audioSeconds: Double?
    /// What was counted of its packets and marks; nil where nobody counted.
    package var counted: Counted?

    /// What was measured of a file.
    package init(
      durationSeconds: Double, videoCodec: String?, width: Int, height: Int, framesPerSecond: Double, audioCodec: String?, sampleRate: Int,
      channels: Int, byteCount: UInt64, videoSeconds: Double? = nil, audioSeconds: Double? = nil, counted: Counted? = nil
    ) {
      self.durationSeconds = durationSeconds
      self.videoCodec = videoCodec
      self.width = width
      self.height = height
      self.framesPerSecond = framesPerSecond
      self.audioCodec = audioCodec
      self.sampleRate = sampleRate
      self.channels = channels
      self.byteCount = byteCount
      self.videoSeconds = videoSeconds
      self.audioSeconds = audioSeconds
      self.counted = counted
    }
  }

  /// What was counted of a file, packet by packet and mark by mark.
  package struct Counted: Codable, Hashable, Sendable {
    /// Video frames.
    package var frames: Int
    /// The longest time from one frame to the next, in seconds; nil for fewer than two.
    package var longestStepSeconds: Double?
    /// When the first frame is shown, in seconds; nil without one.
    package var videoBegin: Double?
    /// When the first sound is heard, in seconds; nil without any.
    package var audioBegin: Double?
    /// The marks; nil where nobody looked for them.
    package var marks: Marks?

    /// What was counted of a file.
    package init(frames: Int, longestStepSeconds: Double?, videoBegin: Double?, audioBegin: Double?, marks: Marks? = nil) {
      self.frames = frames
      self.longestStepSeconds = longestStepSeconds
      self.videoBegin = videoBegin
      self.audioBegin = audioBegin
      self.marks = marks
    }
  }

  /// Flashes and beeps, seen and heard.
  package struct Marks: Codable, Hashable, Sendable {
    /// How many marks the rhythm has.
    package var expected: Int
    /// How many of them were seen in their place, with their beep.
    package var joined: Int
    /// Flashes seen.
    package var flashes: Int
    /// Beeps heard.
    package var beeps: Int
    /// The largest distance of a beep from its flash, in milliseconds; 0 where none was joined.
    package var largestMilliseconds: Double
    /// The places of the first and the last mark that is missing, in seconds; nil where none is.
    package var missingFrom: Double?
    /// The last of them.
    package var missingTo: Double?
    /// How often the decoder complained of what it was given.
    package var complaints: Int
    /// Why nothing could be counted; nil where it could.
    package var trouble: String?

    /// Flashes and beeps.
    package init(
      expected: Int, joined: Int, flashes: Int, beeps: Int, largestMilliseconds: Double, missingFrom: Double?, missingTo: Double?,
      complaints: Int, trouble: String?
    ) {
      self.expected = expected
      self.joined = joined
      self.flashes = flashes
      self.beeps = beeps
      self.largestMilliseconds = largestMilliseconds
      self.missingFrom = missingFrom
      self.missingTo = missingTo
      self.complaints = complaints
      self.trouble = trouble
    }
  }

  /// The absolute path of the file.
  package var path: String
  /// What was measured of it.
  package var facts: Facts

  /// A fixture.
  package init(path: String, facts: Facts) {
    self.path = path
    self.facts = facts
  }

  /// How far its length may lie from what is asked for, in seconds: a tenth, which no double is.
  static let durationTolerance = 0.1 + 1e-9

  /// How many segments it makes: duration / segment length, rounded down, where a length within the tolerance counts as whole.
  package func expectedSegments(segmentSeconds: Double = 6) -> Int {
    let count = (facts.durationSeconds + Self.durationTolerance) / segmentSeconds
    return count.isFinite && count >= 0 && count < 1e9 ? Int(count) : 0
  }
}
