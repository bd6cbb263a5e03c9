import Contracts
import Events
import RunModel

/// One expectation's verdict in the making.
package struct CaseFile {
  private static let kept = 8

  let context: JudgeContext
  var verdict: Verdict
  /// Whether anything was said since the file was opened.
  private(set) var isTouched = false

  init(context: JudgeContext, verdict: Verdict) {
    self.context = context
    self.verdict = verdict
  }

  var isDecided: Bool { verdict.standing != .pending }

  /// Adds to the evidence; of much the first and the last are kept.
  mutating func cite(_ event: JudgedEvent, _ text: String) {
    cite(Evidence(sequence: event.envelope.sequence, at: event.at, text: text))
  }

  mutating func cite(_ evidence: Evidence) {
    isTouched = true
    verdict.evidence.append(evidence)
    if verdict.evidence.count > 2 * Self.kept {
      verdict.evidence.remove(at: Self.kept)
      verdict.omittedEvidence += 1
    }
  }

  /// Says what was seen so far.
  mutating func note(_ reason: String) {
    guard !isDecided, verdict.reason != reason else { return }
    isTouched = true
    verdict.reason = reason
  }

  mutating func meet(_ reason: String) { decide(.met, reason) }
  mutating func violate(_ reason: String) { decide(.violated, reason) }
  mutating func leave(_ reason: String) { decide(.unobservable, reason) }

  mutating func leave(_ ignorance: Ignorance) {
    guard !isDecided else { return }
    verdict.gaps = ignorance.gaps
    leave(ignorance.reason)
  }

  /// Met, unless what would have shown otherwise is not known.
  mutating func meet(_ reason: String, unless ignorance: Ignorance?) {
    if let ignorance { leave(ignorance) } else { meet(reason) }
  }

  /// Violated because something never came, unless that could not have been seen, or what was to bring it about could not be done.
  mutating func violate(_ reason: String, unless ignorance: Ignorance?) {
    if let ignorance { return leave(ignorance) }
    if let undone = context.undoneStep { return leave("\(reason), but \(undone)") }
    if let unverified = context.unverifiedNeeds {
      return leave("\(reason), but whether the services are set up as the scenario needs it is not known (\(unverified))")
    }
    violate(reason)
  }

  private mutating func decide(_ standing: Verdict.Standing, _ reason: String) {
    guard !isDecided else { return }
    isTouched = true
    verdict.standing = standing
    verdict.reason = reason
    verdict.decidedAt = context.now
  }
}
