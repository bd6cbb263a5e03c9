import Events
import MediaSync
import RunModel

/// The segments of a stream as the panes score them: each with its figures, in the order of their indices.
struct SyncSegments {
  /// One segment and what is known of it.
  struct SegmentFigures {
    var index: Int
    var at: RunInstant
    var content: ContentOffset?
    var alignment: SyncMeasurement?

    /// A figure of the segment, in milliseconds; nil where it was not scored.
    func offset(_ figure: SyncFigure) -> Double? {
      switch figure {
      case .content: content?.offsetMilliseconds
      case .alignment: alignment?.deltaMilliseconds
      case .claim: nil
      }
    }
  }

  /// Rising in their index; after a restart of the stream, which counts from 0 again, only those since.
  let all: [SegmentFigures]

  init(_ track: StreamTrack) {
    var found: [Int: SegmentFigures] = [:]
    for point in Self.lastRise(track.alignments, index: \.segmentIndex) {
      found[point.value.segmentIndex, default: SegmentFigures(index: point.value.segmentIndex, at: point.at)].alignment = point.value
    }
    for point in Self.lastRise(track.contentOffsets, index: \.segmentIndex) {
      found[point.value.segmentIndex, default: SegmentFigures(index: point.value.segmentIndex, at: point.at)].content = point.value
    }
    all = found.values.sorted { $0.index < $1.index }
  }

  /// The points at the end whose index rises.
  private static func lastRise<Value>(_ points: History<Timed<Value>>, index: (Value) -> Int) -> Slice<History<Timed<Value>>> {
    var start = max(0, points.count - 1)
    while start > 0, index(points[start - 1].value) < index(points[start].value) { start -= 1 }
    return points[start..<points.count]
  }

  /// What one of the ten boxes stands for.
  enum ScoreBox {
    case within(SegmentFigures)
    case outside(SegmentFigures)
    /// Passed by without a score: no mark in it, a seam.
    case unscored
    /// Not there yet.
    case empty

    var segment: SegmentFigures? {
      switch self {
      case .within(let segment), .outside(let segment): segment
      case .unscored, .empty: nil
      }
    }
  }

  /// Ten boxes: the first ten segments until there are more, then the last ten.
  func boxes(_ figure: SyncFigure, thresholdMilliseconds: Double, count: Int = 10) -> [ScoreBox] {
    let scored = all.filter { $0.offset(figure) != nil }
    guard let first = scored.first, let last = scored.last else { return Array(repeating: .empty, count: count) }
    // Indices so far apart that their distance overflows are far apart as well.
    let (distance, overflow) = last.index.subtractingReportingOverflow(first.index)
    let start = overflow || distance >= count ? last.index - (count - 1) : first.index
    let byIndex = Dictionary(scored.map { ($0.index, $0) }, uniquingKeysWith: { $1 })
    return (0..<count).map { step in
      let (index, overflow) = start.addingReportingOverflow(step)
      if overflow || index > last.index { return .empty }
      guard let segment = byIndex[index], let offset = segment.offset(figure) else { return .unscored }
      return abs(offset) < thresholdMilliseconds ? .within(segment) : .outside(segment)
    }
  }
}

/// The three figures of A/V sync. They are never mixed up: each has its own name.
enum SyncFigure {
  /// Beep minus flash: what is really heard and seen.
  case content
  /// Packets at segment boundaries: blind to a constant offset.
  case alignment
  /// What the service's own metric says.
  case claim

  /// Its name in a line of figures.
  var name: String {
    switch self {
    case .content: "content"
    case .alignment: "timestamps"
    case .claim: "service claims"
    }
  }
}
