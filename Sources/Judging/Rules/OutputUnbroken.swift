import Contracts
import Events
import MediaSync
import RunModel

/// What goes in comes out, without a hole.
struct OutputUnbroken: Rule {
  static let name = "output-unbroken"
  static let summary = "What goes in comes out: no segment is missing in the output stream, nor by what the worker claims."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.outputStream, .harness, .workerLog([.segmentIn, .segmentOut])]
  static let floor =
    "something is seen to go in, and every output stream that is watched was read to the end, both of its tracks; the worker's claims alone "
    + "show nothing"

  init(_ values: RuleValues) {}

  var sentence: String { "no segment is missing in the output" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.segments, .streams] }
    private var last: Int?
    private var count = 0

    /// A worker that ran before the scenario counts on.
    mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
      guard count == 0, case .segment(let segment) = event.connection(context), segment.direction == .output else { return }
      last = segment.index ?? last
    }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if let stream = event.outputHappening { return cite(stream, event, &file) }
      guard case .segment(let segment) = event.connection(file.context), segment.direction == .output, let index = segment.index else {
        return
      }
      // Audio and video may be told apart: the same index again is no news.
      if index == last { return }
      count += 1
      let expected = last.map { $0 + 1 } ?? 0
      // A worker that was started again counts from 0.
      if index != expected, index != 0 {
        file.cite(event, "segment \(index) came out, expected \(expected)")
        file.violate(
          index > expected
            ? "\(Figure.count(index - expected, "segment")) missing before segment \(index)"
            : "segment \(index) came after segment \(expected - 1)")
      }
      last = index
      file.note("\(Figure.count(count, "segment")) came out, says the worker")
    }

    private func cite(_ stream: StreamHappening, _ event: JudgedEvent, _ file: inout CaseFile) {
      switch stream {
      case .closed(let reason): file.cite(event, "\(event.envelope.source.service) ended: \(reason)")
      case .readerLost(let reason): file.cite(event, "the reader of \(event.envelope.source.service) died: \(reason)")
      case .stalled(let seconds): file.cite(event, "nothing came from \(event.envelope.source.service) for \(Figure.seconds(seconds))")
      case .resumed(let seconds): file.cite(event, "\(event.envelope.source.service) goes on after \(Figure.seconds(seconds))")
      case .gap(.video, let seconds, _): file.cite(event, "gap of \(Figure.seconds(seconds)) in the video")
      case .gap, .opened, .wrap, .seam, .alignment, .mark, .contentOffset, .heard, .content, .fit, .span, .defect: break
      }
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      let claimed = Figure.count(context.output.claimed, "segment")
      guard let input = context.input.evidence else {
        return file.leave("nothing was seen to go in, so nothing can be said of what came out (\(claimed) came out, says the worker)")
      }
      guard let (name, reading) = context.output.best else {
        return file.leave("no output stream was read\(context.output.trouble): only the worker says that \(claimed) came out")
      }
      let underway = context.input.segmentsIn - max(context.segmentsDue, context.output.claimed)
      let text =
        "\(input); \(reading.videoSeconds.map(Figure.seconds) ?? "packets of both tracks") read of \(name), \(claimed) out, says the worker"
        + (underway > 0 ? ", \(underway) under way at the end" : "")
      for (_, stream) in context.output.streams.sorted(by: { $0.key < $1.key }) {
        if let hole = stream.hole(context) { return file.violate("\(hole): \(text)") }
      }
      let missing = context.segmentsDue - context.output.claimed
      if context.output.claimed > 0, missing > context.segmentsInDoubt {
        return file.violate("of \(context.input.segmentsIn) segments that went in \(missing) did not come out: \(text)")
      }
      if let short = reading.shortage(context) { return file.violate("\(short): \(text)") }
      file.meet("none missing: \(text)", unless: context.output.unread.map { Ignorance($0) } ?? reading.ignorance(context, name))
    }
  }
}

