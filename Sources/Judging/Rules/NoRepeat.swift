import Events
import MediaSync
import RunModel

/// No segment's sound is heard twice, or in another's place, beside its picture: what moves together with its picture is not found.
struct NoRepeat: Rule {
  private static let needed = RuleField(
    "segments", .integer(1...1_000_000, unit: "segments"), .value(.number(1)), "of how many it must be known at least")

  static let name = "no-repeat"
  static let summary =
    "No segment's sound is heard once more, or out of order, beside its picture, by the numbers of the marks in both; what comes again together "
    + "with its picture is not found."
  static let fields = [needed]
  static let witnesses: [Witness] = [.outputStream]
  static let floor =
    "as many segments as segments says whose sound's place is known, and most of those that went in while the stream was read"

  let needed: Int

  init(_ values: RuleValues) throws(RuleMistake) { needed = try values.integer(Self.needed) }

  var sentence: String { "no segment's sound is heard twice or out of order beside its picture" }

  func judge() -> any RuleJudge {
    HeardJudge(
      needed: needed, isWrong: { $0.place == .repeated || $0.place == .swapped }, none: "repeated or out of order beside its picture")
  }
}
