/// Whether numbers of one kind tend to be larger than those of another, whatever their distribution, and by how much.
///
/// Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other", Annals of Mathematical
/// Statistics 18 (1947), 50-60.
package struct MannWhitney: Hashable, Sendable {
  /// How p was had.
  package enum Method: String, Hashable, Sendable {
    /// From all arrangements of the ranks: few numbers, no two the same.
    case exact
    /// From the normal distribution, corrected for ties and for continuity.
    case normal
  }

  /// Pairs in which the left number is larger; equal ones count half.
  package let u: Double
  /// The two-sided p.
  package let p: Double
  /// How p was had.
  package let method: Method
  /// The chance that a number of the left is larger than one of the right, equal ones counting half: 0.5 where neither tends to be.
  ///
  /// Vargha and Delaney, "A Critique and Improvement of the CL Common Language Effect Size Statistics of McGraw and Wong", Journal of
  /// Educational and Behavioral Statistics 25 (2000), 101-132: A12 = (R1/m - (m + 1)/2)/n, which is U/(mn). From 0.71 on, or 0.29 and
  /// below, they call the effect large.
  package let a12: Double

  /// What Vargha and Delaney call a large effect.
  package static let largeEffect = 0.71

  /// Whether the effect is large, in either direction.
  package var isLarge: Bool { max(a12, 1 - a12) >= Self.largeEffect }

  /// So many numbers on both sides together at most for the exact p: their arrangements (50 over 25 is 1.3e14) are counted in a Double
  /// without rounding.
  private static let exactLimit = 50

  /// Compares two sides.
  /// - Parameter method: nil for the exact one where it is right and can be had.
  /// - Returns: nil where a side is empty or a number is not a number, or where the exact method is asked for and cannot be had.
  package init?(_ left: [Double], _ right: [Double], method: Method? = nil) {
    guard !left.isEmpty, !right.isEmpty, (left + right).allSatisfy({ !$0.isNaN }) else { return nil }
    let (m, n) = (left.count, right.count)
    let ranks = Ranks(left, right)
    let u = ranks.sumOfLeft - Double(m) * Double(m + 1) / 2
    let canBeExact = ranks.tieSum == 0 && m + n <= Self.exactLimit
    guard method != .exact || canBeExact else { return nil }
    self.u = u
    a12 = u / (Double(m) * Double(n))
    self.method = method ?? (canBeExact ? .exact : .normal)
    p = self.method == .exact ? Self.exactP(u, m, n) : Self.normalP(u, m, n, tieSum: ranks.tieSum)
  }

  /// Numbers of both sides in one order; equal ones share their mean rank.
  private struct Ranks {
    var sumOfLeft = 0.0
    /// Σ(t³ - t) over groups of t equal numbers.
    var tieSum = 0.0

    init(_ left: [Double], _ right: [Double]) {
      let all = (left.map { ($0, true) } + right.map { ($0, false) }).sorted { $0.0 < $1.0 }
      var start = 0
      while start < all.count {
        var end = start + 1
        while end < all.count, all[end].0 == all[start].0 { end += 1 }
        let group = Double(end - start)
        let rank = Double(start + 1 + end) / 2
        sumOfLeft += rank * Double(all[start..<end].count { $0.1 })
        tieSum += group * (group * group - 1)
        start = end
      }
    }
  }

  /// The normal approximation with the correction for ties (Lehmann, "Nonparametrics", 1975, section 1.4) and half a step for continuity.
  private static func normalP(_ u: Double, _ m: Int, _ n: Int, tieSum: Double) -> Double {
    let (m, n) = (Double(m), Double(n))
    let total = m + n
    let variance = m * n / 12 * (total + 1 - tieSum / (total * (total - 1)))
    // All numbers are the same.
    guard variance > 0 else { return 1 }
    return min(1, 2 * Normal.above((abs(u - m * n / 2) - 0.5) / variance.squareRoot()))
  }

  /// Twice the share of arrangements whose U is as far out or farther.
  private static func exactP(_ u: Double, _ m: Int, _ n: Int) -> Double {
    let counts = arrangements(m, n)
    let total = counts.reduce(0, +)
    // U is a whole number where nothing is tied; the distribution is symmetric.
    let smaller = Int(min(u, Double(m * n) - u))
    return min(1, 2 * counts[0...smaller].reduce(0, +) / total)
  }

  /// How many arrangements of m and n numbers have each U: the coefficients of the Gaussian binomial, Π (1 - q^(n+i)) / (1 - q^i).
  private static func arrangements(_ m: Int, _ n: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: m * n + 1)
    counts[0] = 1
    for step in 1...m {
      for index in stride(from: m * n, through: n + step, by: -1) { counts[index] -= counts[index - n - step] }
      for index in stride(from: step, through: m * n, by: 1) { counts[index] += counts[index - step] }
    }
    return counts
  }
}
