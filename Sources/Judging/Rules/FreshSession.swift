import Contracts
import Events
import RunModel

/// After a reconnection the first fragment has sequence number 0.
struct FreshSession: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let sessionTellers: [HappeningKind] = [.sessionOpened]

  static let name = "fresh-session"
  static let summary = "After a lost connection the first fragment of the next session has sequence number 0."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog([.speechDisconnected] + sessionTellers + sendTellers)]
  static let floor = "a loss of the connection, a session after it and a fragment with its number"

  init(_ values: RuleValues) {}

  var sentence: String { "a fresh session begins at sequence 0" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .fragments] }
    private var isLost = false
    private var isBack = false
    private var losses = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.happening?.kind {
      case .speechDisconnected:
        isLost = true
        isBack = false
        losses += 1
        file.cite(event, "connection lost")
      case .sessionOpened where isLost:
        isBack = true
        file.cite(event, "session opened")
        file.note("a session is open, nothing sent in it yet")
      default: break
      }
      guard isBack, let fragment = event.fragment(file.context), fragment.stage == .sent, let sequence = fragment.sequenceNumber else {
        return
      }
      file.cite(event, fragment.sentence)
      if sequence == 0 {
        file.meet("the first fragment after it has sequence 0")
      } else {
        file.violate("the first fragment after it has sequence \(sequence)")
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      if let deaf = file.context.deaf(to: FreshSession.sendTellers) { return file.leave(deaf) }
      guard losses > 0 else { return file.leave("the connection was never seen to be lost") }
      file.violateUnlessBlind(FreshSession.sessionTellers, "no fragment was sent in a session after the loss")
    }
  }
}
