import Contracts
import Events
import RunModel
import SpeechProtocol

/// Under slow_down every send waits for the delay: after the message, after the send before, and after the cut of its segment.
struct SlowDownHolds: Rule {
  private static let slowDownTellers: [HappeningKind] = [.backpressure]
  private static let sendTellers: [HappeningKind] = [.fragmentSent]

  static let name = "slow-down-holds"
  static let summary = "Under slow_down every send waits for the delay that was asked for."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [
    .workerLog(slowDownTellers + sendTellers + [.segmentIn, .fragmentFallback, .speechDisconnected, .sessionOpened])
  ]
  static let floor =
    "one slow_down and one send under it; the log is understood from begin to end, tells of both, and its own times can be relied on"

  init(_ values: RuleValues) {}

  var sentence: String { "every send waits under slow_down" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.connection, .backpressure, .segments, .fragments] }
    /// Log times are rounded to milliseconds, and a timer may fire a little early.
    private static let rounding = 0.02
    private var delay: Double?
    private var messageAt: RunInstant?
    private var lastSend: RunInstant?
    /// Cuts of the segments that wait, oldest first; empty where the log does not tell them.
    private var cuts: [RunInstant] = []
    /// The newest that was cut: audio and video of one are told apart.
    private var lastCut: Int?
    /// Whether the last message did not say how long to wait; another line of it may.
    private var isDelayOwed = false
    private var under: [Int] = []
    private var asked = 0
    private var sends = 0
    private var shortest: Double?

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if event.isNewSession(file.context) {
        delay = nil
        under = []
      }
      if let backpressure = event.backpressure(file.context) { hold(backpressure, event, &file) }
      if isDelayOwed, let more = event.backpressureSequel(file.context) { complete(more, event, &file) }
      if case .segment(let segment) = event.connection(file.context), segment.direction == .input { cut(segment, event) }
      guard let fragment = event.fragment(file.context) else { return }
      switch fragment.stage {
      case .sent: sent(fragment, event, &file)
      case .processed, .failed, .timedOut: under.removeAll { $0 == fragment.sequenceNumber }
      // One that was never sent waits no more.
      case .fallback: if !under.contains(fragment.sequenceNumber ?? -1), !cuts.isEmpty { cuts.removeFirst() }
      case .acknowledged, .unsent: break
      }
    }

    /// What is sent is the audio; the line of its video is of the same segment.
    private mutating func cut(_ segment: SegmentHappening, _ event: JudgedEvent) {
      guard segment.track != "video", segment.index == nil || segment.index != lastCut else { return }
      lastCut = segment.index
      cuts.append(event.at)
      if cuts.count > 64 { cuts.removeFirst() }
    }

    private mutating func complete(_ message: BackpressureEvent, _ event: JudgedEvent, _ file: inout CaseFile) {
      guard let milliseconds = message.recommendedDelayMilliseconds else { return }
      isDelayOwed = false
      take(milliseconds, event, &file)
    }

    private mutating func take(_ milliseconds: Double, _ event: JudgedEvent, _ file: inout CaseFile) {
      delay = milliseconds / 1000
      messageAt = event.at
      asked += 1
      file.cite(event, "slow_down \(Figure.text(milliseconds)) ms")
    }

    private mutating func hold(_ message: BackpressureEvent, _ event: JudgedEvent, _ file: inout CaseFile) {
      switch message.action {
      case .slowDown:
        guard let milliseconds = message.recommendedDelayMilliseconds else {
          isDelayOwed = true
          return file.cite(event, "slow_down without a delay")
        }
        isDelayOwed = false
        take(milliseconds, event, &file)
      case .none: (delay, isDelayOwed) = (nil, false)
      case .pause: break
      }
    }

    private mutating func sent(_ fragment: FragmentHappening, _ event: JudgedEvent, _ file: inout CaseFile) {
      let cut = cuts.isEmpty ? nil : cuts.removeFirst()
      if let sequence = fragment.sequenceNumber {
        under.append(sequence)
        if under.count > 64 { under.removeFirst() }
      }
      defer { lastSend = event.at }
      if isDelayOwed { return file.leave("slow_down was asked for without saying how long to wait") }
      guard let delay, let messageAt else { return }
      let references = [(messageAt, "the message"), (lastSend, "the send before"), (cut, "its segment was cut")].compactMap { at, name in
        at.map { ($0, name) }
      }
      guard let (from, name) = references.max(by: { $0.0 < $1.0 }) else { return }
      let gap = event.at.seconds(since: from)
      sends += 1
      shortest = min(shortest ?? gap, gap)
      let text = "\(fragment.sentence) \(Figure.seconds(gap)) after \(name)"
      file.cite(event, text)
      if let mistimed = file.context.mistimed(file.context.worker) { return file.leave(mistimed) }
      if gap < delay - Self.rounding { file.violate("\(text), wanted at least \(Figure.seconds(delay))") }
      file.note("shortest wait \(Figure.seconds(shortest ?? gap)) in \(Figure.count(sends, "send"))")
    }

    mutating func finish(_ file: inout CaseFile) {
      let deaf = file.context.deaf(to: SlowDownHolds.slowDownTellers) ?? file.context.deaf(to: SlowDownHolds.sendTellers)
      if let deaf { return file.leave(deaf) }
      if isDelayOwed { return file.leave("slow_down was asked for without saying how long to wait") }
      guard asked > 0 else { return file.leave("slow_down was not asked for, so there was nothing to see") }
      guard sends > 0 else { return file.leave("nothing was sent under slow_down, so there was no wait to measure") }
      file.meet("shortest wait \(Figure.seconds(shortest ?? 0)) in \(Figure.count(sends, "send"))")
    }
  }
}
