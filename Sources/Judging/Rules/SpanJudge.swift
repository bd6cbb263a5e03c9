import Events
import MediaSync
import RunModel

/// That an output stream is never silent, black or frozen for longer than so many seconds.
struct SpanJudge: RuleJudge {
  /// How much of what came must have been looked at.
  private static let share = 0.9
  /// How far what was looked at may lie behind what was read, in seconds.
  private static let behind = 2.0

  var hears: EventKinds { [.streams, .streamSamples] }
  let kind: StreamSpan.Kind
  let limit: Double
  /// Of each stream: what goes on, the longest that is over, and from where on it counts.
  private var found: [ServiceName: Found] = [:]

  private struct Found: Sendable {
    var open: StreamSpan?
    var longest = 0.0
    /// Where the track stood in the last sample before the run, in seconds on the stream's axis, and when that was; nil for a stream that was
    /// opened in the run.
    var before: (pts: Double, at: RunInstant)?
    /// Where its track stood last, on the same axis.
    var now: Double?

    /// How much of a span up to a place on the stream's axis is of the run, in seconds.
    func seconds(of span: StreamSpan, to end: Double, began: RunInstant) -> Double {
      // Between its last sample and the run's begin it went on as fast as the clock.
      let begin = before.map { $0.pts + max(0, began.seconds(since: $0.at)) } ?? -.infinity
      return max(0, end - max(span.fromPTS, begin))
    }
  }

  init(_ kind: StreamSpan.Kind, limit: Double) {
    self.kind = kind
    self.limit = limit
  }

  /// What went on when the run began is told before it, and not again until it is over.
  mutating func noteBefore(_ event: JudgedEvent, _ context: JudgeContext) {
    let stream = event.envelope.source.service
    if let pts = pts(event) { found[stream, default: Found()].before = (pts, event.at) }
    switch event.outputHappening {
    case .span(let span): if span.kind == kind { found[stream, default: Found()].open = span.isOver ? nil : span }
    case .closed, .readerLost: found[stream] = nil
    default: break
    }
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    let stream = event.envelope.source.service
    if let pts = pts(event) {
      // A reader that began anew has an axis of its own.
      if let last = found[stream]?.before?.pts, pts < last { found[stream]?.before = nil }
      found[stream, default: Found()].now = pts
    }
    if case .opened? = event.outputHappening { found[stream]?.before = nil }
    guard case .span(let span)? = event.outputHappening, span.kind == kind else { return }
    file.cite(event, span.words)
    var known = found[stream] ?? Found()
    let seconds = known.seconds(of: span, to: span.fromPTS + span.seconds, began: file.context.begin)
    known.open = span.isOver ? nil : span
    if span.isOver { known.longest = max(known.longest, seconds) }
    found[stream] = known
    guard seconds > limit else { return }
    let isClipped = seconds < span.seconds
    let rest = !span.isOver ? " for more than \(Figure.seconds(limit))" : isClipped ? ", \(Figure.seconds(seconds)) of it in the run" : ""
    file.violate("\(stream): \(span.words)\(rest)")
  }

  /// Where the track stands, by a sample of an output.
  private func pts(_ event: JudgedEvent) -> Double? {
    guard case .sample(.stream(let sample)) = event.envelope.event, event.isOutput else { return nil }
    return kind.isOfSound ? sample.audioPTS : sample.videoPTS
  }

  mutating func finish(_ file: inout CaseFile) {
    let names = Set(found.keys).union(file.context.output.read).sorted()
    guard !names.isEmpty else { return file.leave("no output stream was read\(file.context.output.trouble)") }
    var longest = found.values.map(\.longest).max() ?? 0
    for name in names {
      guard let reading = file.context.output.streams[name], let seconds = reading.videoSeconds, seconds > 0 else {
        return file.leave("\(name): how much of it was read is not known")
      }
      // What goes on at the end is as long as the stream went on with it.
      if let known = found[name], let open = known.open, let now = known.now {
        let length = known.seconds(of: open, to: now, began: file.context.begin)
        guard length <= limit else { return file.violate("\(name): \(open.words) for \(Figure.seconds(length)) at the end") }
        longest = max(longest, length)
      }
      if let ignorance = reading.ignorance(file.context, name) { return file.leave(ignorance) }
      let looked = kind.isOfSound ? reading.looked.sound : reading.looked.picture
      guard looked >= Self.share * seconds - Self.behind, looked > kind.leastSeconds else {
        let verb = kind.isOfSound ? "listened to" : "looked at"
        return file.leave("\(name): only \(Figure.seconds(max(0, looked))) of \(Figure.seconds(seconds)) were \(verb)")
      }
    }
    file.meet(longest > 0 ? "\(kind.adjective) for at most \(Figure.seconds(longest))" : "never \(kind.adjective)")
  }
}
