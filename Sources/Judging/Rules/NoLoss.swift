import Events
import MediaSync
import RunModel

/// No segment's sound is lost beside its picture: what is lost together with its picture is not found.
struct NoLoss: Rule {
  private static let needed = RuleField(
    "segments", .integer(1...1_000_000, unit: "segments"), .value(.number(1)), "of how many it must be known at least")

  static let name = "no-loss"
  static let summary =
    "No segment's sound is lost beside its picture: each that is seen is heard somewhere, by the numbers of the marks in both; what is lost "
    + "together with its picture is not found."
  static let fields = [needed]
  static let witnesses: [Witness] = [.outputStream]
  static let floor = NoRepeat.floor

  let needed: Int

  init(_ values: RuleValues) throws(RuleMistake) { needed = try values.integer(Self.needed) }

  var sentence: String { "no segment's sound is lost beside its picture" }

  func judge() -> any RuleJudge { HeardJudge(needed: needed, isWrong: \.isLost, none: "lost beside its picture") }
}
