extension LayoutBuilder {
  /// Takes a sample into the histogram that is being read, or closes that and starts the next.
  mutating func checkHistogram(
    _ group: UInt64, _ role: SampleRole, _ bound: Double?, _ instant: SampleTail.Instant?, _ offset: Int,
    _ rule: inout ValueRules.Constraints
  ) throws(ParseFailure) {
    if let current = checks.histogram, current.group != group || current.instant != instant { try closeHistogram() }
    var histogram = checks.histogram ?? .init(group: group, instant: instant, offset: offset)
    let index = rows.count
    switch role {
    case .bucket:
      guard let bound else { break }
      if bound < 0 { histogram.hasNegativeBounds = true }
      if let before = histogram.bound, bound <= before {
        throw ParseFailure(offset, "the buckets of a histogram must stand in the order of their bounds")
      }
      // The bucket before is the sample before, unless the count or the sum stands between: then a pair says it.
      if histogram.bound != nil, histogram.lastBucket == index - 1 { rule.insert(.cumulative) }
      if let last = histogram.lastBucket, last != index - 1 { rules.risingPairs.append(.init(count: index, bucket: last)) }
      histogram.bound = bound
      histogram.lastBucket = index
    case .count, .gaugeCount: histogram.count = index
    case .sum: histogram.hasSum = true
    case .gaugeSum: histogram.gaugeSum = index
    case .plain, .total, .created, .info: break
    }
    checks.histogram = histogram
  }

  /// Checks a histogram whose samples are all there.
  mutating func closeHistogram() throws(ParseFailure) {
    guard let histogram = checks.histogram else { return }
    checks.histogram = nil
    guard histogram.bound == .infinity, let lastBucket = histogram.lastBucket else {
      throw ParseFailure(histogram.offset, "a histogram needs a bucket with le=\"+Inf\"")
    }
    let hasSum = histogram.hasSum || histogram.gaugeSum != nil
    if hasSum, histogram.count == nil { throw ParseFailure(histogram.offset, "a histogram with a sum needs a count") }
    if !hasSum, histogram.count != nil { throw ParseFailure(histogram.offset, "a histogram with a count needs a sum") }
    if histogram.hasNegativeBounds, histogram.hasSum {
      throw ParseFailure(histogram.offset, "a histogram with buckets below zero cannot have a sum")
    }
    if let count = histogram.count { rules.equalPairs.append(.init(count: count, bucket: lastBucket)) }
    if let sum = histogram.gaugeSum, !histogram.hasNegativeBounds { rules.perSeries[sum].insert(.notNegative) }
  }
}
