import Events
import MediaSync
import RunModel

/// How long after it was sent a segment comes out, and that this does not grow.
struct DelayWithin: Rule {
  private static let within = RuleField(
    "within_s", .number(0.001...30, unit: "seconds"), .otherwise("not judged"), "the longest that a segment may take from input to output")
  private static let growth = RuleField(
    "growth_ms_per_min", .number(1...60_000, unit: "milliseconds a minute"), .value(.number(DelayCourse.steadyGrowth)),
    "how much longer it may take from minute to minute; a step is none")
  private static let needed = RuleField(
    "segments", .integer(1...1_000_000, unit: "segments"), .value(.number(1)), "of how many it must be known at least")

  static let name = "delay"
  static let summary =
    "From input to output no segment takes longer than so many seconds, or ever longer, by the numbers of the marks in the picture."
  static let fields = [within, growth, needed]
  static let witnesses: [Witness] = [.outputStream, .harness]
  static let floor =
    "as many segments as segments says of which it is known when they were sent, by our publisher or an input stream that is read, and "
    + "when they came out, less than 30 s later; most of those that went in while the stream was read; for the growth 5 since the last step"

  let seconds: Double?
  let milliseconds: Double
  let needed: Int

  init(_ values: RuleValues) throws(RuleMistake) {
    seconds = values.number(Self.within.name)
    milliseconds = try values.number(Self.growth)
    needed = try values.integer(Self.needed)
  }

  var sentence: String {
    let longest = seconds.map { "is at most \(Figure.seconds($0)) and " } ?? ""
    return "the delay from input to output \(longest)grows by at most \(Figure.milliseconds(milliseconds)) a minute"
  }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.streams, .streamSamples] }
    let rule: DelayWithin
    private var heard = HeardFold()
    private var stream: ServiceName?

    init(rule: DelayWithin) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      guard let segment = heard.note(event) else { return }
      let name = event.envelope.source.service
      stream = stream ?? name
      guard let delay = file.context.delays(of: name).last, delay.value.segmentIndex == segment.segmentIndex,
        delay.at == event.envelope.instant
      else { return }
      let isLong = rule.seconds.map { delay.value.seconds > $0 } ?? false
      file.cite(
        event,
        "segment \(segment.segmentIndex): \(Figure.seconds(delay.value.seconds)) after it was sent"
          + (isLong ? ", longer than \(Figure.seconds(rule.seconds ?? 0))" : ""))
      if let words = course(file.context)?.words { file.note(words) }
    }

    private func delays(_ context: JudgeContext) -> ArraySlice<Timed<SegmentDelay>> { stream.map { context.delays(of: $0) } ?? [] }

    private func course(_ context: JudgeContext) -> DelayCourse? {
      DelayCourse(delays(context).map { (at: $0.at.seconds, seconds: $0.value.seconds) })
    }

    mutating func finish(_ file: inout CaseFile) {
      let context = file.context
      if let blind = heard.blindness(context) { return file.leave(blind) }
      let delays = delays(context)
      guard let course = course(context) else { return file.leave(untold(context)) }
      let late = delays.filter { delay in rule.seconds.map { delay.value.seconds > $0 } ?? false }
      let text = "\(course.words), of \(Figure.count(course.count, "segment"))"
      if let worst = late.max(by: { $0.value.seconds < $1.value.seconds }), let limit = rule.seconds {
        return file.violate(
          "\(late.count) of \(Figure.count(course.count, "segment")) took longer than \(Figure.seconds(limit)), segment "
            + "\(worst.value.segmentIndex) \(Figure.seconds(worst.value.seconds)) (\(text))")
      }
      if course.grew(beyond: rule.milliseconds) {
        let limit = "by more than \(Figure.milliseconds(rule.milliseconds)) a minute"
        guard !course.grows(beyond: rule.milliseconds) else { return file.violate("it grows \(limit): \(text)") }
        return file.violate("it grew \(limit), \(course.worstWords ?? "for some time"): \(text)")
      }
      guard course.count >= rule.needed else {
        return file.leave("the delay of only \(course.count) of the \(rule.needed) segments needed is known (\(text))")
      }
      if let few = heard.tooFew(course.count, context) { return file.leave("\(few) (\(text))") }
      guard course.growth != nil else {
        return file.leave("whether it grows is not known: too few segments since it stepped last (\(text))")
      }
      file.meet(text)
    }

    private func untold(_ context: JudgeContext) -> String {
      guard context.knowsSends(of: stream) else {
        return "when the segments were sent is not known: dubwatch neither publishes the input nor reads it"
      }
      guard heard.segments.contains(where: { $0.arrivals?.isEmpty == false }) else {
        return "when the segments came out is not known: no mark's number could be read in time"
      }
      return "the delay is not known: 30 s or more, of marks that were not sent in this run, or of numbers that were sent more than once"
    }
  }
}
