import Events
import MediaSync
import RunModel

/// The output is not black for too long.
struct BlackWithin: Rule {
  private static let most = RuleField(
    "at_most_s", .number(1...600, unit: "seconds"), .value(.number(1)), "for how long it may be black at a stretch")

  static let name = "black"
  static let summary = "The output is not black for long: no stretch of it shows a black picture: no point brighter than a tenth."
  static let fields = [most]
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "nine tenths of each output stream that was read looked at, picture by picture and sound by sound; off above 4x"

  let seconds: Double

  init(_ values: RuleValues) throws(RuleMistake) { seconds = try values.number(Self.most) }

  var sentence: String { "the output is never black for more than \(Figure.seconds(seconds))" }

  func judge() -> any RuleJudge { SpanJudge(.black, limit: seconds) }
}
