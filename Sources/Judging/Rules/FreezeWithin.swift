import Events
import MediaSync
import RunModel

/// The output is not frozen for too long.
struct FreezeWithin: Rule {
  private static let most = RuleField(
    "at_most_s", .number(2...600, unit: "seconds"), .value(.number(2)), "for how long it may be frozen at a stretch")

  static let name = "freeze"
  static let summary = "The output is not frozen for long: no stretch of it shows a picture that does not change, and is not black."
  static let fields = [most]
  static let witnesses: [Witness] = [.outputStream]
  static let floor = "nine tenths of each output stream that was read looked at, picture by picture and sound by sound; off above 4x"

  let seconds: Double

  init(_ values: RuleValues) throws(RuleMistake) { seconds = try values.number(Self.most) }

  var sentence: String { "the output is never frozen for more than \(Figure.seconds(seconds))" }

  func judge() -> any RuleJudge { SpanJudge(.freeze, limit: seconds) }
}
