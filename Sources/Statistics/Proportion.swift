#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A share of trials that had some outcome: so many of so many.
package struct Proportion: Hashable, Sendable {
  /// How many trials had the outcome.
  package let count: Int
  /// How many trials there were.
  package let trials: Int

  /// A share.
  /// - Parameters:
  ///   - count: 0 to `trials`.
  ///   - trials: 0 or more.
  package init(_ count: Int, of trials: Int) {
    precondition(trials >= 0 && (0...trials).contains(count), "\(count) of \(trials) is no share")
    self.count = count
    self.trials = trials
  }

  /// The share that was seen; nil without a trial.
  package var share: Double? { trials == 0 ? nil : Double(count) / Double(trials) }

  /// Wilson's score interval without a correction for continuity; 0 to 1 without a trial.
  ///
  /// Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212; recommended by Brown, Cai and
  /// DasGupta, Statistical Science 16 (2001), 101-133.
  /// - Parameter confidence: above 0 and below 1.
  package func interval(confidence: Double = 0.95) -> Interval {
    let z = Self.z(above: (1 - confidence) / 2)
    return Interval(low: bound(-z), high: bound(z))
  }

  /// The lower end of the one-sided interval of Wilson: the true share is above it with this confidence.
  /// - Parameter confidence: above 0 and below 1.
  package func lowerBound(confidence: Double = 0.95) -> Double { bound(-Self.z(above: 1 - confidence)) }

  /// The upper end of the one-sided interval of Wilson: the true share is below it with this confidence.
  /// - Parameter confidence: above 0 and below 1.
  package func upperBound(confidence: Double = 0.95) -> Double { bound(Self.z(above: 1 - confidence)) }

  /// What the true share is below at this confidence when no trial of several had the outcome: 1 - (1 - confidence)^(1/n), exactly.
  ///
  /// The one-sided bound of Clopper and Pearson, Biometrika 26 (1934), 404-413, for a count of 0; "rule of three" for many trials.
  /// - Returns: nil where there was such an outcome; 1 without a trial.
  package func upperBoundOfNone(confidence: Double = 0.95) -> Double? {
    guard count == 0 else { return nil }
    return trials == 0 ? 1 : -expm1(log(1 - confidence) / Double(trials))
  }

  /// How many trials without the outcome are needed to say that its share is below this: ln(1 - confidence) / ln(1 - share), rounded up.
  /// The bound of ``upperBoundOfNone(confidence:)`` solved for the number of trials.
  /// - Parameters:
  ///   - share: above 0 and below 1.
  ///   - confidence: above 0 and below 1.
  package static func trialsNeeded(toExclude share: Double, confidence: Double = 0.95) -> Int {
    precondition(share > 0 && share < 1, "\(share) is no share that can be excluded")
    let trials = (log(1 - confidence) / log1p(-share)).rounded(.up)
    return Int(exactly: trials) ?? .max
  }

  private static func z(above tail: Double) -> Double {
    guard let z = Normal.quantile(1 - tail) else { preconditionFailure("a confidence lies between 0 and 1") }
    return z
  }

  /// The end of the score interval at `z` standard errors.
  private func bound(_ z: Double) -> Double {
    guard let share else { return z < 0 ? 0 : 1 }
    let n = Double(trials)
    let square = z * z
    let spread = z * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
    return min(max((share + square / (2 * n) + spread) / (1 + square / n), 0), 1)
  }
}
