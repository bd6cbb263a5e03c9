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
  static let witnesses: [Witness] = [
    .workerLog(sendTellers + answerTellers + [.fragmentFailed, .fragmentTimedOut, .speechDisconnected]), .signal(.inflightFragments),
  ]
  static let floor =
    "one fragment sent; the log is understood from begin to end and tells what is sent and what comes back; the gauge of one stream "
    + "can violate it, never meet it"

  let limit: Int?

  init(_ values: RuleValues) { limit = values.integer("limit") }

  var sentence: String { "never more than \(limit.map(String.init) ?? "the session's limit") in flight" }

  func judge() -> any RuleJudge { Judge(limit: limit) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .fragments, .lifecycle, .metrics] }
    let limit: Int?
    private var under: [FragmentHappening] = []
    private var most = 0
    private var sends = 0
    /// Why fragments cannot be counted; nil while they can.
    private var doubt: String?

    init(limit: Int?) { self.limit = limit }

    /// What was sent before the run is in flight in it.
    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      if Self.endsAll(event, context) { under.removeAll() }
      if let fragment = event.fragment(context) { take(fragment) }
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if case .sample(.metrics(let sample)) = event.envelope.event { return note(sample, event, &file) }
      if Self.endsAll(event, file.context) { under.removeAll() }
      guard let fragment = event.fragment(file.context) else { return }
      take(fragment)
      guard fragment.stage == .sent else { return }
      sends += 1
      let limit = limit(file.context)
      if under.count > most {
        most = under.count
        file.cite(event, "\(most) in flight with \(fragment.sentence)")
        file.note("at most \(most) in flight, limit \(limit)")
      }
      if under.count > limit, doubt == nil { file.violate("\(under.count) in flight with \(fragment.sentence), limit \(limit)") }
    }

    /// The worker's own gauge: of one stream, as a sum is no stream's.
    private func note(_ sample: MetricsSample, _ event: JudgedEvent, _ file: inout CaseFile) {
      let limit = limit(file.context)
      guard sample.service == file.context.workerMetrics, sample.summed[.inflightFragments] == nil,
        let gauge = sample.signals[.inflightFragments]?.number, gauge.isFinite, gauge > Double(limit)
      else { return }
      file.cite(event, "the worker's gauge shows \(Figure.text(gauge)) in flight")
      file.violate("the worker's gauge shows \(Figure.text(gauge)) in flight, limit \(limit)")
    }

    private mutating func take(_ fragment: FragmentHappening) {
      if fragment.fragmentID == nil, fragment.sequenceNumber == nil {
        if fragment.stage == .sent || fragment.stage == .processed { doubt = "the log names neither fragments nor their numbers" }
      }
      switch fragment.stage {
      case .sent:
        // A line that is written twice, or a fragment that is sent again, is no second one.
        if fragment.fragmentID != nil, under.contains(where: { $0.fragmentID == fragment.fragmentID }) { return }
        if fragment.fragmentID == nil, under.contains(where: { $0.fragmentID == nil && $0.sequenceNumber == fragment.sequenceNumber }) {
          doubt = doubt ?? "\(fragment.sentence) while one of that number is in flight: they cannot be told apart"
        }
        under.append(fragment)
        if under.count > 256 { under.removeFirst() }
      // What an open breaker does not let through was never in flight: its number may be that of another fragment.
      case .fallback where fragment.detail == "circuit_open": break
      case .processed, .failed, .timedOut, .fallback:
        // An answer may name the fragment by its number alone.
        if let index = under.firstIndex(where: { fragment.isSame(as: $0) }) { under.remove(at: index) }
      case .acknowledged, .unsent: break
      }
    }

    /// A lost connection, a new session and a new process know of no fragment of before.
    private static func endsAll(_ event: JudgedEvent, _ context: JudgeContext) -> Bool {
      if case .lifecycle = event.connection(context) { return true }
      return event.isNewSession(context)
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: InflightLimit.sendTellers) ?? file.context.deaf(to: InflightLimit.answerTellers)
      if let doubt { return file.leave(doubt) }
      guard sends > 0 else { return file.leave(deaf ?? Ignorance("no fragment was seen to be sent")) }
      file.meet("at most \(most) in flight, limit \(limit(file.context))", unless: deaf)
    }

    private func limit(_ context: JudgeContext) -> Int { limit ?? context.sessionLimit ?? context.thresholds.maxInflight }
  }
}
