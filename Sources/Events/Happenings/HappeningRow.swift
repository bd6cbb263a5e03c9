/// How a happening is told in the merged stream of events.
package struct HappeningRow: Hashable, Sendable {
  /// What it is about.
  package var category: EventRow.Category
  /// How grave it is.
  package var severity: EventRow.Severity
  /// The sentence; may carry text from outside, not escaped yet.
  package var sentence: String
}

extension Happening.Kind {
  /// Its row; nil for what is drawn and not told.
  /// - Parameter syncMilliseconds: the offset from which audio and video are out of step.
  package func row(syncMilliseconds: Double) -> HappeningRow? {
    guard let telling = descriptor.telling, let row = telling.row(self, syncMilliseconds) else { return nil }
    return HappeningRow(category: telling.category, severity: row.severity, sentence: row.sentence)
  }
}
