import Events
import MediaSync
import RunModel

extension JudgeContext {
  /// How much of what could have been measured may be missing: the segments at the ends, and what a late reader did not see.
  static let measuredShare = 0.7

  /// Why so many measured segments are too few to say anything of all of them; nil when they are not. They are the stream's own, however long
  /// those of the worker are.
  func tooFew(_ measured: Int, of stream: ServiceName) -> String? {
    guard let reading = output.streams[stream] else { return nil }
    let seconds = max(reading.videoSeconds ?? 0, (reading.openedAt.map { end.seconds(since: $0) } ?? 0) - drainSeconds)
    let due = (seconds / StreamAnalysis.segmentSeconds).rounded(.down) - 1
    guard Double(measured) < (Self.measuredShare * due).rounded(.down) else { return nil }
    let name = output.read.count > 1 ? " of \(stream)" : ""
    return "only \(measured) of about \(Int(due)) segments\(name) were measured"
  }
}
