import Events
import RunModel

extension MetricSelector {
  /// How it is written: `signal: NAME`, or `series: NAME` with `labels` and `sum`.
  package static let fields = [
    RuleField("signal", .signal, .otherwise("a series"), "the signal that is read"),
    RuleField("series", .text, .otherwise("a signal"), "the series that is read"),
    RuleField("labels", .labels, .value(.labels([:])), "labels that the series carries, among others"),
    RuleField("sum", .flag, .value(.flag(false)), "whether several series that match are added up"),
  ]

  /// Reads what is written.
  /// - Throws: that it names no metric, or two.
  package init(_ values: RuleValues) throws(RuleMistake) {
    switch (values.text("signal"), values.text("series")) {
    case (let signal?, nil):
      for name in ["labels", "sum"] where values[name] != nil { throw RuleMistake("goes with series, not with signal", in: name) }
      self = .signal(SignalID(signal))
    case (nil, let series?): self = .series(series, labels: values.labels("labels"), sums: values.flag("sum") ?? false)
    case (nil, nil): throw RuleMistake("names no metric: it needs signal or series")
    case (_?, _?): throw RuleMistake("does not go with signal: one of them is enough", in: "series")
    }
  }
}

extension Comparison {
  /// How it is written: one of its words with a number.
  static let fields = allCases.map {
    RuleField($0.rawValue, .number(nil, unit: ""), .otherwise("another of these three"), "\($0.words) this much")
  }

  /// Reads what is written.
  /// - Throws: that there are none or several.
  static func read(_ values: RuleValues) throws(RuleMistake) -> (Comparison, Double) {
    let found = allCases.compactMap { word in values.number(word.rawValue).map { (word, $0) } }
    if found.count == 1, let only = found.first { return only }
    throw RuleMistake("needs exactly one of " + allCases.map(\.rawValue).joined(separator: ", "))
  }
}
