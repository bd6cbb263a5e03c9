import Contracts
import Events
import RunModel

/// A lost connection comes back.
struct Recovers: Rule {
  private static let tellers: [HappeningKind] = [.sessionOpened]

  static let name = "recovers"
  static let summary = "A lost connection to the speech service comes back."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog([.speechDisconnected] + tellers + [.reconnectionGaveUp])]
  static let floor = "a loss of the connection and a session after it"

  init(_ values: RuleValues) {}

  var sentence: String { "the connection comes back" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .connection }
    private var lostAt: RunInstant?

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.happening?.kind {
      case .speechDisconnected:
        lostAt = lostAt ?? event.at
        file.cite(event, "connection lost")
        file.note("lost, not back yet")
      case .sessionOpened:
        guard let lostAt else { return }
        file.cite(event, "session opened")
        file.meet("back after \(Figure.seconds(event.at.seconds(since: lostAt)))")
      case .reconnectionGaveUp(let attempts):
        file.cite(event, "gave up after \(attempts) attempts")
        file.violate("the worker gave up after \(Figure.count(attempts, "attempt"))")
      default: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      guard let lostAt else { return file.leave("the connection was never seen to be lost") }
      let seconds = Figure.seconds(file.context.now.seconds(since: lostAt))
      file.violateUnlessBlind(Recovers.tellers, "lost \(seconds) before the end and not back")
    }
  }
}
