import Contracts
import Events
import RunModel

/// Never more in flight than the limit, counted from what was sent and what came back.
struct InflightLimit: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let tellers: [HappeningKind] = sendTellers + [.fragmentProcessed]

  static let name = "inflight-limit"
  static let summary = "Never more fragments are in flight than the limit, counted from what was sent and what came back."
  static let fields = [
    RuleField(
      "limit", .integer(1...1000, unit: "fragments"), .otherwise("the session's limit, else the contract's"), "how many there may be")
  ]
  static let witnesses: [Witness] = [.workerLog(tellers + [.fragmentFailed, .fragmentTimedOut, .speechDisconnected])]
  static let floor = "one fragment sent, no line lost"

  let limit: Int?

  init(_ values: RuleValues) { limit = values.integer("limit") }

  var sentence: String { "never more than \(limit.map(String.init) ?? "the session's limit") in flight" }

  func judge() -> any RuleJudge { Judge(limit: limit) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .fragments] }
    let limit: Int?
    private var under: [String] = []
    private var most = 0
    private var sends = 0

    init(limit: Int?) { self.limit = limit }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if case .speechDisconnected = event.happening?.kind { under.removeAll() }
      guard let fragment = event.fragment(file.context) else { return }
      let key = fragment.fragmentID ?? fragment.sequenceNumber.map { "#\($0)" } ?? ""
      switch fragment.stage {
      case .sent:
        sends += 1
        under.append(key)
        if under.count > 256 { under.removeFirst() }
        let limit = limit(file.context)
        if under.count > most {
          most = under.count
          file.cite(event, "\(most) in flight with \(fragment.sentence)")
          file.note("at most \(most) in flight, limit \(limit)")
        }
        if under.count > limit { file.violate("\(under.count) in flight with \(fragment.sentence), limit \(limit)") }
      case .processed, .failed, .timedOut:
        if let index = under.firstIndex(of: key) { under.remove(at: index) }
      case .acknowledged, .fallback: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      guard sends > 0 else {
        return file.leave(file.context.deaf(to: InflightLimit.sendTellers) ?? "no fragment was seen to be sent")
      }
      file.meetUnlessBlind(InflightLimit.tellers, "at most \(most) in flight, limit \(limit(file.context))")
    }

    private func limit(_ context: JudgeContext) -> Int { limit ?? context.sessionLimit ?? context.thresholds.maxInflight }
  }
}
