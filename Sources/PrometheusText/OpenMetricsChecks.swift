/// What has to be remembered from line to line to see that OpenMetrics' rules on grouping and order are kept.
struct OpenMetricsChecks {
  /// The names that families so far occupy: their own and those of their samples.
  var takenNames: Set<NameBytes> = []
  /// The family that is being read.
  var family: Int?

  /// The labels (as a hash) that make the current metric, and whether and when its last sample was taken.
  var group: UInt64?
  var groupInstant: SampleTail.Instant?
  var finishedGroups: Set<UInt64> = []
  /// The series of the current metric without timestamps: its first, and all as soon as there are two.
  var firstSeries: UInt64 = 0
  var series: Set<UInt64> = []

  var histogram: HistogramPoint?

  /// One point of a histogram.
  struct HistogramPoint {
    var group: UInt64
    var instant: SampleTail.Instant?
    var offset: Int
    var bound: Double?
    var lastBucket: Int?
    var count: Int?
    var gaugeSum: Int?
    var hasSum = false
    var hasNegativeBounds = false
  }

  mutating func startFamily(_ index: Int) {
    family = index
    group = nil
    groupInstant = nil
    finishedGroups.removeAll(keepingCapacity: true)
    histogram = nil
  }
}
