import Contracts
import Events
import RunModel

/// Never more in flight than the limit, counted from what was sent and what came back.
struct InflightLimit: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let answerTellers: [HappeningKind] = [.fragmentProcessed]

  static let name = "inflight-limit"
  static let summary = "Never more fragments are in flight than the limit, counted from what was sent and what came back."
  static let fields = [
    RuleField(
      "limit", .integer(1...1000, unit: "fragments"), .otherwise("the session's limit, else the contract's"), "how many there may be")
  ]
  static let witnesses: [Witness] = [.workerLog(sendTellers + answerTellers + [.fragmentFailed, .fragmentTimedOut, .speechDisconnected])]
  static let floor = "one fragment sent; the log is understood from begin to end and tells what is sent and what comes back"

  let limit: Int?

  init(_ values: RuleValues) { limit = values.integer("limit") }

  var sentence: String { "never more than \(limit.map(String.init) ?? "the session's limit") in flight" }

  func judge() -> any RuleJudge { Judge(limit: limit) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .fragments] }
    let limit: Int?
    private var under: [FragmentHappening] = []
    private var most = 0
    private var sends = 0

    init(limit: Int?) { self.limit = limit }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if case .speechDisconnected = event.happening?.kind { under.removeAll() }
      guard let fragment = event.fragment(file.context) else { return }
      switch fragment.stage {
      case .sent:
        sends += 1
        under.append(fragment)
        if under.count > 256 { under.removeFirst() }
        let limit = limit(file.context)
        if under.count > most {
          most = under.count
          file.cite(event, "\(most) in flight with \(fragment.sentence)")
          file.note("at most \(most) in flight, limit \(limit)")
        }
        if under.count > limit { file.violate("\(under.count) in flight with \(fragment.sentence), limit \(limit)") }
      case .processed, .failed, .timedOut:
        // An answer may name the fragment by its number alone.
        if let index = under.firstIndex(where: { fragment.isSame(as: $0) }) { under.remove(at: index) }
      case .acknowledged, .fallback, .unsent: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: InflightLimit.sendTellers) ?? file.context.deaf(to: InflightLimit.answerTellers)
      guard sends > 0 else { return file.leave(deaf ?? Ignorance("no fragment was seen to be sent")) }
      file.meet("at most \(most) in flight, limit \(limit(file.context))", unless: deaf)
    }

    private func limit(_ context: JudgeContext) -> Int { limit ?? context.sessionLimit ?? context.thresholds.maxInflight }
  }
}
