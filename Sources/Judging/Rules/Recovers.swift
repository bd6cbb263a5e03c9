import Contracts
import Events
import RunModel

/// A lost connection comes back.
struct Recovers: Rule {
  private static let tellers: [HappeningKind] = [.sessionOpened]

  static let name = "recovers"
  static let summary = "A lost connection to the speech service comes back, each time."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog([.speechDisconnected] + tellers + [.reconnectionGaveUp])]
  static let floor = "a loss of the connection; the log is understood from begin to end and tells of sessions"

  init(_ values: RuleValues) {}

  var sentence: String { "the connection comes back" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .connection }
    private var lostAt: RunInstant?
    private var longest = 0.0
    private var losses = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.happening?.kind {
      case .speechDisconnected:
        if lostAt == nil { losses += 1 }
        lostAt = lostAt ?? event.at
        file.cite(event, "connection lost")
        file.note("lost, not back yet")
      case .sessionOpened:
        guard let lostAt else { return }
        file.cite(event, "session opened")
        longest = max(longest, event.at.seconds(since: lostAt))
        self.lostAt = nil
        file.note("back after \(Figure.seconds(event.at.seconds(since: lostAt)))")
      case .reconnectionGaveUp(let attempts):
        file.cite(event, "gave up after \(attempts) attempts")
        file.violate("the worker gave up after \(Figure.count(attempts, "attempt"))")
      default: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: Recovers.tellers)
      guard losses > 0 else { return file.leave(deaf ?? Ignorance("the connection was never seen to be lost")) }
      if let lostAt {
        let seconds = Figure.seconds(file.context.now.seconds(since: lostAt))
        return file.violate("lost \(seconds) before the end and not back", unless: deaf)
      }
      file.meet(
        losses == 1 ? "back after \(Figure.seconds(longest))" : "back after each of \(losses) losses, at most \(Figure.seconds(longest))",
        unless: deaf)
    }
  }
}
