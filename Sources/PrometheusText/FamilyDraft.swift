/// A family while its exposition is being read.
struct FamilyDraft {
  let name: String
  /// Where it was first mentioned.
  let offset: Int
  var type: MetricType?
  /// Its type was written, not concluded from a sample without one.
  var isTypeDeclared = false
  var help: String?
  var unit: String?
  var hasSamples = false

  init(name: String, offset: Int) {
    self.name = name
    self.offset = offset
  }

  var family: MetricFamily {
    MetricFamily(name: name, type: type ?? .unknown, help: help, unit: unit?.isEmpty == true ? nil : unit)
  }
}

/// What a sample is to its family.
enum SampleRole: UInt8 {
  /// The sample has the family's own name.
  case plain
  case bucket, count, sum, gaugeCount, gaugeSum
  case total, created, info

  static let suffixes: [(text: String, role: SampleRole)] = [
    ("_bucket", .bucket), ("_count", .count), ("_sum", .sum), ("_gcount", .gaugeCount), ("_gsum", .gaugeSum), ("_total", .total),
    ("_created", .created), ("_info", .info),
  ]

  /// Adds up or counts: never NaN.
  var accumulates: Bool {
    switch self {
    case .total, .sum, .count, .bucket, .gaugeCount, .gaugeSum: true
    case .plain, .created, .info: false
    }
  }
}

extension MetricType {
  /// Whether samples of a family of this type have no name but the family's own in 0.0.4.
  var hasPlainSamples: Bool { textRoles.isEmpty }

  /// The roles besides the plain one that samples of such a family are taken for when OpenMetrics is read as a scraper reads it.
  var scraperRoles: [SampleRole] { openMetricsRoles + textRoles }

  /// The roles that samples of a family of this type have in OpenMetrics 1.0 (section 5).
  var openMetricsRoles: [SampleRole] {
    switch self {
    case .counter: [.total, .created]
    case .summary: [.plain, .count, .sum, .created]
    case .histogram: [.count, .sum, .bucket, .created]
    case .gaugehistogram: [.gaugeCount, .gaugeSum, .bucket]
    case .info: [.info]
    case .gauge, .stateset, .unknown: [.plain]
    }
  }

  /// The roles besides the plain one that samples of a family of this type have in 0.0.4.
  var textRoles: [SampleRole] {
    switch self {
    case .histogram: [.bucket, .count, .sum]
    case .gaugehistogram: [.bucket, .count, .sum, .gaugeCount, .gaugeSum]
    case .summary: [.count, .sum]
    case .counter, .gauge, .info, .stateset, .unknown: []
    }
  }
}
