/// What is the matter with an engine's answers, told until it is over.
package struct FleetTrouble: Hashable, Sendable {
  /// What tells it from others while its figures change.
  package var kind: String
  /// A clause, or where the engine is named a sentence. May hold what is from outside.
  package var sentence: String

  /// A trouble.
  /// - Parameter kind: what tells it from others; without, the sentence but for its figures.
  package init(_ sentence: String, kind: String? = nil) {
    self.sentence = sentence
    self.kind = kind ?? sentence.filter { !$0.isNumber }
  }

  /// The same, of an engine by its name.
  package func of(_ name: String) -> FleetTrouble { FleetTrouble("\(name) \(sentence)", kind: "\(name) \(kind)") }
}

/// What an engine is asked in a refresh: what went wrong with it is told until it is asked again.
package enum FleetQuestion: Hashable, Sendable {
  case reachability, freshness, figure(FleetFigure), alerts, spacing, families, strip

  /// All of them, in the order in which their troubles are told.
  package static let all: [FleetQuestion] =
    [.reachability, .freshness] + FleetFigure.all.map(FleetQuestion.figure) + [.alerts, .spacing, .families, .strip]
}
