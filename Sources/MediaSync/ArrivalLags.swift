/// How long after its time stamp the quickest packet of each segment came.
///
/// Packets come in bursts and never too early: the least of a segment's is what the stream's own pace is, whatever the reader was busy with.
struct ArrivalLags: Sendable {
  private static let kept = 64

  /// The least of each segment's, in seconds from the axis of time stamps to the run's.
  private var least: [Int: Double] = [:]

  mutating func note(_ lag: Double, of segment: Int) {
    guard lag.isFinite else { return }
    if least[segment] == nil, least.count >= Self.kept { least = least.filter { $0.key > segment - Self.kept / 2 } }
    least[segment] = min(least[segment] ?? lag, lag)
  }

  /// The same segment with its marks on the run's axis; without them where nobody noted when packets came.
  func placed(_ segment: HeardSegment) -> HeardSegment {
    var placed = segment
    placed.arrivals = least[segment.segmentIndex].flatMap { lag in
      segment.arrivals?.map { MarkArrival(number: $0.number, seconds: $0.seconds + lag) }
    }
    return placed
  }
}
