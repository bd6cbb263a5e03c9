import Contracts
import Events
import MediaSync
import RunModel

/// The share of segments within a sync threshold, by one of the two figures.
struct SyncWithin: Rule {
  /// Which of the two measures of A/V sync; they are never mixed up.
  enum Measure: String, Sendable, CaseIterable {
    /// Packets nearest to each boundary, as the data model has it; blind to a constant offset.
    case timestamps
    /// Beep against flash: the true offset.
    case content
  }

  private static let figure = RuleField.word("figure", Measure.self, .required, "packet times at the boundaries, or flash against beep")
  private static let needed = RuleField(
    "segments", .integer(1...1_000_000, unit: "segments"), .value(.number(1)), "how many must be measured at least")

  static let name = "sync"
  static let summary = "A share of the segments within a threshold of A/V sync, by packet times or by flash against beep."
  static let fields = [
    figure,
    RuleField(
      "within_ms", .number(0.001...60_000, unit: "milliseconds"), .otherwise("the contract's threshold"), "how far they may be apart"),
    RuleField(
      "share", .number(0.001...1, unit: ""), .otherwise("the contract's share"), "the share of the segments that must be within it"),
    needed,
  ]
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "as many measured segments as segments says, and most of those that went in while the stream was read"

  let measure: Measure
  let thresholdMilliseconds: Double?
  let share: Double?
  let segments: Int

  init(_ values: RuleValues) throws(RuleMistake) {
    measure = try values.word(Self.figure)
    thresholdMilliseconds = values.number("within_ms")
    share = values.number("share")
    segments = try values.integer(Self.needed)
  }

  var sentence: String {
    "\(measure == .timestamps ? "timestamp alignment" : "content offset"): "
      + "\(share.map(Figure.percent) ?? "enough") of the segments within \(thresholdMilliseconds.map(Figure.text) ?? "the contract's") ms"
  }

  func judge() -> any RuleJudge { Judge(rule: self) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.streams, .streamSamples] }
    let rule: SyncWithin
    private var scored = 0
    private var within = 0
    private var largest = 0.0
    private var content: ContentState?
    /// The newest of what all marks come to, and the event that told it.
    private var fit: MarkFit?

    init(rule: SyncWithin) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      if rule.measure == .content, case .sample(.stream(let sample)) = event.envelope.event, event.isOutput { content = sample.content }
      switch (rule.measure, event.outputHappening) {
      case (.timestamps, .alignment(let measurement, isScored: true)):
        take(measurement.segmentIndex, measurement.deltaMilliseconds, event, &file)
      case (.content, .contentOffset(let offset)): take(offset.segmentIndex, offset.offsetMilliseconds, event, &file)
      case (.content, .content(let state)): content = state
      case (.content, .fit(let new)):
        if new.isSpeedOff, fit?.isSpeedOff != true { file.cite(event, Self.speed(new)) }
        fit = new
      // What comes behind a seam is fitted anew.
      case (.content, .seam): fit = nil
      default: break
      }
    }

    private mutating func take(_ index: Int, _ milliseconds: Double, _ event: JudgedEvent, _ file: inout CaseFile) {
      let threshold = threshold(file)
      scored += 1
      let isWithin = abs(milliseconds) < threshold
      if isWithin { within += 1 }
      largest = abs(milliseconds) > abs(largest) ? milliseconds : largest
      let beyond = isWithin ? "" : ", beyond \(Figure.text(threshold)) ms"
      file.cite(event, "segment \(index): \(Figure.offset(milliseconds)) \(Self.word(milliseconds))\(beyond)")
      file.note(summary(threshold))
    }

    mutating func finish(_ file: inout CaseFile) {
      let threshold = threshold(file)
      guard scored > 0 else { return unseen(&file) }
      if let fit, fit.isSpeedOff { return file.violate("\(Self.speed(fit)); \(summary(threshold))") }
      // What is beyond the threshold is, however few were measured: of all that could have been, too many are off.

      guard scored >= rule.segments else {
        return file.leave("only \(scored) of the \(rule.segments) segments needed were measured (\(summary(threshold)))")
      }
      if let few = file.context.tooFew(scored) { return file.leave("\(few) (\(summary(threshold)))") }
      let needed = rule.share ?? file.context.thresholds.syncShare
      let text = "\(summary(threshold)), needed \(Figure.percent(needed))"
      if Double(within) / Double(scored) >= needed - 1e-9 { file.meet(text) } else { file.violate(text) }
    }

    private func unseen(_ file: inout CaseFile) {
      guard rule.measure == .content, let content else { return file.leave("no segment of an output stream was measured") }
      switch content {
      case .off: file.leave("the content offset is not measured: switched off, or the pipeline is faster than 4x")
      case .noMarks: file.leave("the stream carries no flashes and beeps")
      case .outOfRange: file.violate("flashes and beeps are further apart than can be joined (3 s)")
      case .searching, .found: file.leave("no segment's content offset was measured")
      }
    }

    /// However few segments lie beyond the threshold yet: the longer it runs, the further apart they are.
    private static func speed(_ fit: MarkFit) -> String {
      "\(fit.speedWords), by \(fit.usedMarks) of \(fit.seenMarks) marks, residual \(Figure.milliseconds(fit.residualMilliseconds))"
    }

    private func threshold(_ file: CaseFile) -> Double { rule.thresholdMilliseconds ?? file.context.thresholds.syncMilliseconds }

    private func summary(_ threshold: Double) -> String {
      "\(within) of \(scored) segments within \(Figure.text(threshold)) ms, largest \(Figure.offset(largest)) \(Self.word(largest))"
    }

    /// Positive is audio late.
    private static func word(_ milliseconds: Double) -> String { milliseconds > 0 ? "late" : milliseconds < 0 ? "early" : "in step" }
  }
}
