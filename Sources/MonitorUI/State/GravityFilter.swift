import Events

/// How grave an event is at least that shows: the steps of a filter, the mildest first.
package struct GravityFilter: Hashable, Sendable {
  /// The mildest that shows.
  package let least: EventRow.Severity
  /// What shows, in words.
  package let words: String

  /// Every step, in their order: a key goes round through them.
  package static let all = [
    GravityFilter(least: .routine, words: "all events"), GravityFilter(least: .info, words: "no routine events"),
    GravityFilter(least: .warning, words: "warnings and worse"), GravityFilter(least: .bad, words: "only what is bad"),
  ]

  /// What something is wrong in.
  static let problems = all[2]
  /// Everything shows.
  package static let none = all[0]

  /// The step after it, around the end.
  var next: Self {
    let index = Self.all.firstIndex(of: self) ?? 0
    return Self.all[(index + 1) % Self.all.count]
  }

  /// Whether an event of that severity shows.
  func shows(_ severity: EventRow.Severity) -> Bool { Self.rank(severity) >= Self.rank(least) }

  /// The order of severities in the type, from the mildest on.
  private static func rank(_ severity: EventRow.Severity) -> Int { EventRow.Severity.allCases.firstIndex(of: severity) ?? 0 }
}
