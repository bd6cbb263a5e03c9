/// What is published, where to and how.
package struct PublisherConfiguration: Sendable, Hashable {
  /// How often the file is played.
  package enum Play: Sendable, Hashable {
    /// To its end, then the publisher has finished.
    case once
    /// Again and again, until it is stopped.
    case looping
  }

  /// What becomes of a publisher that fails.
  package enum Restart: Sendable, Hashable {
    /// It stays away.
    case never
    /// It is started again after this many seconds of pipeline time, at most so many times in a row.
    case after(seconds: Double, attempts: Int)
  }

  /// The media file: an absolute path.
  package var file: String
  /// Where it is published to.
  package var target: PublishTarget
  /// How often it is played.
  package var play: Play
  /// The file's length, in seconds: after each it counts a loop.
  package var periodSeconds: Double
  /// What becomes of it when it fails.
  package var restart: Restart
  /// After how many real seconds without progress it counts as stuck and is ended; also the time it has to connect.
  package var stallSeconds: Double
  /// How long it has after TERM before KILL, in real seconds.
  package var grace: Double
  /// The ffmpeg executable: a path, or a name to look for in PATH.
  package var ffmpeg: String

  /// A file to publish.
  package init(
    file: String, target: PublishTarget, play: Play = .looping, periodSeconds: Double = 60, restart: Restart = .never,
    stallSeconds: Double = 15, grace: Double = 5, ffmpeg: String = "ffmpeg"
  ) {
    self.file = file
    self.target = target
    self.play = play
    self.periodSeconds = periodSeconds
    self.restart = restart
    self.stallSeconds = stallSeconds
    self.grace = grace
    self.ffmpeg = ffmpeg
  }

  /// ffmpeg's arguments, reading the file at `speed` times its own rate.
  func arguments(speed: Double) -> [String] {
    // Once a second of pipeline time, but not so often that the telling becomes work.
    let statistics = max(0.1, 1 / max(speed, 0.001))
    return [
      [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:1", "-stats_period", Self.text(statistics),
      ],
      ["-protocol_whitelist", "file", "-readrate", Self.text(speed)],
      play == .looping ? ["-stream_loop", "-1"] : [],
      ["-i", "file:" + file, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"],
      target.arguments,
    ].flatMap(\.self)
  }

  /// Three decimals: never an exponent, which ffmpeg would read otherwise.
  private static func text(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
}
