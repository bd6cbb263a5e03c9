/// How much of a run is kept, so that a watch of days stays flat.
package struct StateLimits: Codable, Hashable, Sendable {
  /// How far back histories reach, in seconds.
  package var windowSeconds: Double
  /// How many points one history holds at most.
  package var points: Int
  /// How many event rows are kept.
  package var rows: Int
  /// How many log lines are kept per service.
  package var logLines: Int
  /// How many bytes of log lines are kept per service.
  package var logBytes: Int
  /// How many bytes of one log line are kept.
  package var logLineBytes: Int

  /// How much is kept; by default 15 minutes.
  package init(
    windowSeconds: Double = 900, points: Int = 2000, rows: Int = 5000, logLines: Int = 5000, logBytes: Int = 4 << 20,
    logLineBytes: Int = 8192
  ) {
    self.windowSeconds = windowSeconds
    self.points = points
    self.rows = rows
    self.logLines = logLines
    self.logBytes = logBytes
    self.logLineBytes = logLineBytes
  }
}
