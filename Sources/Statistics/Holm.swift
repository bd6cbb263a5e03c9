/// Corrects the p of several tests made at once.
package enum Holm {
  /// The p of each test as if it were the only one: at a level α none of all true null hypotheses is refused with a chance of 1 - α.
  ///
  /// Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979), 65-70; adjusted values as
  /// in R's `p.adjust`: the k-th smallest of m times (m - k + 1), never below one before it, at most 1.
  /// - Returns: in the order of the argument.
  package static func adjusted(_ values: [Double]) -> [Double] {
    var adjusted = [Double](repeating: 1, count: values.count)
    var largest = 0.0
    for (position, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      largest = max(largest, min(1, values[index] * Double(values.count - position)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
