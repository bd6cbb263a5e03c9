import Events
import RunModel
import WireFormats

extension EventPattern {
  private static let event = RuleField(
    "event", .word(HappeningKind.countable.map(\.word)), .required, "the kind of happening")

  /// How it is written: `event: NAME` with `detail`.
  package static let fields = [
    event, RuleField("detail", .text, .otherwise("any"), "the word that it carries, such as a fallback's reason"),
  ]

  /// Reads what is written.
  /// - Throws: that happenings of the kind never carry such a word.
  package init(_ values: RuleValues) throws(RuleMistake) {
    guard let kind = HappeningKind.countable(try values.text(Self.event)) else { throw Self.event.wrongKind }
    self.init(kind, detail: values.text("detail"))
    guard let detail, let words = kind.counting?.words, !words.contains(detail) else { return }
    throw RuleMistake(
      words.isEmpty ? "does not go with \(kind.word), which carries no word" : NearestWord.unknown(detail, among: words), in: "detail")
  }
}
