import Contracts
import Events
import RunModel

/// Every fragment is sent and processed in time, or the original audio stands in for it.
struct FragmentsAccounted: Rule {
  private static let sendTellers: [HappeningKind] = [.fragmentSent]
  private static let answerTellers: [HappeningKind] = [.fragmentProcessed]

  static let name = "fragments-accounted"
  static let summary = "Every fragment is sent and processed in time, or the original audio stands in for it."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [
    .workerLog(sendTellers + answerTellers + [.fragmentFallback, .fragmentTimedOut, .fragmentUnsent, .segmentIn])
  ]
  static let floor = "one fragment; the log is understood from begin to end and tells what is sent and what is processed"

  init(_ values: RuleValues) {}

  var sentence: String { "every fragment is processed or falls back" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .fragments }
    private struct Open: Sendable {
      var id: String?
      var sequence: Int?
      var sentAt: RunInstant
      var order: UInt64
      /// Whether its answer was an error, or came too late to be used.
      var hasFailed = false
      var word = "sent"
    }

    private var open: [Open] = []
    /// How far the log was read, by its own times: what comes in one go was not silent in between.
    private var heard = RunInstant.zero
    private var sent = 0
    private var processed = 0
    private var fallenBack = 0
    private var unsent = 0
    private var late = 0

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let fragment = event.fragment(file.context) else { return }
      take(fragment, event, &file)
      heard = max(heard, event.at)
      file.note(words)
      guard let oldest = open.first, !file.context.isReadAgain, heard.seconds(since: oldest.sentAt) > limit(file.context) else { return }
      lost(oldest, &file)
    }

    private mutating func take(_ fragment: FragmentHappening, _ event: JudgedEvent, _ file: inout CaseFile) {
      switch fragment.stage {
      case .sent:
        sent += 1
        open.append(Open(id: fragment.fragmentID, sequence: fragment.sequenceNumber, sentAt: event.at, order: event.envelope.sequence))
      case .unsent:
        unsent += 1
        file.cite(event, fragment.sentence)
        open.append(
          Open(
            id: fragment.fragmentID, sequence: fragment.sequenceNumber, sentAt: event.at, order: event.envelope.sequence, hasFailed: true,
            word: "not sent"))
      case .processed:
        guard let index = index(of: fragment) else { return processed += 1 }
        // An answer after the time limit is thrown away.
        if open[index].hasFailed { late += 1 } else { processed += 1; open.remove(at: index) }
      case .failed, .timedOut: if let index = index(of: fragment) { open[index].hasFailed = true }
      case .fallback:
        fallenBack += 1
        // Who falls back may name the segment, whose number is not the fragment's.
        let named = index(of: fragment)
        let failed = named.flatMap { open[$0].hasFailed || fragment.fragmentID != nil ? $0 : nil } ?? open.firstIndex(where: \.hasFailed)
        if let index = failed ?? named { open.remove(at: index) }
      case .acknowledged: break
      }
      if open.count > 1024 { open.removeFirst() }
    }

    private func index(of fragment: FragmentHappening) -> Int? {
      open.firstIndex { item in
        if let id = fragment.fragmentID, let own = item.id { return id == own }
        return fragment.sequenceNumber != nil && fragment.sequenceNumber == item.sequence
      }
    }

    private var words: String {
      "\(sent) sent, \(processed) processed, \(fallenBack) fallen back" + (unsent > 0 ? ", \(unsent) not sent" : "")
        + (late > 0 ? ", \(late) answered too late" : "")
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      if let deaf = context.deaf(to: FragmentsAccounted.sendTellers) ?? context.deaf(to: FragmentsAccounted.answerTellers) {
        return file.leave(deaf)
      }
      guard sent + unsent + fallenBack > 0 else { return file.leave("no fragment was seen to be sent") }
      // One that is younger than its time limit is not lost: the run just ended.
      if let oldest = open.first, context.now.seconds(since: oldest.sentAt) > limit(context) {
        return lost(oldest, &file)
      }
      let accounted = sent + unsent + fallenBack
      let missing = context.segmentsDue - accounted
      if missing > context.segmentsInDoubt {
        return file.violate("\(words): of \(context.input.segmentsIn) segments that went in \(missing) were neither sent nor replaced")
      }
      file.meet(words + (open.isEmpty ? "" : ", \(open.count) under way at the end"))
    }

    /// The fragment's time limit, the output's margin, and what a busy machine and the reading of a log may take.
    private func limit(_ context: JudgeContext) -> Double { context.thresholds.fragmentTimeoutSeconds + 2 + 2 * context.schedulerAllowance }

    private func lost(_ fragment: Open, _ file: inout CaseFile) {
      let name = fragment.sequence.map { "fragment \($0)" } ?? "fragment \(fragment.id.map { String($0.prefix(8)) } ?? "?")"
      let age = Figure.seconds(file.context.now.seconds(since: fragment.sentAt))
      file.verdict.evidence.append(Evidence(sequence: fragment.order, at: fragment.sentAt, text: "\(name) \(fragment.word)"))
      file.violate("\(name) is lost: \(fragment.word) \(age) ago, neither processed in time nor replaced by the original audio")
    }
  }
}
