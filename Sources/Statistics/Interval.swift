/// An interval that holds an unknown number with a stated confidence.
package struct Interval: Hashable, Sendable {
  /// Its lower end.
  package let low: Double
  /// Its upper end.
  package let high: Double

  /// An interval between two ends.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}
