/// A value at a moment of the engine.
package struct EnginePoint: Hashable, Sendable {
  /// The times that are taken, in seconds since 1970: none is before it, and what is counted from one to another fits an integer.
  package static let times = 0...1e11

  /// Seconds since 1970, by the engine's clock: of an instant vector the moment of the query, of a range selector that of the sample.
  package var time: Double
  /// The value; may be no number.
  package var value: Double

  /// A value at a moment.
  package init(time: Double, value: Double) {
    self.time = time
    self.value = value
  }
}

/// A series of an answer: of an instant vector with one point.
package struct EngineSeries: Hashable, Sendable {
  /// Its labels; the name of its metric is `__name__`. From outside.
  package var labels: [String: String]
  /// Its points, in the order of time.
  package var points: [EnginePoint]

  /// A series.
  package init(labels: [String: String], points: [EnginePoint]) {
    self.labels = labels
    self.points = points
  }

  /// The value of an instant vector; nil without any.
  package var value: Double? { points.last?.value }
}

/// What a query came to.
package struct EngineResult: Hashable, Sendable {
  /// How many series of one answer are kept.
  package static let seriesLimit = 50_000

  /// The series, in the engine's order.
  package var series: [EngineSeries] = []
  /// How many more there were than are kept.
  package var leftOut = 0
  /// What the engine warns of, and that an answer is partial; clipped, from outside.
  package var warnings: [String] = []
  /// Whether the engine says that not all of it answered: what is missing may be there.
  package var isPartial = false
  /// Whether what is not in it is not there.
  package var isWhole: Bool { leftOut == 0 && !isPartial }
  /// The moment of the query by the engine's clock, in seconds since 1970, where the answer tells it.
  package var time: Double? { series.first?.points.last?.time }

  /// An answer without series.
  package init() {}
}

/// An alert that an engine evaluates.
package struct EngineAlert: Hashable, Sendable {
  /// Its labels, `alertname` among them. From outside.
  package var labels: [String: String]
  /// Whether it fires; else it is pending.
  package var isFiring: Bool
  /// Its `summary` or `description`, clipped; empty where it has none. From outside.
  package var summary: String

  /// An alert.
  package init(labels: [String: String], isFiring: Bool, summary: String) {
    self.labels = labels
    self.isFiring = isFiring
    self.summary = summary
  }

  /// What it is called.
  package var name: String { labels["alertname"] ?? "an alert without a name" }
}
