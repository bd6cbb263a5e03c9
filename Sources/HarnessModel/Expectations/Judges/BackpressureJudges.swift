extension JudgedEvent {
  /// What the worker's log tells of backpressure.
  func backpressure(_ context: JudgeContext) -> BackpressureEvent? {
    guard case .backpressure(let event) = happening?.kind, happening?.service == context.worker else { return nil }
    return event
  }

  /// Whether the stream began anew: what was asked for before holds no more.
  var isNewSession: Bool {
    switch happening?.kind {
    case .speechDisconnected, .sessionOpened: true
    default: false
    }
  }
}

private let backpressureTellers: [HappeningName] = [.backpressure]
private let sendTellers: [HappeningName] = [.fragmentSent]

/// After a pause nothing is sent until `none`.
struct PauseJudge: RuleJudge {
  var hears: EventKinds { [.connection, .backpressure, .fragments] }
  private var pausedAt: RunInstant?
  private var pauses = 0

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if event.isNewSession { pausedAt = nil }
    if let backpressure = event.backpressure(file.context) {
      switch backpressure.action {
      case .pause:
        if pausedAt == nil { pauses += 1 }
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
    if let deaf = file.context.deaf(to: backpressureTellers) ?? file.context.deaf(to: sendTellers) { return file.leave(deaf) }
    guard pauses > 0 else { return file.leave("no pause was asked for, so there was nothing to see") }
    file.meetUnlessBlind(sendTellers, "\(Figure.count(pauses, "pause")), nothing sent meanwhile")
  }
}

/// Under slow_down every send waits for the delay: after the message, after the send before, and after the cut of its segment.
struct SlowDownJudge: RuleJudge {
  var hears: EventKinds { [.connection, .backpressure, .segments, .fragments] }
  /// Log times are rounded to milliseconds, and a timer may fire a little early.
  private static let rounding = 0.02
  private var delay: Double?
  private var messageAt: RunInstant?
  private var lastSend: RunInstant?
  /// Cuts of the segments that wait, oldest first; empty where the log does not tell them.
  private var cuts: [RunInstant] = []
  private var under: [Int] = []
  private var asked = 0
  private var sends = 0
  private var shortest: Double?

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if event.isNewSession {
      delay = nil
      under = []
    }
    if let backpressure = event.backpressure(file.context) { hold(backpressure, event, &file) }
    if case .segment(let segment) = event.happening?.kind, segment.direction == .input {
      cuts.append(event.at)
      if cuts.count > 64 { cuts.removeFirst() }
    }
    guard let fragment = event.fragment(file.context) else { return }
    switch fragment.stage {
    case .sent: sent(fragment, event, &file)
    case .processed, .failed, .timedOut: under.removeAll { $0 == fragment.sequenceNumber }
    // One that was never sent waits no more.
    case .fallback: if !under.contains(fragment.sequenceNumber ?? -1), !cuts.isEmpty { cuts.removeFirst() }
    case .acknowledged: break
    }
  }

  private mutating func hold(_ message: BackpressureEvent, _ event: JudgedEvent, _ file: inout CaseFile) {
    switch message.action {
    case .slowDown:
      // A message may name no delay: then only that it was asked for is known.
      delay = (message.recommendedDelayMilliseconds ?? 0) / 1000
      messageAt = event.at
      asked += 1
      file.cite(event, "slow_down \(Figure.text((delay ?? 0) * 1000)) ms")
    case .none: delay = nil
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
    if gap < delay - Self.rounding { file.violate("\(text), wanted at least \(Figure.seconds(delay))") }
    file.note("shortest wait \(Figure.seconds(shortest ?? gap)) in \(Figure.count(sends, "send"))")
  }

  mutating func finish(_ file: inout CaseFile) {
    if let deaf = file.context.deaf(to: backpressureTellers) ?? file.context.deaf(to: sendTellers) { return file.leave(deaf) }
    guard asked > 0 else { return file.leave("slow_down was not asked for, so there was nothing to see") }
    guard sends > 0 else { return file.leave("nothing was sent under slow_down, so there was no wait to measure") }
    file.meetUnlessBlind(sendTellers, "shortest wait \(Figure.seconds(shortest ?? 0)) in \(Figure.count(sends, "send"))")
  }
}
