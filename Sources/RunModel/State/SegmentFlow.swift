import Contracts
import Events
import MediaSync

/// How long a segment lasts by what the worker tells of them.
package struct SegmentLength: Codable, Hashable, Sendable {
  private var sum = 0.0
  private var count = 0

  /// Nothing told yet.
  package init() {}

  /// The mean of those of 1 to 60 s, in seconds; nil where it tells no length.
  package var seconds: Double? { count > 0 ? sum / Double(count) : nil }

  /// Whether the first so many segments of a length are those that a stream is measured in, one by one: together they differ by less than one,
  /// which a last one that is cut short may do.
  package static func agrees(_ seconds: Double, over count: Int) -> Bool {
    abs(seconds - StreamAnalysis.segmentSeconds) * Double(max(2, count)) < StreamAnalysis.segmentSeconds
  }

  /// Takes in a segment that was told of.
  package mutating func note(_ segment: SegmentHappening) {
    guard let seconds = segment.durationSeconds, (1...60).contains(seconds) else { return }
    sum += seconds
    count += 1
  }
}

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

  /// How long segments last.
  package internal(set) var length = SegmentLength()

  /// Which segments came out dubbed, as the worker claims, the newest ones; a worker that counts anew begins anew.
  private var dubbed: [Int] = []
  private var newest: Int?
  /// Whether it counted anew: which of its segments are meant is not known any more.
  private var hasRestarted = false
  private static let kept = 4096

  /// How many of these segments came out dubbed, as the worker claims; nil where it does not tell, or has counted anew.
  package func dubbedOutput(in indices: ClosedRange<Int>) -> Int? {
    guard let newest, newest >= indices.lowerBound, !hasRestarted else { return nil }
    return dubbed.count { indices.contains($0) }
  }

  private mutating func noteDubbed(_ segment: SegmentHappening) {
    guard let index = segment.index, let isDubbed = segment.isDubbed else { return }
    if let newest, index < newest, segment.index == 0 { hasRestarted = true }
    newest = max(newest ?? index, index)
    guard isDubbed, dubbed.last != index else { return }
    dubbed.append(index)
    if dubbed.count > Self.kept { dubbed.removeFirst(Self.kept / 2) }
  }

  mutating func note(_ segment: SegmentHappening, at instant: RunInstant) {
    length.note(segment)
    if segment.direction == .output { noteDubbed(segment) }
    if segment.direction == .input { input.note(segment, at: instant) } else { output.note(segment, at: instant) }
  }
}

extension RunState {
  /// How long a segment lasts, in seconds, at least 1: by what the worker tells of its own, else what the contract says.
  package var segmentSeconds: Double { max(1, segments.length.seconds ?? thresholds.segmentSeconds) }
}