extension JudgeContext {
  /// How many segments must have come out: those that went in long enough before the end, and all once the output has come to its own.
  var segmentsDue: Int {
    hasOutputEnded ? input.segmentsIn : input.segments(before: end.advanced(bySeconds: -drainSeconds - schedulerAllowance))
  }

  /// How many of them may be missing without anything being lost: while it runs, one may be on its way between the worker's two lines.
  var segmentsInDoubt: Int { hasOutputEnded ? 0 : 1 }

  private var hasOutputEnded: Bool { output.best?.reading.hasEnded(self) ?? false }
}

extension OutputWitness {
  /// Why no stream was read, for a sentence; empty where nobody says.
  var trouble: String {
    guard let stream = streams.min(by: { $0.key < $1.key }), let trouble = stream.value.trouble else { return "" }
    return " (\(stream.key): \(trouble))"
  }
}

extension OutputWitness.Reading {
  /// How long nothing may come without anything being missing, in seconds: a buffer, not a segment.
  private static let pauseSeconds = 3.0

  /// A time in which nothing came out although it should; nil where there was none.
  func hole(_ context: JudgeContext) -> String? {
    let allowed = Self.pauseSeconds + context.schedulerAllowance
    if let gap = missing.first(where: { $0.seconds > allowed }) { return "\(Figure.seconds(gap.seconds)) of video are missing" }
    for outage in outages {
      let end = min(outage.to ?? context.end, context.end)
      let seconds = end.seconds(since: outage.from)
      if isOwnEnd(outage, context) { continue }
      if seconds > allowed { return "nothing came out for \(Figure.seconds(seconds)) (\(outage.reason))" }
    }
    return nil
  }

  /// Whether it came to its end after its input did: nothing is under way. One that only pauses may wait for its last segment.
  func hasEnded(_ context: JudgeContext) -> Bool {
    guard let last = outages.last, last.to == nil, unread.allSatisfy({ $0.to != nil }), isOwnEnd(last, context) else { return false }
    return trouble != nil || context.end.seconds(since: last.from) >= context.drainSeconds
  }

  /// An input that came to its end brings the output to its own, as far behind it as the output stands: what pauses there pauses no more
  /// than the last segment.
  private func isOwnEnd(_ outage: EvidenceGap, _ context: JudgeContext) -> Bool {
    guard let ended = context.input.endedAt, outage.from >= ended else { return false }
    return outage.to == nil || outage.from.seconds(since: ended) >= context.drainSeconds - context.segmentSeconds
  }

  /// Less was read than must have come out by now; nil where it is enough, or nobody can say.
  func shortage(_ context: JudgeContext) -> String? {
    guard let read = videoSeconds, let openedAt, unread.isEmpty else { return nil }
    let until = context.input.endedAt.map { min($0.advanced(bySeconds: context.drainSeconds), context.end) } ?? context.end
    // A stream is as long as it takes; one that is read from its begin is longer than it was read.
    let due = min(until.seconds(since: openedAt), lastPacketAt.map { $0.seconds(since: openedAt) } ?? .infinity)
    let allowed = context.segmentSeconds + Self.pauseSeconds + context.schedulerAllowance
    if due - read > allowed { return "\(Figure.seconds(due - read)) are missing of what came out in \(Figure.seconds(due))" }
    guard context.input.startedAt != nil, !isJoined else { return nil }
    // An input that came to its end comes out to within a segment; else the output stands behind by what it always does.
    let isFinished = context.input.finished != nil
    let missing = context.input.mediaSeconds - (isFinished ? 0 : context.drainSeconds) - read
    let margin = (isFinished ? context.segmentSeconds : Self.pauseSeconds) + context.schedulerAllowance
    return missing > margin ? "\(Figure.seconds(missing)) of what went in did not come out" : nil
  }

  /// The times in which its reader was not there.
  func ignorance(_ context: JudgeContext, _ name: ServiceName) -> Ignorance? {
    if videoSeconds == nil { return Ignorance("\(name) does not say how long its frames last: how much came out is not known") }
    return context.ignorance(of: unread)
  }
}
