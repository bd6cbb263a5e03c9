/// A straight line through points by least squares, and how well they fit it.
///
/// Formulas: Draper and Smith, *Applied Regression Analysis*, 3rd edition, 1.2 (line), 1.4 (standard error of the slope), 6.3 (extra sum of
/// squares).
package struct LineFit: Hashable, Sendable {
  /// A point; `x` is a time in seconds.
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    /// A point.
    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Units of `y` for one of `x`.
  package let slope: Double
  /// The standard error of the slope; 0 for two points.
  package let slopeError: Double
  /// The root of the mean square of the residuals.
  package let residual: Double
  /// How many points it is made of.
  package let count: Int
  private let center: Point

  /// A line through points; nil for fewer than two, or for all of them at one `x`.
  package init?(_ points: some Collection<Point>) {
    guard let sums = Sums(points), let line = sums.line else { return nil }
    slope = line.slope
    center = line.center
    count = points.count
    let squares = sums.squares
    residual = (squares / Double(count)).squareRoot()
    slopeError = count > 2 ? (squares / Double(count - 2) / line.spread).squareRoot() : 0
  }

  /// The line's value at a place.
  package func value(at x: Double) -> Double { center.y + slope * (x - center.x) }

  /// Whether no point lies further from the line than the others make likely: four times their usual distance, and `floor` more.
  ///
  /// The usual distance is the median of the absolute residuals times 1.4826, which is the standard deviation where they are normal, and
  /// which a few points that lie elsewhere cannot raise.
  package func isGood(for points: some Collection<Point>, floor: Double) -> Bool {
    points.map { abs($0.y - value(at: $0.x)) }.max().map { $0 <= limit(for: points, floor: floor) } ?? false
  }

  /// The points that lie as near to their common line as the others make likely; of those left out the line is not made.
  package static func fitting(_ points: some Collection<Point>, floor: Double) -> [Point] {
    var kept = Array(points)
    for _ in 0..<4 {
      guard let line = LineFit(kept) else { return kept }
      let limit = line.limit(for: kept, floor: floor)
      let next = kept.filter { abs($0.y - line.value(at: $0.x)) <= limit }
      if next.count == kept.count { break }
      kept = next
    }
    return kept
  }

  private func limit(for points: some Collection<Point>, floor: Double) -> Double {
    let distances = points.map { abs($0.y - value(at: $0.x)) }.sorted()
    return distances.isEmpty ? floor : floor + 4 * 1.4826 * distances[distances.count / 2]
  }
}

extension LineFit {
  /// How many points lie to each side of a jump at least.
  private static let leastSide = 3
  /// How much better two lines must be than one until a jump is believed: an F of two more parameters, well above the 8 that chance gives
  /// once in a hundred series of ten when the best of all places is taken.
  private static let leastF = 20.0

  /// Where the part begins that one line may be drawn through: behind the last place at which the points jump or change their course.
  /// - Parameter floor: what two points may differ by without any reason, in units of `y`: never taken for a jump.
  package static func lastPiece(of points: [Point], floor: Double) -> Int {
    var begin = 0
    while let next = jump(in: points[begin...], floor: floor) { begin = next }
    return begin
  }

  /// How many pieces a series falls into at most: then nothing of it is steady.
  private static let mostPieces = 64

  /// The parts that one line each may be drawn through, in order; the last one begins at ``lastPiece(of:floor:)``.
  /// - Parameter floor: what two points may differ by without any reason, in units of `y`: never taken for a jump.
  package static func pieces(of points: [Point], floor: Double) -> [Range<Int>] {
    var open = [points.indices]
    var done: [Range<Int>] = []
    // From the right, so that the newest are told apart also of very many.
    while let piece = open.popLast() {
      guard done.count + open.count < mostPieces, let place = jump(in: points[piece], floor: floor) else {
        done.append(piece)
        continue
      }
      open += [piece.lowerBound..<place, place..<piece.upperBound]
    }
    return done.reversed()
  }

  /// The place that parts points best into two lines; nil where one line does as well.
  private static func jump(in points: ArraySlice<Point>, floor: Double) -> Int? {
    guard points.count >= 2 * leastSide, let all = Sums(points), let first = points.first else { return nil }
    var best: (index: Int, squares: Double)?
    var before = Sums(origin: first)
    var index = points.startIndex
    for point in points {
      if index - points.startIndex >= leastSide, points.endIndex - index >= leastSide {
        let squares = before.squares + all.without(before).squares
        if squares < best?.squares ?? .infinity { best = (index, squares) }
      }
      before.add(point)
      index += 1
    }
    guard let best else { return nil }
    let left = Double(max(1, points.count - 4))
    let noise = max(best.squares / left, floor * floor)
    return (all.squares - best.squares) / 2 / noise > leastF ? best.index : nil
  }

  /// Sums from which a line follows, so that parts of a series need not be gone through again.
  private struct Sums {
    let origin: Point
    var n = 0.0
    var x = 0.0
    var y = 0.0
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0

    init(origin: Point) { self.origin = origin }

    init?(_ points: some Collection<Point>) {
      guard let first = points.first else { return nil }
      origin = first
      for point in points { add(point) }
    }

    mutating func add(_ point: Point) {
      let (dx, dy) = (point.x - origin.x, point.y - origin.y)
      n += 1
      x += dx
      y += dy
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }

    func without(_ other: Sums) -> Sums {
      var rest = self
      rest.n -= other.n
      rest.x -= other.x
      rest.y -= other.y
      rest.xx -= other.xx
      rest.xy -= other.xy
      rest.yy -= other.yy
      return rest
    }

    var line: (slope: Double, center: Point, spread: Double)? {
      guard n >= 2 else { return nil }
      let spread = xx - x * x / n
      guard spread > 1e-9 * max(1, xx) else { return nil }
      return ((xy - x * y / n) / spread, Point(x: origin.x + x / n, y: origin.y + y / n), spread)
    }

    /// The sum of the squares of the residuals.
    var squares: Double {
      guard let line else { return max(0, n > 0 ? yy - y * y / n : 0) }
      return max(0, yy - y * y / n - line.slope * line.slope * line.spread)
    }
  }
}
