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

  /// How many trials in all, with so many outcomes among them, are needed to say that the outcome's share is below this.
  ///
  /// The one-sided bound of Clopper and Pearson, Biometrika 26 (1934), 404-413, solved for the number of trials: the fewest of which at most
  /// `count` have the outcome with a chance of 1 - confidence or less. Without an outcome ln(1 - confidence) / ln(1 - share), rounded up.
  /// - Parameters:
  ///   - share: above 0 and below 1.
  ///   - count: how many trials had the outcome, 0 or more.
  ///   - confidence: above 0 and below 1.
  /// - Returns: `Int.max` where there is no number for so many.
  package static func trialsNeeded(toExclude share: Double, despite count: Int = 0, confidence: Double = 0.95) -> Int {
    precondition(share > 0 && share < 1 && count >= 0, "\(share) is no share that can be excluded")
    let ofNone = (log(1 - confidence) / log1p(-share)).rounded(.up)
    guard let fewest = Int(exactly: ofNone) else { return .max }
    guard count > 0 else { return fewest }
    // The chance falls with every trial: of `count` trials it is 1.
    var (low, high) = (count, max(fewest, count + 1))
    while chance(ofAtMost: count, of: high, share) > 1 - confidence {
      guard high < .max / 2 else { return .max }
      (low, high) = (high, 2 * high)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if chance(ofAtMost: count, of: middle, share) > 1 - confidence { low = middle } else { high = middle }
    }
    return high
  }

  /// The chance that at most `count` of some trials have an outcome of this share: the binomial distribution, each term by its logarithm.
  private static func chance(ofAtMost count: Int, of trials: Int, _ share: Double) -> Double {
    let odds = log(share) - log1p(-share)
    var term = Double(trials) * log1p(-share)
    var sum = exp(term)
    for index in 0..<min(count, trials) {
      term += log(Double(trials - index) / Double(index + 1)) + odds
      sum += exp(term)
    }
    return min(sum, 1)
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
