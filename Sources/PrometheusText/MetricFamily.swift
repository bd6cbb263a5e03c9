/// The type an endpoint declares for a family.
package enum MetricType: String, Codable, Sendable, CaseIterable {
  case counter, gauge, histogram, summary
  /// No type was declared, or `untyped` (0.0.4) or `unknown` (OpenMetrics) was.
  case unknown
  case info, stateset
  case gaugehistogram
}

/// What an endpoint says about a group of series of one name.
package struct MetricFamily: Hashable, Codable, Sendable {
  /// The family's name: in OpenMetrics without the suffixes of its samples (`jobs` for `jobs_total`).
  package let name: String
  /// The declared type.
  package let type: MetricType
  /// The unescaped help text; nil when none was given.
  package let help: String?
  /// The unit (OpenMetrics only); nil when none was given.
  package let unit: String?

  /// A family of these parts, as they are.
  package init(name: String, type: MetricType, help: String?, unit: String?) {
    self.name = name
    self.type = type
    self.help = help
    self.unit = unit
  }
}
