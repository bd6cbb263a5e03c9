/// One parsed answer of an endpoint: the values of a layout's series.
package struct Scrape: Sendable {
  /// Which series there are; the same object as in the scrape before as long as the answer has the same shape.
  package let layout: SeriesLayout
  /// One value per series, in the layout's order.
  package let values: [Double]
  /// One entry per series, `absent` where the endpoint gave none; empty when no sample has a timestamp.
  let rawTimestamps: [Int64]

  static let absent = Int64.min

  init(layout: SeriesLayout, values: [Double], rawTimestamps: [Int64] = []) {
    self.layout = layout
    self.values = values
    self.rawTimestamps = rawTimestamps
  }

  /// The number of samples.
  package var count: Int { values.count }

  /// Where the text deviates from its format, and what that cost.
  package var remarks: ExpositionRemarks { layout.remarks }

  /// True when at least one sample carries a timestamp.
  package var hasTimestamps: Bool { !rawTimestamps.isEmpty }

  /// The timestamp the endpoint gave for that sample, in milliseconds since 1970; nil when it gave none.
  ///
  /// OpenMetrics' float seconds are rounded to milliseconds and kept within ±9.2e18 ms.
  package func timestamp(at index: Int) -> Int64? {
    guard rawTimestamps.indices.contains(index), rawTimestamps[index] != Self.absent else { return nil }
    return rawTimestamps[index]
  }

  /// The value of that series; nil when the scrape has no such series. Of a repeated series, the last.
  package func value(of key: SeriesKey) -> Double? {
    layout.index(of: key).map { values[$0] }
  }
}
