import Events
import MediaSync
import RunModel

/// The output's length against the input's.
struct OutputDuration: Rule {
  private static let within = RuleField(
    "within_ms", .number(0...60_000, unit: "milliseconds"), .value(.number(500)), "how far the two lengths may be apart")

  static let name = "output-duration"
  static let summary = "The output is as long as the input that was published."
  static let fields = [within]
  static let witnesses: [Witness] = [.outputStream, .harness]
  static let floor = "the end of the input, and an output stream that says its frame rate"

  let tolerance: Double

  init(_ values: RuleValues) throws(RuleMistake) { tolerance = try values.number(Self.within) / 1000 }

  var sentence: String { "output as long as the input within \(Figure.text(tolerance * 1000)) ms" }

  func judge() -> any RuleJudge { Judge(tolerance: tolerance) }

  private struct Judge: RuleJudge {
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
}
