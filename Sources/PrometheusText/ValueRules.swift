/// What the values of a layout must keep to, prepared once per layout so that checking a scrape is one pass over numbers.
struct ValueRules: Sendable, Equatable {
  /// One entry per series; empty when no series has a rule.
  var perSeries: [Constraints] = []
  /// Pairs of series that must have equal values: a histogram's count and its last bucket.
  var equalPairs: [Pair] = []
  /// Pairs of series of which the first must not be less: buckets that do not stand side by side.
  var risingPairs: [Pair] = []

  struct Pair: Sendable, Equatable {
    var count: Int
    var bucket: Int
  }

  struct Constraints: OptionSet, Sendable {
    let rawValue: UInt8
    static let notNegative = Constraints(rawValue: 1)
    static let notNaN = Constraints(rawValue: 2)
    static let whole = Constraints(rawValue: 4)
    static let zeroOrOne = Constraints(rawValue: 8)
    static let one = Constraints(rawValue: 16)
    /// Not less than the value of the series before: buckets are cumulative.
    static let cumulative = Constraints(rawValue: 32)
  }

  var isEmpty: Bool { perSeries.isEmpty && equalPairs.isEmpty && risingPairs.isEmpty }

  /// True when every value keeps to its rules.
  func hold(_ values: [Double]) -> Bool {
    if isEmpty { return true }
    return firstBroken(values) == nil
  }

  /// The first series whose value breaks a rule, and what is wrong with it.
  func firstBroken(_ values: [Double]) -> (index: Int, message: String)? {
    for index in 0..<min(perSeries.count, values.count) where perSeries[index].rawValue != 0 {
      let before = index > 0 ? values[index - 1] : -.infinity
      if let message = perSeries[index].complaint(values[index], before: before) { return (index, message) }
    }
    for pair in equalPairs where values[pair.count] != values[pair.bucket] {
      return (pair.count, "the count of a histogram must equal its +Inf bucket")
    }
    for pair in risingPairs where values[pair.count] < values[pair.bucket] {
      return (pair.count, "a bucket cannot count less than the bucket before it")
    }
    return nil
  }
}

extension ValueRules.Constraints {
  fileprivate func complaint(_ value: Double, before: Double) -> String? {
    if contains(.notNaN), value.isNaN { return "this sample cannot be NaN: it counts or sums up" }
    if contains(.notNegative), value < 0 { return "this sample cannot be negative: it counts or sums up" }
    if contains(.whole), value.rounded(.towardZero) != value || value.isInfinite {
      return "a count of a histogram or summary must be a whole number"
    }
    if contains(.zeroOrOne), value != 0, value != 1 { return "a sample of a state set must be 0 or 1" }
    if contains(.one), value != 1 { return "a sample of an info family must be 1" }
    if contains(.cumulative), value < before { return "a bucket cannot count less than the bucket before it" }
    return nil
  }
}
