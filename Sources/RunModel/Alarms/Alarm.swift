import Events

/// Something that is wrong now: since when, how sure, who says so, and the event that brought it.
package struct Alarm: Codable, Hashable, Sendable, Identifiable {
  /// How grave it is.
  package enum Severity: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
    /// Not as it should be.
    case warning
    /// Broken.
    case bad

    /// The graver one is greater.
    package static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .bad }
  }

  /// How dubwatch knows.
  package enum Sureness: String, Codable, Hashable, Sendable, CaseIterable {
    /// dubwatch saw it itself, or a log line or a message of the protocol tells of it.
    case observed
    /// Concluded from something else that was seen.
    case inferred
    /// A figure of the service's own, which nothing else confirms.
    case claimed
  }

  /// What it is about.
  package enum Subject: Codable, Hashable, Sendable {
    /// An expectation of the run, by its position: violated.
    case violated(Int)
    /// An expectation that must be observed, by its position: not known.
    case notKnown(Int)
    /// The pipeline as it stands.
    case pipeline
  }

  /// Its name as long as it stands: `service:echo-sts`. What it says may change meanwhile.
  package let id: String
  /// What it is about.
  package let subject: Subject
  /// How grave it is.
  package let severity: Severity
  /// The sentence; may carry text from outside, not escaped.
  package let text: String
  /// The service, or the stream, that it concerns.
  package let service: ServiceName
  /// Since when.
  package let since: RunInstant
  /// How dubwatch knows.
  package let sureness: Sureness
  /// The source that says so: `health:echo-sts`; `judge` for an expectation.
  package let witness: String
  /// The number of the event that brought it.
  package let event: EventNumber
  /// Its number among all alarms of the run, from 0, never used twice.
  package let serial: Int

  /// Whether it is about an expectation.
  package var isExpectation: Bool { subject != .pipeline }

  /// Worst first, then oldest first: what is violated, what is not known, then the pipeline.
  static func isWorse(_ left: Alarm, _ right: Alarm) -> Bool {
    (left.rank, left.since, left.id) < (right.rank, right.since, right.id)
  }

  private var rank: Int {
    switch subject {
    case .violated: 0
    case .notKnown: 1
    case .pipeline: severity == .bad ? 2 : 3
    }
  }
}

/// Who says what a finding says.
struct FindingOrigin: Codable, Sendable {
  var service: ServiceName
  var witness: SourceID
  var sureness = Alarm.Sureness.observed
}

/// An alarm as the state alone tells it: without what only the book of alarms knows.
struct AlarmDraft {
  var id: String
  var subject: Alarm.Subject = .pipeline
  var severity: Alarm.Severity
  var text: String
  var service: ServiceName
  /// Since when, where the state knows; else since it was first seen.
  var since: RunInstant?
  var sureness: Alarm.Sureness = .observed
  var witness: String
  /// The event that brought it, where the state knows; else the one at which it was first seen.
  var event: EventNumber?
  /// What its rows are about; nil where its beginning and its end are rows already.
  var category: EventRow.Category?
}
