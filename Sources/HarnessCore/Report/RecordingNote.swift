/// Where a run is recorded, as reports say it.
package struct RecordingNote: Hashable, Sendable {
  /// The file.
  package var path: String
  /// The command that shows it, at its first violation where there is one.
  package var replay: String

  /// A recording.
  package init(path: String, replay: String) {
    self.path = path
    self.replay = replay
  }
}
