import Events
import MediaSync
import RunModel

/// Somebody looked at what comes out.
struct OutputSeen: Rule {
  static let name = "output-seen"
  static let summary = "An output stream was read, both of its tracks; every run that publishes is judged by this, asked for or not."
  static let fields: [RuleField] = []
  static let witnesses: [Witness] = [.outputStream]
  static let floor =
    "packets of both tracks of every output stream that is watched, read in the run; where one is watched and the run ends before anything "
    + "was due, none"

  init(_ values: RuleValues) {}

  var sentence: String { "the output stream is read" }

  func judge() -> any RuleJudge { Judge() }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .streams }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .opened(_)? = event.outputHappening else { return }
      file.cite(event, "\(event.envelope.source.service) was opened")
      file.note("opened")
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      guard let (name, reading) = context.output.best else {
        if context.output.streams.isEmpty {
          return file.leave("no output stream is watched, so nobody looked at what came out: name one by --stream")
        }
        guard let short = context.nothingDue else { return file.leave("no output stream was read\(context.output.trouble)") }
        return file.meet(short)
      }
      if let unread = context.output.unread { return file.leave(unread) }
      file.meet("\(reading.videoSeconds.map(Figure.seconds) ?? "packets of both tracks") of \(name) were read")
    }
  }
}

extension JudgeContext {
  /// How long after its input a worker's output may begin, beyond what stands between the two, in seconds at the speed of real time.
  private static let beginSeconds = 3.0

  /// That no output was due by the end: what stands between input and output is longer than a worker was at
  /// work since something went in. Nil where some was due.
  fileprivate var nothingDue: String? {
    guard let started = input.startedAt else { return nil }
    // The longest time in which one worker was at work.
    let breaks = (disturbances.restarts + disturbances.ends).filter { $0.service == worker && $0.at > started }.map(\.at).sorted()
    let moments = [started] + breaks + [end]
    let seconds = zip(moments, moments.dropFirst()).map { $1.seconds(since: $0) }.max() ?? 0
    guard seconds < drainSeconds + segmentSeconds + Self.beginSeconds * max(1, speed) else { return nil }
    return "nothing was due yet in \(Figure.seconds(seconds))"
  }
}

extension Expectation {
  /// What a runner adds to a scenario that publishes: what nobody looked at cannot be good.
  package static let outputSeen = Expectation(id: "output-seen", rule: RuleDocument(OutputSeen.name), isImplied: true)
}
