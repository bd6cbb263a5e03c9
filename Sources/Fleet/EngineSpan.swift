/// A stretch of the engine's time, asked in steps.
package struct EngineSpan: Hashable, Sendable {
  /// Prometheus gives no more points of a series in one answer: "exceeded maximum resolution of 11,000 points per timeseries"
  /// (web/api/v1/api.go, `queryRange`).
  package static let pointLimit = 11_000

  /// The first moment, in seconds since 1970.
  package var start: Double
  /// The last moment, in seconds since 1970; not before the first.
  package var end: Double
  /// The distance of two points, in seconds, above 0.
  package var step: Double

  /// A stretch; nil where it ends before it begins, or has no step.
  package init?(start: Double, end: Double, step: Double) {
    guard start.isFinite, end.isFinite, step.isFinite, step > 0, end >= start else { return nil }
    self.start = start
    self.end = end
    self.step = step
  }

  /// How many points a series has at most.
  package var pointCount: Int { Int(((end - start) / step).rounded(.down)) + 1 }

  /// The same in parts that an engine answers, each point in one of them.
  package func parts(limit: Int = pointLimit) -> [EngineSpan] {
    let limit = max(1, limit)
    return stride(from: 0, to: pointCount, by: limit).map { first in
      var part = self
      part.start = start + Double(first) * step
      part.end = start + Double(min(first + limit, pointCount) - 1) * step
      return part
    }
  }
}
