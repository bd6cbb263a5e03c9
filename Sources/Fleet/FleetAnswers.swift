import Events

/// What one engine answered in one refresh; what was not asked or not answered is nil.
package struct FleetAnswers: Sendable {
  /// `up` of all targets.
  package var reachability: EngineResult?
  /// When the newest samples were taken.
  package var freshness: EngineResult?
  /// The figures.
  package var figures: [FleetFigure: EngineResult] = [:]
  /// Raw samples of a few workers.
  package var spacing: EngineResult?
  /// The breakers' course.
  package var strip: EngineResult?
  /// The alerts.
  package var alerts: [EngineAlert]?
  /// The families that targets declare.
  package var families: Set<String>?
  /// What went wrong, once each.
  package var troubles: [EngineTrouble] = []
  /// The local time in the middle of the refresh, in seconds since 1970.
  package var askedAt: Double

  /// Nothing answered yet.
  package init(askedAt: Double) { self.askedAt = askedAt }

  /// The engine's clock at the refresh, in seconds since 1970.
  package var engineTime: Double? { ([reachability, freshness] + figures.values.map(Optional.some)).lazy.compactMap { $0?.time }.first }

  /// What the engine warns of, once each.
  package var warnings: [String] {
    var seen: Set<String> = []
    let all = ([reachability, freshness, strip] + figures.values.map(Optional.some)).compactMap { $0?.warnings }.flatMap(\.self)
    return all.filter { seen.insert($0).inserted }
  }

  /// How many series were more than are kept, in the answer that had most of them.
  package var leftOut: Int { ([reachability, freshness] + figures.values.map(Optional.some)).compactMap { $0?.leftOut }.max() ?? 0 }
}
