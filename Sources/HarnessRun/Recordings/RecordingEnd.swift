import Events
import HarnessCore
import Recording
import WireFormats

/// What is said and done of a recording when its run is over.
enum RecordingEnd {
  /// A file up to this size is rewritten at once, which takes a moment; a larger one by `dubwatch runs compact`.
  private static let rewriteBytes: UInt64 = 32 << 20

  /// How long the rewriting may take; what takes longer is left to `dubwatch runs compact` too.
  private static let rewriteLimit = Duration.seconds(5)

  /// Ends a recording and rewrites its small chunks to large ones.
  static func finish(_ recorder: Recorder?, now: () -> ContinuousClock.Instant = { .now }) async -> Recorder.Status? {
    guard let recorder else { return nil }
    let status = await recorder.finish()
    // What cannot be rewritten is read as it is.
    if status.isFinished {
      let end = now().advanced(by: rewriteLimit)
      _ = try? RecordingCompaction.rewrite(status.path, upTo: rewriteBytes) { now() > end }
    }
    return status
  }

  /// Says on standard error that a recording ended before its run.
  static func tell(_ status: Recorder.Status?) {
    guard let trouble = status?.trouble else { return }
    StandardError.write("dubwatch: the recording ended before the run: \(escapeUntrusted(trouble))\n")
  }
}

extension RecordingNote {
  /// What a report says of a recording; nil where there is none that can be read.
  init?(_ status: Recorder.Status?) {
    guard let status, status.writtenTo != nil else { return nil }
    let moment = status.firstViolation == nil ? "" : " --at violation"
    self.init(path: status.path, replay: "dubwatch replay \(ShellWord.quoted(status.path))\(moment)")
  }
}
