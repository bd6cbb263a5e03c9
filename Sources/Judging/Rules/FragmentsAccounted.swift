import Contracts
import Events
import RunModel

/// Every fragment sent is processed, or the original audio stands in for it.
struct FragmentsAccounted: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let tellers: [HappeningKind] = sendTellers + [.fragmentProcessed, .fragmentFallback]

  static let name = "fragments-accounted"
  static let summary = "Every fragment that was sent is processed, or the original audio stands in for it."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.workerLog(tellers)]
  static let floor = "one fragment sent, no line lost"

  init(_ values: RuleValues) {}

  var sentence: String { "every fragment sent is processed or falls back" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .fragments }
    private struct Open: Sendable {
      var id: String?
      var sequence: Int?
      var sentAt: RunInstant
      var order: UInt64
    }

    private var open: [Open] = []
    private var sent = 0
    private var processed = 0
    private var fallenBack = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let fragment = event.fragment(file.context) {
        switch fragment.stage {
        case .sent:
          sent += 1
          open.append(Open(id: fragment.fragmentID, sequence: fragment.sequenceNumber, sentAt: event.at, order: event.envelope.sequence))
        case .processed:
          processed += 1
          remove { open in fragment.fragmentID.map { $0 == open.id } ?? (fragment.sequenceNumber == open.sequence) }
        case .fallback:
          fallenBack += 1
          remove { open in fragment.fragmentID.map { $0 == open.id } ?? (fragment.sequenceNumber == open.sequence) }
        case .acknowledged, .failed, .timedOut: break
        }
      }
      file.note("\(sent) sent, \(processed) processed, \(fallenBack) fallen back")
      guard let oldest = open.first, file.context.now.seconds(since: oldest.sentAt) > limit(file.context) else { return }
      lost(oldest, &file)
    }

    mutating func finish(_ file: inout CaseFile) {
      guard sent > 0 else {
        return file.leave(file.context.deaf(to: FragmentsAccounted.sendTellers) ?? "no fragment was seen to be sent")
      }
      // One that is younger than its time limit is not lost: the run just ended.
      if let oldest = open.first, file.context.now.seconds(since: oldest.sentAt) > file.context.thresholds.fragmentTimeoutSeconds {
        return lost(oldest, &file)
      }
      let pending = open.isEmpty ? "" : ", \(open.count) under way at the end"
      file.meetUnlessBlind(
        FragmentsAccounted.tellers, "\(sent) sent, \(processed) processed, \(fallenBack) fallen back\(pending)")
    }

    /// The fragment's time limit, the output's margin, and what a busy machine and the reading of a log may take.
    private func limit(_ context: JudgeContext) -> Double { context.thresholds.fragmentTimeoutSeconds + 2 + 2 * context.schedulerAllowance }

    private func lost(_ fragment: Open, _ file: inout CaseFile) {
      let name = fragment.sequence.map { "fragment \($0)" } ?? "fragment \(fragment.id.map { String($0.prefix(8)) } ?? "?")"
      let age = Figure.seconds(file.context.now.seconds(since: fragment.sentAt))
      file.verdict.evidence.append(Evidence(sequence: fragment.order, at: fragment.sentAt, text: "\(name) sent"))
      file.violate("\(name) is lost: sent \(age) ago, neither processed nor replaced by the original audio")
    }

    private mutating func remove(_ isIt: (Open) -> Bool) {
      if let index = open.firstIndex(where: isIt) { open.remove(at: index) }
      if open.count > 1024 { open.removeFirst() }
    }
  }
}
