/// How a stream's reader is run.
package struct StreamProbeOptions: Sendable, Hashable {
  /// How long the stream is read.
  package enum Mode: Sendable, Hashable {
    /// Until cancelled: a reader that ends or hangs is started again; a file is read at the pace of the clock, once.
    case watch
    /// Once, a file as fast as it goes; at most so many seconds of media.
    case once(mediaSeconds: Double?)
  }

  /// How long the stream is read.
  package var mode: Mode
  /// How long the first packet may take, in real seconds.
  package var connectSeconds: Double
  /// After how many seconds of pipeline time without a packet the stream counts as stalled; never less than one real second.
  package var stallSeconds: Double
  /// After how many real seconds without a packet the reader is started anew.
  package var hangSeconds: Double
  /// How long a reader has after TERM before KILL, in real seconds.
  package var grace: Double
  /// The longest pause between two readers, in seconds of pipeline time.
  package var longestBackoff: Double
  /// The ffmpeg executable: a path, or a name to look for in PATH.
  package var ffmpeg: String

  /// Up to which pipeline speed marks are searched: above, flashes would be lost to the load.
  package static let fastestContentSpeed = 4.0

  /// How a stream's reader is run.
  package init(
    mode: Mode = .watch, connectSeconds: Double = 20, stallSeconds: Double = 3, hangSeconds: Double = 15, grace: Double = 1,
    longestBackoff: Double = 10, ffmpeg: String = "ffmpeg"
  ) {
    self.mode = mode
    self.connectSeconds = connectSeconds
    self.stallSeconds = stallSeconds
    self.hangSeconds = hangSeconds
    self.grace = grace
    self.longestBackoff = longestBackoff
    self.ffmpeg = ffmpeg
  }
}
