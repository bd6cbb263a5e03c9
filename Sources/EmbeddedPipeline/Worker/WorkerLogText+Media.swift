import Events
import WireFormats

extension WorkerLogText {
  private static let input = "media_service.pipeline.input"
  private static let output = "media_service.pipeline.output"

  /// The lines on input and output; the same words in both shapes, with fields in the one that has them.
  func media(_ event: MediaLogEvent) -> LogEntry {
    let stream: [(String, LogEntry.Value)] = [("stream_id", .text(streamID))]
    func entry(
      _ level: LogLevel, _ words: String, _ logger: String, _ fields: [(String, LogEntry.Value)] = [], detail: String? = nil
    ) -> LogEntry {
      let message = shape == .mediaService ? words + (detail.map { ": \($0)" } ?? "") : words
      return LogEntry(level, message, logger: logger, fields: stream + fields)
    }
    switch event {
    case .inputConnected(let url): return entry(.info, "input connected", Self.input, [("url", .text(url))], detail: url)
    case .inputUnreachable(let reason, let seconds):
      return entry(
        .warning, "input not there", Self.input, [("reason", .text(reason)), ("retry_in_sec", .number(seconds))],
        detail: "\(reason), next try in \(LogText.shortest(seconds)) s")
    case .inputLost(let reason): return entry(.error, "input lost", Self.input, [("reason", .text(reason))], detail: reason)
    case .inputEnded: return entry(.info, "input ended", Self.input)
    case .inputSeam(let seconds):
      return entry(
        .info, "input time stamps jumped", Self.input, [("by_sec", .number((seconds * 1000).rounded() / 1000))],
        detail: "by \(NumberText.fixed(seconds, 3)) s")
    case .inputUnusable(let reason): return entry(.error, "input cannot be dubbed", Self.input, [("reason", .text(reason))], detail: reason)
    case .outputConnected(let url): return entry(.info, "output connected", Self.output, [("url", .text(url))], detail: url)
    case .outputLost(let reason, let seconds):
      return entry(
        .error, "output lost", Self.output, [("reason", .text(reason)), ("retry_in_sec", .number(seconds))],
        detail: "\(reason), next try in \(LogText.shortest(seconds)) s")
    case .outputClosed: return entry(.info, "output closed", Self.output)
    case .audioShifted(let skew, let drift):
      return entry(
        .info, "audio shift set", Self.output, [("skew_ms", .number(skew)), ("drift_ms_per_s", .number(drift))],
        detail: "skew \(LogText.shortest(skew)) ms, drift \(LogText.shortest(drift)) ms/s")
    }
  }
}
