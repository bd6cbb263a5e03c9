/// One row of the merged event stream.
package struct EventRow: Codable, Hashable, Sendable {
  /// What a row is about; also the word shown in front of it.
  package enum Category: String, Codable, Sendable, CaseIterable {
    case breaker, backpressure, reconnect, fragment, segment, service, fault, sync, source, publisher, mark, finding, run
  }

  /// How a row is coloured; always with a glyph beside it.
  package enum Severity: String, Codable, Sendable, CaseIterable { case routine, info, good, warning, bad }

  /// Its number in the stream, from 0, never used twice.
  package var serial: Int
  /// The number of the event that it tells of; several rows may share one.
  package var number: EventNumber
  /// When it occurred, on the run's axis.
  package var at: RunInstant
  /// What it is about.
  package var category: Category
  /// How grave it is.
  package var severity: Severity
  /// The service it concerns.
  package var service: ServiceName
  /// The sentence; may carry text from outside, not escaped yet.
  package var text: String
  /// Concluded from metrics rather than seen.
  package var isInferred = false
  /// Read of a log or of metrics as the contract has it, and so to be taken back with it.
  package var isReading = false

  /// A row of the event stream.
  package init(
    serial: Int, number: EventNumber, at: RunInstant, category: Category, severity: Severity, service: ServiceName, text: String,
    isInferred: Bool = false
  ) {
    self.serial = serial
    self.number = number
    self.at = at
    self.category = category
    self.severity = severity
    self.service = service
    self.text = text
    self.isInferred = isInferred
  }
}
