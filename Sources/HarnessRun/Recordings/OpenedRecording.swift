import Events
import MCAP
import Recording
import RunModel
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
    let source = try MCAPFile(recording: path)
    do throws(Problem) {
      let opened = try RecordedHistory(source)
      try await ProgressLine("reading the recording").during { () async throws(Problem) in try await opened.readAll() }
      history = opened
    } catch {
      throw error.at(path)
    }
    missing = await history.losses.sentence
  }
}

/// The rows of a recording, read while they are printed.
package struct RecordedLines: Sendable {
  /// Its path.
  package let path: String
  private var rows: RecordedRows

  /// Opens it.
  /// - Parameter begin: rows of events before it are left out; nil for all of them.
  package init(_ word: String, from begin: RunInstant?) throws(Problem) {
    path = try RecordingWords.path(of: word)
    let source = try MCAPFile(recording: path)
    do { rows = try RecordedRows(source, from: begin) } catch { throw error.at(path) }
  }

  /// What is missing, as a sentence, once all was read; nil where nothing is.
  package var missing: String? { rows.losses.sentence }

  /// The rows of the next event that has some; nil at the end.
  package mutating func next() throws(Problem) -> RowBatch? {
    do { return try rows.next() } catch { throw error.at(path) }
  }
}

extension MCAPFile {
  /// Opens a recording.
  convenience init(recording path: String) throws(Problem) {
    do throws(MCAPError) { try self.init(path: path) } catch { throw Problem(.file, "\(path): \(error)") }
  }
}
