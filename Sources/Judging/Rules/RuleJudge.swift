import Events
import RunModel

/// Judges one rule: a fold over the events it wants to hear. It is told nothing once it has decided.
package protocol RuleJudge: Sendable {
  /// What it wants to hear.
  var hears: EventKinds { get }
  /// Takes in an event of the time before the scenario: counters rise from there, and the output's segments are counted on from there.
  mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext)
  /// Takes in one event.
  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile)
  /// Decides what is left: no more events will come, or the deadline has passed.
  mutating func finish(_ file: inout CaseFile)
}

extension RuleJudge {
  /// Most rules are not about that time.
  package mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {}
}

/// An event as judges see it.
package struct JudgedEvent {
  let envelope: EventEnvelope
  /// When it occurred: what a log line says, corrected for a clock that is off; else when it was seen.
  let at: RunInstant
  /// Whether that is no more than when its line was read: the line has no time, or one that cannot be.
  var isByArrival = false

  /// The happening, where it is one.
  var happening: Happening? {
    if case .happening(let happening) = envelope.event, !happening.isSequel { return happening }
    return nil
  }
}
