import RunModel
import WireFormats

extension EventPattern {
  private static let event = RuleField.word("event", Name.self, .required, "the kind of happening")

  /// How it is written: `event: NAME` with `detail`.
  package static let fields = [
    event, RuleField("detail", .text, .otherwise("any"), "the word that it carries, such as a fallback's reason"),
  ]

  /// Reads what is written.
  /// - Throws: that happenings of the kind never carry such a word.
  package init(_ values: RuleValues) throws(RuleMistake) {
    self.init(try values.word(Self.event), detail: values.text("detail"))
    guard let detail, let words = name.details, !words.contains(detail) else { return }
    throw RuleMistake(
      words.isEmpty ? "does not go with \(name.rawValue), which carries no word" : NearestWord.unknown(detail, among: words), in: "detail")
  }
}
