extension HappeningKind {
  /// Every kind, in the order of the manual.
  package static let all: [HappeningKind] =
    fragments + segments + [backpressure, breaker, breakerState] + connection + [syncClaim] + publishing + services + faults + streams
    + findings + run

  /// Those that a line of a log can tell: the words of a contract's `happening:`.
  package static let ofLogs: [HappeningKind] = all.filter { $0.line != nil }

  /// Those that rules can count and steps can wait for: the words of `event:`.
  package static let countable: [HappeningKind] = all.filter { $0.counting != nil }

  /// The kind that a contract's word means; nil for a word that means none.
  package static func ofLogs(_ word: String) -> HappeningKind? { ofLogs.first { $0.word == word } }

  /// The kind that a rule's word means; nil for a word that means none.
  package static func countable(_ word: String) -> HappeningKind? { countable.first { $0.word == word } }

  /// The lines of a contract that can tell it; empty for what dubwatch sees itself.
  package var tellers: [HappeningKind] {
    guard let counting, !counting.isOwn else { return [] }
    return Self.ofLogs.filter { $0 == self || $0.alsoTells.contains(self) }
  }
}
