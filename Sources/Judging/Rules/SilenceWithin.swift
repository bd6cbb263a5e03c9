import Events
import MediaSync
import RunModel

/// The output is not silent for too long.
struct SilenceWithin: Rule {
  private static let most = RuleField(
    "at_most_s", .number(3...600, unit: "seconds"), .value(.number(3)), "for how long it may be silent at a stretch")

  static let name = "silence"
  static let summary = "The output is not silent for long: no stretch of it has no sound above -50 dB of full scale."
  static let fields = [most]
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "nine tenths of each output stream that was read looked at, picture by picture and sound by sound; off above 4x"

  let seconds: Double

  init(_ values: RuleValues) throws(RuleMistake) { seconds = try values.number(Self.most) }

  var sentence: String { "the output is never silent for more than \(Figure.seconds(seconds))" }

  func judge() -> any RuleJudge { SpanJudge(.silence, limit: seconds) }
}
