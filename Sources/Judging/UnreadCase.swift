import Events
import RunModel

/// A run as it is judged by what no contract reads: publisher, streams, health checks, faults, processes, what became of each source.
///
/// It stands when another contract turns out to hold; what a contract read is told once more then. That way nothing is counted twice, and
/// nothing is lost that will not be told again.
struct UnreadCase: Sendable {
  /// An expectation, as far as it was judged.
  struct Case: Sendable {
    var judge: any RuleJudge
    let hears: EventKinds
    var verdict: Verdict = .open
  }

  /// What is known.
  var context = JudgeContext()
  /// One for each expectation.
  var cases: [Case] = []

  /// Takes in an event, where no contract read it.
  mutating func note(_ event: JudgedEvent, _ kind: EventKinds, now: RunInstant) {
    guard !event.isReading else { return }
    context.now = now
    context.learn(event)
    guard !kind.isEmpty else { return }
    for index in cases.indices where !cases[index].hears.isDisjoint(with: kind) && cases[index].verdict.standing == .pending {
      hear(index, event)
    }
  }

  private mutating func hear(_ index: Int, _ event: JudgedEvent) {
    guard let began = context.beganAt, event.happening.map({ event.at >= began && !($0.isPast && event.isByArrival) }) ?? true else {
      return cases[index].judge.noteBefore(event, context)
    }
    var file = CaseFile(context: context, verdict: cases[index].verdict)
    cases[index].judge.note(event, &file)
    cases[index].verdict = file.verdict
  }
}
