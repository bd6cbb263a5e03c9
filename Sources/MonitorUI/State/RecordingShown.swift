/// How the recording of the run stands, for the title bar.
package struct RecordingShown: Hashable, Sendable {
  /// How many bytes were written.
  package var bytes: UInt64
  /// Whether it ended before the run.
  package var hasFailed: Bool

  /// A recording of so many bytes.
  package init(bytes: UInt64, hasFailed: Bool = false) {
    self.bytes = bytes
    self.hasFailed = hasFailed
  }
}
