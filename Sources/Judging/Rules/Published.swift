import Events
import RunModel

/// The test stream went in, as the scenario says.
struct Published: Rule {
  private static let own = RuleField(
    "own", .flag, .value(.flag(true)), "whether dubwatch publishes it; otherwise that something went in is enough")

  static let name = "published"
  static let summary = "The test stream was published without a break; every run is judged by this, asked for or not."
  static let fields = [
    own,
    RuleField(
      "seconds", .number(0...86_400, unit: "seconds"), .otherwise("as long as the run takes"), "for how long at most it is published"),
  ]
  static let witnesses: [Witness] = [.harness, .workerLog([.segmentIn, .fragmentSent]), .metrics]
  static let floor = "dubwatch's own publisher; or bytes that the media server received, or what the worker says or counts of its input"

  let isOwn: Bool
  let seconds: Double?

  init(_ values: RuleValues) throws(RuleMistake) {
    isOwn = try values.flag(Self.own)
    seconds = values.number("seconds")
  }

  var sentence: String { "the test stream is published" }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { .publisher }
    /// How much less than it should be may have been published: a start that takes its time, in seconds at the speed of real time.
    private static let startSeconds = 4.0
    let rule: Published

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard case .publisher(let publisher) = event.happening?.kind else { return }
      file.cite(event, publisher.sentence)
      file.note(publisher.sentence)
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      guard rule.isOwn else {
        guard let evidence = context.input.evidence else {
          return file.leave("nothing was seen to be published: no publisher of dubwatch's, no input path, no word of the worker's")
        }
        return file.meet("not by dubwatch; \(evidence)")
      }
      guard let started = context.input.startedAt else { return file.leave("nothing was published") }
      if let failure = context.input.failure { return file.leave("publishing broke off: \(failure)") }
      let published = context.input.mediaSeconds
      if context.input.finished != nil { return file.meet("\(Figure.seconds(published)) were published, to the end") }
      let due = min(rule.seconds ?? .infinity, context.end.seconds(since: started)) * 0.9 - Self.startSeconds * max(1, context.speed)
      guard published > 0, published >= due - context.input.stoppedSeconds(until: context.end) else {
        return file.leave("only \(Figure.seconds(published)) were published in \(Figure.seconds(context.end.seconds(since: started)))")
      }
      file.meet("\(Figure.seconds(published)) were published")
    }
  }
}

extension PublisherHappening {
  /// "started", "ended by itself: …", in the words of the timeline.
  fileprivate var sentence: String { Happening.Kind.publisher(self).row(syncMilliseconds: 0)?.sentence ?? "publisher" }
}

extension Expectation {
  /// What a runner adds to every scenario: nothing that was not published can have come through.
  package static func published(own: Bool, seconds: Double?) -> Expectation {
    var values: RuleValues = ["own": .flag(own)]
    if let seconds { values["seconds"] = .number(seconds) }
    return Expectation(id: "published", rule: RuleDocument(Published.name, values), isImplied: true)
  }
}
