import MCAP
import Recording
import WireFormats

/// A recording that was opened and read to its end.
package struct OpenedRecording: Sendable {
  /// Its path.
  package let path: String
  /// The run at any of its moments.
  package let history: RecordedHistory
  /// What is missing, as a sentence; nil where nothing is.
  package let missing: String?

  /// Opens and reads it.
  package init(_ word: String) async throws(Problem) {
    path = try RecordingWords.path(of: word)
    let source: MCAPFile
    do throws(MCAPError) { source = try MCAPFile(path: path) } catch { throw Problem(.file, "\(path): \(error)") }
    do throws(Problem) {
      history = try RecordedHistory(source)
      try await history.readAll()
    } catch {
      throw error.at(path)
    }
    missing = await history.losses.sentence
  }
}
