import WireFormats

extension TestFixture {
  /// One rule of the data model, and what a fixture makes of it.
  package struct Check: Codable, Hashable, Sendable {
    /// What is looked at: `resolution`.
    package var field: String
    /// What it must be: `1280x720`.
    package var required: String
    /// What it is.
    package var found: String
    /// Whether the rule is kept.
    package var holds: Bool

    /// One rule and what came of it.
    package init(field: String, required: String, found: String, holds: Bool) {
      self.field = field
      self.required = required
      self.found = found
      self.holds = holds
    }
  }

  /// Every rule of the data model, in its order: an absolute path, both streams, 60 s, h264 1280x720 at 30 fps, aac 48 kHz stereo, below
  /// 50 MB; and tracks of one length, as a longer one shifts the other at every loop. That the file exists is what facts tell.
  package func checks() -> [Check] {
    let hasVideo = facts.videoCodec != nil
    let hasAudio = facts.audioCodec != nil
    func check(_ field: String, _ required: String, _ found: String, _ holds: Bool) -> Check {
      Check(field: field, required: required, found: found, holds: holds)
    }
    return [
      check("path", "absolute", path, path.hasPrefix("/")),
      check("streams", "video and audio", Self.streams(hasVideo, hasAudio), hasVideo && hasAudio),
      check("duration", "60 s", Self.seconds(facts.durationSeconds), abs(facts.durationSeconds - 60) <= Self.durationTolerance),
      check("video codec", "h264", facts.videoCodec ?? "missing", facts.videoCodec == "h264"),
      check(
        "resolution", "1280x720", hasVideo ? "\(facts.width)x\(facts.height)" : "missing", facts.width == 1280 && facts.height == 720),
      check(
        "frame rate", "30 fps", hasVideo ? "\(NumberText.rounded(facts.framesPerSecond, 3)) fps" : "missing",
        abs(facts.framesPerSecond - 30) < 0.01),
      check("audio codec", "aac", facts.audioCodec ?? "missing", facts.audioCodec == "aac"),
      check("sample rate", "48000 Hz", hasAudio ? "\(facts.sampleRate) Hz" : "missing", facts.sampleRate == 48000),
      check("channels", "2", hasAudio ? "\(facts.channels)" : "missing", facts.channels == 2),
      trackLengths(),
      check("size", "below 50 MB", Self.size(facts.byteCount), facts.byteCount < 50_000_000),
    ] + countedChecks()
  }

  /// What the data model forbids in this fixture.
  package func violations() -> [ValidationError] {
    checks().filter { !$0.holds }.map { ValidationError(field: $0.field, message: "must be \($0.required), but is \($0.found)") }
  }

  /// Samples in a frame of AAC-LC (ISO/IEC 14496-3).
  private static let samplesPerFrame = 1024.0

  /// One AAC frame, in seconds.
  var audioFrameSeconds: Double { Self.samplesPerFrame / Double(max(1, facts.sampleRate == 0 ? 48000 : facts.sampleRate)) }

  private func trackLengths() -> Check {
    let limit = audioFrameSeconds
    let required = "equal within one AAC frame (\(NumberText.rounded(limit * 1000, 3)) ms)"
    guard let video = facts.videoSeconds, let audio = facts.audioSeconds else {
      return Check(field: "track lengths", required: required, found: "not to be measured: not both tracks have packets", holds: false)
    }
    // Half a millisecond more: FLV and Matroska round every time to a millisecond.
    let holds = abs(video - audio) <= limit + 0.0005
    let apart = "\(NumberText.rounded(abs(video - audio) * 1000, 3)) ms apart"
    return Check(
      field: "track lengths", required: required, found: "video \(Self.seconds(video)), audio \(Self.seconds(audio)): \(apart)",
      holds: holds)
  }

  private static func streams(_ hasVideo: Bool, _ hasAudio: Bool) -> String {
    switch (hasVideo, hasAudio) {
    case (true, true): "video and audio"
    case (true, false): "video without audio"
    case (false, true): "audio without video"
    case (false, false): "neither"
    }
  }

  private static func size(_ bytes: UInt64) -> String { "\(NumberText.rounded(Double(bytes) / 1e6, 3)) MB" }

  static func seconds(_ value: Double) -> String { "\(NumberText.rounded(value, 3)) s" }
}
