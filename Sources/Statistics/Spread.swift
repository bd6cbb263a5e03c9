/// Order statistics of some numbers.
package struct Spread: Hashable, Sendable {
  /// The numbers, rising.
  package let sorted: [Double]

  /// Nil where there is no number, or one is not a number.
  package init?(_ values: [Double]) {
    guard !values.isEmpty, values.allSatisfy({ !$0.isNaN }) else { return nil }
    sorted = values.sorted()
  }

  /// The smallest.
  package var low: Double { sorted[0] }
  /// The largest.
  package var high: Double { sorted[sorted.count - 1] }
  /// The median.
  package var median: Double { quantile(0.5) }
  /// The distance between the quartiles.
  package var interquartileRange: Double { quantile(0.75) - quantile(0.25) }

  /// The value below which a share lies, interpolated between neighbours: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
  /// Packages", American Statistician 50 (1996), 361-365, the default of R and numpy.
  /// - Parameter share: 0 to 1.
  package func quantile(_ share: Double) -> Double {
    let position = min(max(share, 0), 1) * Double(sorted.count - 1)
    let index = Int(position)
    guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}
