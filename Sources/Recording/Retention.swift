import Events

/// How long recordings are kept.
package struct Retention: Hashable, Sendable {
  /// The greatest age, in days.
  package var days: Double
  /// The greatest number.
  package var count: Int
  /// The greatest size of all together, in bytes.
  package var bytes: UInt64

  /// By default 90 days, 500 recordings, 4 GiB.
  package init(days: Double = 90, count: Int = 500, bytes: UInt64 = 4 << 30) {
    self.days = days
    self.count = count
    self.bytes = bytes
  }

  /// A recording that is not kept, and why.
  package struct Leaving: Sendable {
    /// The recording.
    package var recording: RecordingSummary
    /// Why, as a clause.
    package var reason: String
  }

  /// What is not kept of some recordings, the oldest first. What is pinned, is being written, or is the only failure of its scenario stays in any
  /// case, and so does what cannot be read: it may be somebody else's.
  /// - Parameter recordings: all of them, the newest first.
  package func leaving(_ recordings: [RecordingSummary], now: WallTime) -> [Leaving] {
    var failures: [String: Int] = [:]
    for recording in recordings where recording.verdictWord == "failed" { failures[recording.head?.scenario ?? "", default: 0] += 1 }
    var left = recordings.count
    var total = recordings.reduce(UInt64(0)) { $0 + $1.bytes }
    var leaving: [Leaving] = []
    for recording in recordings.reversed() {
      guard let head = recording.head, !recording.isPinned, !recording.isBeingWritten else { continue }
      let isFailure = recording.verdictWord == "failed"
      if isFailure, failures[head.scenario ?? ""] == 1 { continue }
      // A copy, or a rewriting, is no newer run.
      let age = (now.epochSeconds - head.start.epochSeconds) / 86_400
      let reason: String
      if age > days {
        reason = "\(Int(age)) days old"
      } else if left > count {
        reason = "more than \(count) recordings"
      } else if total > bytes {
        reason = "more than \(bytes >> 20) MiB together"
      } else {
        continue
      }
      left -= 1
      total -= min(total, recording.bytes)
      if isFailure { failures[head.scenario ?? "", default: 0] -= 1 }
      leaving.append(Leaving(recording: recording, reason: reason))
    }
    return leaving
  }
}
