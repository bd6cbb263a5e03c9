extension JudgedEvent {
  /// What was seen in the output: any stream that is not an input.
  var outputHappening: StreamHappening? {
    guard case .stream(let stream) = happening?.kind, isOutput else { return nil }
    return stream
  }

  /// Whether its source is no input stream.
  var isOutput: Bool { !envelope.source.service.text.hasSuffix("/in") }
}

/// The share of segments within a sync threshold, by one of the two figures.
struct SyncJudge: RuleJudge {
  var hears: EventKinds { [.streams, .streamSamples] }
  let figure: Expectation.SyncFigure
  let thresholdMilliseconds: Double?
  let share: Double?
  let segments: Int
  private var scored = 0
  private var within = 0
  private var largest = 0.0
  private var content: ContentState?

  init(figure: Expectation.SyncFigure, thresholdMilliseconds: Double?, share: Double?, segments: Int) {
    self.figure = figure
    self.thresholdMilliseconds = thresholdMilliseconds
    self.share = share
    self.segments = segments
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    if figure == .content, case .sample(.stream(let sample)) = event.envelope.event, event.isOutput { content = sample.content }
    switch (figure, event.outputHappening) {
    case (.timestamps, .alignment(let measurement, isScored: true)):
      take(measurement.segmentIndex, measurement.deltaMilliseconds, event, &file)
    case (.content, .contentOffset(let offset)): take(offset.segmentIndex, offset.offsetMilliseconds, event, &file)
    case (.content, .content(let state)): content = state
    default: break
    }
  }

  private mutating func take(_ index: Int, _ milliseconds: Double, _ event: JudgedEvent, _ file: inout CaseFile) {
    let threshold = thresholdMilliseconds ?? file.context.thresholds.syncMilliseconds
    scored += 1
    let isWithin = abs(milliseconds) < threshold
    if isWithin { within += 1 }
    largest = abs(milliseconds) > abs(largest) ? milliseconds : largest
    file.cite(
      event,
      "segment \(index): \(Figure.offset(milliseconds)) \(Self.word(milliseconds))\(isWithin ? "" : ", beyond \(Figure.text(threshold)) ms")"
    )
    file.note(summary(threshold))
  }

  mutating func finish(_ file: inout CaseFile) {
    let threshold = thresholdMilliseconds ?? file.context.thresholds.syncMilliseconds
    guard scored > 0 else { return unseen(&file) }
    guard scored >= segments else {
      return file.leave("only \(scored) of the \(segments) segments needed were measured (\(summary(threshold)))")
    }
    let needed = share ?? file.context.thresholds.syncShare
    let text = "\(summary(threshold)), needed \(Figure.percent(needed))"
    if Double(within) / Double(scored) >= needed - 1e-9 { file.meet(text) } else { file.violate(text) }
  }

  private func unseen(_ file: inout CaseFile) {
    guard figure == .content, let content else { return file.leave("no segment of an output stream was measured") }
    switch content {
    case .off: file.leave("the content offset is not measured: switched off, or the pipeline is faster than 4x")
    case .noMarks: file.leave("the stream carries no flashes and beeps")
    case .outOfRange: file.violate("flashes and beeps are further apart than can be joined (3 s)")
    case .searching, .found: file.leave("no segment's content offset was measured")
    }
  }

  private func summary(_ threshold: Double) -> String {
    "\(within) of \(scored) segments within \(Figure.text(threshold)) ms, largest \(Figure.offset(largest)) \(Self.word(largest))"
  }

  /// Positive is audio late.
  private static func word(_ milliseconds: Double) -> String { milliseconds > 0 ? "late" : milliseconds < 0 ? "early" : "in step" }
}

/// The output's length against the input's.
struct OutputDurationJudge: RuleJudge {
  var hears: EventKinds { [.streamSamples, .publisher] }
  let tolerance: Double
  private var input: Double?
  private var sample: StreamSample?

  init(tolerance: Double) { self.tolerance = tolerance }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    switch event.envelope.event {
    case .sample(.stream(let new)) where event.isOutput && new.videoPackets > 0:
      // A reader that begins anew counts from 0: the longest stretch is the output.
      if new.videoPackets >= sample?.videoPackets ?? 0 {
        sample = new
        if let seconds = Self.seconds(new) { file.note("output is \(Figure.seconds(seconds)) long so far") }
      }
    case .happening(let happening):
      guard case .publisher(.finished(let seconds)) = happening.kind else { return }
      input = seconds
      file.cite(event, "input ended after \(Figure.seconds(seconds))")
    default: break
    }
  }

  mutating func finish(_ file: inout CaseFile) {
    guard let input else { return file.leave("the end of the input was not seen") }
    guard let sample else { return file.leave("no output stream was read") }
    guard let output = Self.seconds(sample) else { return file.leave("the output does not say how long its frames last") }
    let text = "output \(Figure.seconds(output)), input \(Figure.seconds(input)), difference \(Figure.offset((output - input) * 1000))"
    if abs(output - input) <= tolerance { file.meet(text) } else { file.violate(text) }
  }

  /// How much video a reader has seen, in seconds.
  private static func seconds(_ sample: StreamSample) -> Double? {
    guard let rate = sample.facts?.framesPerSecond, rate > 0 else { return nil }
    return Double(sample.videoPackets) / rate
  }
}

/// Presentation times of each track rise from segment to segment.
struct PresentationTimesJudge: RuleJudge {
  var hears: EventKinds { .streams }
  private var last: SyncMeasurement?
  private var count = 0

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .alignment(let measurement, _) = event.outputHappening else { return }
    count += 1
    if let last, let problem = SyncMeasurement.violations(in: [last, measurement]).first {
      file.cite(event, "\(problem)")
      file.violate("\(problem)")
    }
    last = measurement
    file.note("risen over \(Figure.count(count, "segment"))")
  }

  mutating func finish(_ file: inout CaseFile) {
    guard count >= 2 else { return file.leave("fewer than two segments of an output stream were measured") }
    file.meet("risen over \(Figure.count(count, "segment"))")
  }
}

/// Segments come out one after the other.
struct OutputUnbrokenJudge: RuleJudge {
  var hears: EventKinds { .segments }
  private var last: Int?
  private var count = 0

  /// A worker that ran before the scenario counts on.
  mutating func noteBefore(_ event: JudgedEvent) {
    guard count == 0, case .segment(let segment) = event.happening?.kind, segment.direction == .output else { return }
    last = segment.index ?? last
  }

  mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
    guard case .segment(let segment) = event.happening?.kind, segment.direction == .output, let index = segment.index else { return }
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
    file.note("\(Figure.count(count, "segment")) came out")
  }

  mutating func finish(_ file: inout CaseFile) {
    guard count > 0 else { return file.violateUnlessBlind([.segmentOut], "no segment came out") }
    file.meetUnlessBlind([.segmentOut], "\(Figure.count(count, "segment")) came out, none missing")
  }
}
