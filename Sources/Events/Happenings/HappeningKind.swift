/// A kind of happening, as data: one row of ``all``.
///
/// Contracts, the matcher of log lines, the rows of the merged stream, the rules that count and the steps that wait, and the manual read
/// these rows; only the fold knows what a happening changes. One object a kind: kinds are told apart by identity.
package final class HappeningKind: Sendable {
  /// What it is about, as the judges of rules ask for it.
  package enum Topic: UInt8, Sendable, CaseIterable {
    case fragments, breaker, backpressure
    /// The connection to the speech service: lost, back, sessions, attempts.
    case connection
    case segments
    /// What is seen in a stream.
    case streams
    case publisher, lifecycle, scenario, faults
    /// What no rule is about.
    case others
  }

  /// How a line of a log tells it.
  package struct Line: Sendable {
    /// What a template can fill in, each name once.
    package let fields: [HappeningField]
    /// What a line with these values says.
    package let build: @Sendable (HappeningValues) throws(HappeningMistake) -> LineNews

    init(_ fields: [HappeningField] = [], build: @escaping @Sendable (HappeningValues) throws(HappeningMistake) -> LineNews) {
      self.fields = fields
      self.build = build
    }
  }

  /// How rules count it and steps wait for it.
  package struct Counting: Sendable {
    /// The words that happenings of this kind carry, none where they carry none; nil where they are free, as a service's name is.
    package let words: [String]?
    /// Whether dubwatch sees it itself: what logs tell of it proves nothing.
    package let isOwn: Bool
    /// The word of a happening of this kind; empty for one that carries none.
    package let word: @Sendable (Happening) -> String

    init(words: [String]? = [], isOwn: Bool = false, word: @escaping @Sendable (Happening) -> String = { _ in "" }) {
      self.words = words
      self.isOwn = isOwn
      self.word = word
    }
  }

  /// How the merged stream of events tells it.
  package struct Telling: Sendable {
    /// What its row is about.
    package let category: EventRow.Category
    /// How grave it is, and the sentence; nil for what is drawn and not told. The number is the offset, in milliseconds, from which audio
    /// and video are out of step.
    let row: @Sendable (Happening.Kind, Double) -> (severity: EventRow.Severity, sentence: String)?
  }

  /// Its word, as contracts, rules and scenarios write it. Each stands in the table and nowhere else.
  package let word: String
  /// What it is, for the manual: what a line says that tells it.
  package let meaning: String
  /// What it is about.
  package let topic: Topic
  /// How a line of a log tells it; nil for what no log tells.
  package let line: Line?
  /// How rules count it and steps wait for it; nil for what they cannot.
  package let counting: Counting?
  /// Its row in the merged stream; nil for lines that tell of another kind, or of nothing.
  package let telling: Telling?
  /// The other kinds that its line may turn out to be.
  let alsoTells: [HappeningKind]

  init(
    _ word: String, _ meaning: String, about topic: Topic, line: Line? = nil, counting: Counting? = nil, telling: Telling? = nil,
    alsoTells: [HappeningKind] = []
  ) {
    self.word = word
    self.meaning = meaning
    self.topic = topic
    self.line = line
    self.counting = counting
    self.telling = telling
    self.alsoTells = alsoTells
  }
}

extension HappeningKind: Hashable {
  /// A kind is itself.
  package static func == (left: HappeningKind, right: HappeningKind) -> Bool { left === right }
  /// A kind is itself.
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension HappeningKind.Telling {
  /// The same words for every happening of the kind.
  static func always(_ category: EventRow.Category, _ severity: EventRow.Severity, _ sentence: String) -> Self {
    Self(category: category) { _, _ in (severity, sentence) }
  }

  /// Words made of what the happening carries.
  /// - Parameters:
  ///   - payload: what a happening of the kind carries; nil for one of another kind.
  ///   - severity: how grave it is.
  ///   - sentence: the row's words; may carry text from outside, not escaped yet.
  static func of<Payload>(
    _ category: EventRow.Category, _ payload: @escaping @Sendable (Happening.Kind) -> Payload?,
    severity: @escaping @Sendable (Payload) -> EventRow.Severity, sentence: @escaping @Sendable (Payload) -> String
  ) -> Self {
    Self(category: category) { kind, _ in payload(kind).map { (severity($0), sentence($0)) } }
  }
}

/// What a line says that fits the template of a kind.
package enum LineNews: Sendable {
  /// Something happened; for a finding also the kind that takes it back, where that is not the template's to say.
  case happening(Happening.Kind, until: HappeningKind? = nil)
  /// A state, told in passing: a happening only where it differs from the one told before.
  case inPassing(Happening.Kind)
  /// Nothing to worry about, whatever the line's level says.
  case harmless
  /// The service is about to end its stream: the disconnection that follows is no loss.
  case ending
  /// Why the fallback that is told next is needed.
  case cause(String)
  /// Nothing after all.
  case nothing
}
