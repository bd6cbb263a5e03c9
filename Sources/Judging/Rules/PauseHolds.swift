import Contracts
import Events
import RunModel
import SpeechProtocol

/// After a pause nothing is sent until `none`.
struct PauseHolds: Rule {
  private static let pauseTellers: [HappeningKind] = [.backpressure]
  private static let sendTellers: [HappeningKind] = [.fragmentSent]

  static let name = "pause-holds"
  static let summary = "After a pause nothing is sent until it is taken back."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(pauseTellers + sendTellers + [.speechDisconnected, .sessionOpened])]
  static let floor = "one pause; the log is understood from begin to end and tells of pauses and of what is sent"

  init(_ values: RuleValues) {}

  var sentence: String { "nothing is sent while paused" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .backpressure, .fragments] }
    private var pausedAt: RunInstant?
    private var pauses = 0

    /// A pause that was asked for before the run holds in it.
    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      if event.isNewSession(context) { pausedAt = nil }
      switch event.backpressure(context)?.action {
      case .pause: pausedAt = pausedAt ?? event.at
      case .some(.none): pausedAt = nil
      case .slowDown, nil: break
      }
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if event.isNewSession(file.context) { pausedAt = nil }
      if let backpressure = event.backpressure(file.context) {
        switch backpressure.action {
        case .pause:
          if pausedAt == nil || pauses == 0 { pauses += 1 }
          pausedAt = pausedAt ?? event.at
          file.cite(event, "pause")
          file.note("paused, nothing sent so far")
        case .none:
          if let pausedAt {
            file.cite(event, "pause taken back after \(Figure.seconds(event.at.seconds(since: pausedAt)))")
            file.note("\(Figure.count(pauses, "pause")), nothing sent meanwhile")
          }
          pausedAt = nil
        case .slowDown: break
        }
      }
      guard let pausedAt, let fragment = event.fragment(file.context), fragment.stage == .sent else { return }
      let text = "\(fragment.sentence) \(Figure.seconds(event.at.seconds(since: pausedAt))) after a pause that was not taken back"
      file.cite(event, text)
      file.violate(text)
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: PauseHolds.pauseTellers) ?? file.context.deaf(to: PauseHolds.sendTellers)
      if let deaf { return file.leave(deaf) }
      guard pauses > 0 else { return file.leave("no pause was asked for, so there was nothing to see") }
      file.meet("\(Figure.count(pauses, "pause")), nothing sent meanwhile")
    }
  }
}
