import Contracts
import Events

/// What the worker tells of segments: how many went in and came out, and when last.
package struct SegmentFlow: Codable, Hashable, Sendable {
  /// One direction of it.
  package struct Side: Codable, Hashable, Sendable {
    /// How many; audio and video of one count once.
    package internal(set) var count = 0
    /// When the last of them was told of.
    package internal(set) var last: RunInstant?
    /// Times of the newest ones, oldest first.
    private var times: [RunInstant] = []
    private var lastIndex: Int?

    private static let kept = 64

    mutating func note(_ segment: SegmentHappening, at instant: RunInstant) {
      last = max(last ?? instant, instant)
      if let index = segment.index, index == lastIndex { return }
      lastIndex = segment.index
      count += 1
      times.append(instant)
      if times.count > Self.kept { times.removeFirst() }
    }

    /// How many were told of after a moment, as far back as is kept.
    func count(after instant: RunInstant) -> Int { times.count { $0 > instant } }
  }

  /// What went in.
  package internal(set) var input = Side()
  /// What came out, as the worker claims.
  package internal(set) var output = Side()

  private var toldSum = 0.0
  private var toldCount = 0

  /// How long a segment lasts by what the worker tells of them (those of 1 to 60 s), in seconds; nil where it tells no length.
  package var seconds: Double? { toldCount > 0 ? toldSum / Double(toldCount) : nil }

  mutating func note(_ segment: SegmentHappening, at instant: RunInstant) {
    if let length = segment.durationSeconds, (1...60).contains(length) {
      toldSum += length
      toldCount += 1
    }
    if segment.direction == .input { input.note(segment, at: instant) } else { output.note(segment, at: instant) }
  }
}

extension RunState {
  /// How long a segment lasts, in seconds, at least 1: by what the worker tells of its own, else what the contract says.
  package var segmentSeconds: Double { max(1, segments.seconds ?? thresholds.segmentSeconds) }
}
