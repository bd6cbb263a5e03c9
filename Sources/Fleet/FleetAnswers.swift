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
  /// Of which jobs those workers are.
  package var spacingJobs: [String] = []
  /// The breakers' course, and the end of the stretch that was asked for, in seconds since 1970 by the engine's clock.
  package var strip: (result: EngineResult, end: Double)?
  /// The alerts.
  package var alerts: [EngineAlert]?
  /// The families that targets declare.
  package var families: Set<String>?
  /// What went wrong, by what was asked.
  package var troubles: [FleetQuestion: EngineTrouble] = [:]
  /// The local time in the middle of the refresh, in seconds since 1970.
  package var askedAt: Double

  /// Nothing answered yet.
  package init(askedAt: Double) { self.askedAt = askedAt }

  /// The engine's clock at the refresh, in seconds since 1970.
  package var engineTime: Double? { ([reachability, freshness] + figures.values.map(Optional.some)).lazy.compactMap { $0?.time }.first }

  /// What is to be told of each question that was asked: nothing, where it was answered and nothing is the matter.
  package var told: [FleetQuestion: [FleetTrouble]] {
    var told: [FleetQuestion: [FleetTrouble]] = [:]
    for question in FleetQuestion.all {
      if let trouble = troubles[question] {
        told[question] = trouble == .cancelled ? [] : [Self.trouble(trouble, of: question)]
      } else if let result = result(of: question) {
        told[question] = result.warnings.map { FleetTrouble("warns: \($0)") }
        if result.leftOut > 0 {
          told[question, default: []].append(
            FleetTrouble("has \(result.leftOut) more series than are read: ask less with --match", kind: "left out"))
        }
      } else if question == .alerts && alerts != nil || question == .families && families != nil {
        told[question] = []
      }
    }
    return told
  }

  private func result(of question: FleetQuestion) -> EngineResult? {
    switch question {
    case .reachability: reachability
    case .freshness: freshness
    case .figure(let figure): figures[figure]
    case .spacing: spacing
    case .strip: strip?.result
    case .alerts, .families: nil
    }
  }

  /// That one route of an engine is not there does not mean that it is no engine.
  private static func trouble(_ trouble: EngineTrouble, of question: FleetQuestion) -> FleetTrouble {
    guard question == .families, case .noAPI(let status) = trouble else { return FleetTrouble(trouble.description) }
    return FleetTrouble("does not say what its targets declare (HTTP \(status)): of what was never counted it is not known that it is 0")
  }
}
