import Events
import RunModel

/// A run as it is judged by what no contract reads: publisher, streams, health checks, faults, processes, what became of each source.
///
/// It stands when another contract turns out to hold; what a contract read is told once more then. That way nothing is counted twice, and
/// nothing is lost that will not be told again.
struct UnreadCase: Sendable {
  /// An expectation, as far as it was judged.
  private struct Case: Sendable {
    var judge: any RuleJudge
    let hears: EventKinds
    var verdict: Verdict
  }

  /// What is known.
  var context = JudgeContext()
  /// Those expectations that are judged otherwise than in the run itself, by their index; most never are.
  private var cases: [Int: Case] = [:]
  /// What any of them hears.
  private var heard: EventKinds = []

  /// Forgets all expectations: others are judged now.
  mutating func forgetCases() {
    cases = [:]
    heard = []
  }

  /// From now on an expectation may be judged otherwise: what comes next was read by a contract, or rests on what was.
  mutating func part(_ index: Int, _ judge: any RuleJudge, _ verdict: Verdict) {
    guard cases[index] == nil else { return }
    cases[index] = Case(judge: judge, hears: judge.hears, verdict: verdict)
    heard.formUnion(judge.hears)
  }

  /// How an expectation stands without what a contract read; nil where it stands as it does in the run itself.
  func standing(of index: Int) -> (judge: any RuleJudge, verdict: Verdict)? { cases[index].map { ($0.judge, $0.verdict) } }

  /// Takes in an event that no contract read.
  mutating func note(_ event: JudgedEvent, _ kind: EventKinds, now: RunInstant) {
    switch event.envelope.event {
    // Nothing is learned of most of what comes.
    case .tick: return
    case .sample(.health) where context.hasHealth: break
    default: context.learn(event)
    }
    guard !heard.isDisjoint(with: kind) else { return }
    context.now = now
    for index in Array(cases.keys) { hear(index, event, kind) }
  }

  private mutating func hear(_ index: Int, _ event: JudgedEvent, _ kind: EventKinds) {
    guard var own = cases[index], !own.hears.isDisjoint(with: kind), own.verdict.standing == .pending else { return }
    if let began = context.beganAt, event.happening.map({ event.at >= began && !($0.isPast && event.isByArrival) }) ?? true {
      var file = CaseFile(context: context, verdict: own.verdict)
      own.judge.note(event, &file)
      own.verdict = file.verdict
    } else {
      own.judge.noteBefore(event, context)
    }
    cases[index] = own
  }
}
