import Contracts
import Events
import RunModel

/// After a reconnection the first fragment has sequence number 0.
struct FreshSession: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let sessionTellers: [HappeningKind] = [.sessionOpened]

  static let name = "fresh-session"
  static let summary = "After a lost connection, each time, the first fragment of the next session has sequence number 0."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog([.speechDisconnected] + sessionTellers + sendTellers)]
  static let floor =
    "a loss of the connection; the log is understood from begin to end and tells of sessions and of fragments with their numbers"

  init(_ values: RuleValues) {}

  var sentence: String { "a fresh session begins at sequence 0" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .fragments] }
    private var isLost = false
    /// Whether a session is open in which nothing was sent yet.
    private var isNew = false
    private var losses = 0
    private var sessions = 0
    /// Sessions whose first fragment was told without its number.
    private var unnumbered = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.connection(file.context) {
      case .speechDisconnected:
        isLost = true
        isNew = false
        losses += 1
        file.cite(event, "connection lost")
      case .sessionOpened:
        isNew = true
        guard isLost else { return }
        file.cite(event, "session opened")
        file.note("a session is open, nothing sent in it yet")
      default: break
      }
      guard isNew, let fragment = event.fragment(file.context), fragment.stage == .sent else { return }
      isNew = false
      guard let sequence = fragment.sequenceNumber else {
        if isLost { unnumbered += 1 }
        isLost = false
        return file.cite(event, "\(fragment.sentence), without its number")
      }
      guard isLost || sequence != 0 else { return }
      isLost = false
      file.cite(event, fragment.sentence)
      guard sequence == 0 else { return file.violate("the first fragment of a session has sequence \(sequence)") }
      sessions += 1
      file.note("the first fragment after it has sequence 0")
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: FreshSession.sendTellers) ?? file.context.deaf(to: FreshSession.sessionTellers)
      if let deaf { return file.leave(deaf) }
      guard losses > 0 else { return file.leave("the connection was never seen to be lost") }
      guard !isLost else {
        return file.violate("no fragment was sent in a session after the \(losses > 1 ? "last " : "")loss", unless: nil)
      }
      guard unnumbered == 0 else {
        return file.leave("the log does not tell the number of the first fragment of \(Figure.count(unnumbered, "session")) after a loss")
      }
      file.meet(
        "the first fragment has sequence 0 in \(Figure.count(sessions, "session")) after \(losses == 1 ? "a loss" : "\(losses) losses")")
    }
  }
}
