import ArgumentParser
import HarnessRun

extension CompletionKind {
  /// Recordings by the words that commands take.
  static var recordings: CompletionKind { .custom { _, _, prefix in RecordingWords.completions(of: prefix) } }
}
