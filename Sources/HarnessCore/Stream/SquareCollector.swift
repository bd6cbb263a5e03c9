import MediaSync

/// Puts the squares of a picture together again, which come as one picture each.
///
/// Which square it is, its time says: its picture's, times as many as there are, and its place (``ProbeCommandLine``).
struct SquareCollector: Sendable {
  private var values: [Double] = []
  private var picture: Int64?

  /// Takes the next square; a picture's squares and its time with the last of them. One that lacks a square is left out.
  mutating func add(
    _ value: Double, at stamp: (ticks: Int64, seconds: Double)
  ) -> (squares: [Double], stamp: (ticks: Int64, seconds: Double))? {
    let count = Int64(MarkCode.squareCount)
    let place = Int((stamp.ticks % count + count) % count)
    let ticks = (stamp.ticks - Int64(place)) / count
    if place == 0 {
      values = []
      picture = ticks
    }
    guard picture == ticks, values.count == place else {
      picture = nil
      return nil
    }
    values.append(value)
    guard values.count == MarkCode.squareCount else { return nil }
    return (squares: values, stamp: (ticks: ticks, seconds: stamp.seconds / Double(count)))
  }
}
