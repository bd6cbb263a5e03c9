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
  /// Of each stream: what goes on, the longest that is over, and how it was looked at.
  private var found: [ServiceName: Found] = [:]

  private struct Found: Sendable {
    var open: StreamSpan?
    var longest = 0.0
    var sample: StreamSample?

    func looked(_ kind: StreamSpan.Kind) -> Double {
      (kind.isOfSound ? sample?.quality?.soundSeconds : sample?.quality?.pictureSeconds) ?? 0
    }
  }

  init(_ kind: StreamSpan.Kind, limit: Double) {
    self.kind = kind
    self.limit = limit
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    let stream = event.envelope.source.service
    if case .sample(.stream(let sample)) = event.envelope.event, event.isOutput { found[stream, default: Found()].sample = sample }
    guard case .span(let span)? = event.outputHappening, span.kind == kind else { return }
    file.cite(event, span.words)
    var known = found[stream] ?? Found()
    known.open = span.isOver ? nil : span
    if span.isOver { known.longest = max(known.longest, span.seconds) }
    found[stream] = known
    if span.seconds > limit { file.violate("\(stream): \(span.words)\(span.isOver ? "" : " for more than \(Figure.seconds(limit))")") }
  }

  mutating func finish(_ file: inout CaseFile) {
    let names = Set(found.keys).union(file.context.output.read).sorted()
    guard !names.isEmpty else { return file.leave("no output stream was read\(file.context.output.trouble)") }
    for name in names {
      guard let sample = found[name]?.sample, let seconds = file.context.output.streams[name]?.videoSeconds, seconds > 0 else {
        return file.leave("\(name): how much of it was read is not known")
      }
      // What goes on at the end is as long as the stream went on with it.
      if let open = found[name]?.open, let now = kind.isOfSound ? sample.audioPTS : sample.videoPTS, now - open.fromPTS > limit {
        return file.violate("\(name): \(open.words) for \(Figure.seconds(now - open.fromPTS)) at the end")
      }
      if let ignorance = file.context.output.streams[name]?.ignorance(file.context, name) { return file.leave(ignorance) }
      let looked = found[name]?.looked(kind) ?? 0
      guard looked >= Self.share * seconds - Self.behind, looked > kind.leastSeconds else {
        let verb = kind.isOfSound ? "listened to" : "looked at"
        return file.leave("\(name): only \(Figure.seconds(looked)) of \(Figure.seconds(seconds)) were \(verb)")
      }
    }
    let longest = found.values.map(\.longest).max() ?? 0
    file.meet(longest > 0 ? "\(kind.adjective) for at most \(Figure.seconds(longest))" : "never \(kind.adjective)")
  }
}
