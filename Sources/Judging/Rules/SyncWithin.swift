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
  static let floor = "of each output stream as many measured segments as segments says, and most of those that went in while it was read"

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
    /// What was measured of each stream: the figures of two are never heaped up.
    private var tallies: [ServiceName: Tally] = [:]

    init(rule: SyncWithin) { self.rule = rule }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      let stream = event.envelope.source.service
      if rule.measure == .content, case .sample(.stream(let sample)) = event.envelope.event, event.isOutput {
        tallies[stream, default: Tally()].content = sample.content
      }
      switch (rule.measure, event.outputHappening) {
      case (.timestamps, .alignment(let measurement, isScored: true)):
        take(measurement.segmentIndex, measurement.deltaMilliseconds, event, &file)
      case (.content, .contentOffset(let offset)): take(offset.segmentIndex, offset.offsetMilliseconds, event, &file)
      case (.content, .content(let state)): tallies[stream, default: Tally()].content = state
      case (.content, .fit(let new)):
        if new.isSpeedOff, tallies[stream]?.fit?.isSpeedOff != true { file.cite(event, SyncWithin.speed(new)) }
        tallies[stream, default: Tally()].fit = new
      // What comes behind a seam is fitted anew.
      case (.content, .seam): tallies[stream]?.fit = nil
      default: break
      }
    }

    private mutating func take(_ index: Int, _ milliseconds: Double, _ event: JudgedEvent, _ file: inout CaseFile) {
      let threshold = threshold(file)
      let stream = event.envelope.source.service
      let isWithin = tallies[stream, default: Tally()].take(milliseconds, threshold)
      let beyond = isWithin ? "" : ", beyond \(Figure.text(threshold)) ms"
      file.cite(event, "segment \(index): \(Figure.offset(milliseconds)) \(SyncWithin.word(milliseconds))\(beyond)")
      file.note(tallies[stream]?.summary(threshold) ?? "")
    }

    mutating func finish(_ file: inout CaseFile) {
      let names = Set(tallies.keys).union(file.context.output.read).sorted()
      guard !names.isEmpty else { return file.leave("no segment of an output stream was measured") }
      let decisions = names.map { name in
        let decision = decide(name, tallies[name] ?? Tally(), file)
        return names.count > 1 ? decision.naming(name) : decision
      }
      // One that is wrong is, whatever is known of the others.
      for case .violated(let text) in decisions { return file.violate(text) }
      for case .unknown(let text) in decisions { return file.leave(text) }
      file.meet(decisions.map(\.text).joined(separator: "; "))
    }

    private func decide(_ name: ServiceName, _ tally: Tally, _ file: CaseFile) -> Decision {
      let summary = tally.summary(threshold(file))
      guard tally.scored > 0 else {
        return rule.measure == .content ? tally.unseen : .unknown("no segment of an output stream was measured")
      }
      // However few segments lie beyond the threshold yet: the longer it runs, the further apart they are.
      if let fit = tally.fit, fit.isSpeedOff { return .violated("\(SyncWithin.speed(fit)); \(summary)") }
      guard tally.scored >= rule.segments else {
        return .unknown("only \(tally.scored) of the \(rule.segments) segments needed were measured (\(summary))")
      }
      if let few = file.context.tooFew(tally.scored, of: name) { return .unknown("\(few) (\(summary))") }
      let needed = rule.share ?? file.context.thresholds.syncShare
      let text = "\(summary), needed \(Figure.percent(needed))"
      return Double(tally.within) / Double(tally.scored) >= needed - 1e-9 ? .met(text) : .violated(text)
    }

    private func threshold(_ file: CaseFile) -> Double { rule.thresholdMilliseconds ?? file.context.thresholds.syncMilliseconds }
  }
}

extension SyncWithin {
  /// What comes of one stream.
  private enum Decision {
    case met(String), violated(String), unknown(String)

    var text: String {
      switch self {
      case .met(let text), .violated(let text), .unknown(let text): text
      }
    }

    func naming(_ stream: ServiceName) -> Decision {
      switch self {
      case .met(let text): .met("\(stream): \(text)")
      case .violated(let text): .violated("\(stream): \(text)")
      case .unknown(let text): .unknown("\(stream): \(text)")
      }
    }
  }

  /// What was measured of one stream.
  private struct Tally: Sendable {
    private(set) var scored = 0
    private(set) var within = 0
    private var largest = 0.0
    var content: ContentState?
    /// The newest of what all marks come to.
    var fit: MarkFit?

    /// Takes in a segment's figure; whether it is within the threshold.
    mutating func take(_ milliseconds: Double, _ threshold: Double) -> Bool {
      scored += 1
      let isWithin = abs(milliseconds) < threshold
      if isWithin { within += 1 }
      largest = abs(milliseconds) > abs(largest) ? milliseconds : largest
      return isWithin
    }

    /// Why no content offset was measured.
    var unseen: Decision {
      switch content {
      case nil: .unknown("no segment of an output stream was measured")
      case .off: .unknown("the content offset is not measured: switched off, or the pipeline is faster than 4x")
      case .noMarks: .unknown("the stream carries no flashes and beeps")
      case .outOfRange: .violated("flashes and beeps are further apart than can be joined (3 s)")
      case .searching, .found: .unknown("no segment's content offset was measured")
      }
    }

    func summary(_ threshold: Double) -> String {
      "\(within) of \(scored) segments within \(Figure.text(threshold)) ms, largest \(Figure.offset(largest)) \(SyncWithin.word(largest))"
    }
  }

  private static func speed(_ fit: MarkFit) -> String {
    "\(fit.speedWords), by \(fit.usedMarks) of \(fit.seenMarks) marks, residual \(Figure.milliseconds(fit.residualMilliseconds))"
  }

  /// Positive is audio late.
  private static func word(_ milliseconds: Double) -> String { milliseconds > 0 ? "late" : milliseconds < 0 ? "early" : "in step" }
}
