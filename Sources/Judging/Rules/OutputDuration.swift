import Events
import MediaSync
import RunModel

/// The output's length against the input's.
struct OutputDuration: Rule {
  private static let within = RuleField(
    "within_ms", .number(0...60_000, unit: "milliseconds"), .value(.number(500)), "how far the two lengths may be apart")

  static let name = "output-duration"
  static let summary = "The output is as long as the input that was published, measured from the stream's own begin."
  static let fields = [within]
  static let witnesses: [Witness] = [.outputStream, .harness]
  static let floor =
    "the end of the input, and an output stream that says its frame rate, read without a break; "
    + "where it is too short, one that was read from its begin or misses more than came before it was read"

  let tolerance: Double

  init(_ values: RuleValues) throws(RuleMistake) { tolerance = try values.number(Self.within) / 1000 }

  var sentence: String { "output as long as the input within \(Figure.text(tolerance * 1000)) ms" }

  func judge() -> any RuleJudge { Judge(tolerance: tolerance) }

  private struct Judge: RuleJudge {
    var hears: EventKinds { [.streamSamples, .publisher] }
    let tolerance: Double
    private var input: Double?

    init(tolerance: Double) { self.tolerance = tolerance }

    mutating func note(_ event: JudgedEvent, _ file: inout CaseFile) {
      switch event.envelope.event {
      case .sample(.stream(let new)) where event.isOutput && new.videoPackets > 0:
        if let seconds = file.context.output.best?.reading.videoSeconds {
          file.note("\(Figure.seconds(seconds)) of the output were read so far")
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
      guard let (name, reading) = file.context.output.best else {
        return file.leave("no output stream was read\(file.context.output.trouble)")
      }
      guard let read = reading.videoSeconds else { return file.leave("the output does not say how long its frames last") }
      let join = file.context.join(reading)
      var (output, joined) = (read, "")
      if case .late(let seconds) = join { (output, joined) = (read + seconds, ", joined \(Figure.seconds(seconds)) after its begin") }
      let text =
        "output \(Figure.seconds(output))\(joined), input \(Figure.seconds(input)), difference \(Figure.offset((output - input) * 1000))"
      if abs(output - input) <= tolerance { return file.meet(text, unless: reading.ignorance(file.context, name)) }
      if case .unknown(let most) = join, output < input, input - output - tolerance <= most ?? .infinity {
        return file.leave("whether it was read from its begin is not known (\(text))")
      }
      file.violate(text, unless: reading.ignorance(file.context, name))
    }
  }
}
