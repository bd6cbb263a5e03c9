import Events
import Recording
import WireFormats

/// Recordings as command lines name them.
package enum RecordingWords {
  /// The usual folder.
  package static func folder(_ environment: [String: String] = Host.environment) throws(Problem) -> RunFolder {
    guard let folder = RunFolder(environment) else {
      throw Problem(.file, "neither XDG_STATE_HOME nor HOME says where recordings are kept")
    }
    return folder
  }

  /// The path of a recording: of a file, of a name in the usual folder, or of `latest` or `failed`.
  package static func path(of word: String) throws(Problem) -> String {
    if word.contains("/") { return word }
    return try RunLibrary(folder()).path(of: word)
  }

  /// So many days before now.
  package static func ago(days: Double) -> WallTime { WallTime(epochSeconds: Host.wallClock().epochSeconds - days * 86_400) }
}
