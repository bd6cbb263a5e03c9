/// A parameter of a rule as it was written.
package enum RuleValue: Hashable, Sendable {
  /// A number, whole ones included; finite.
  case number(Double)
  case flag(Bool)
  case text(String)
  case texts([String])
  /// Texts by names of the user's own.
  case labels([String: String])
  /// What another version wrote and this one cannot read.
  case other
}

extension RuleValue: Codable {
  /// Reads a plain value.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let texts = try? container.decode([String].self) {
      self = .texts(texts)
    } else if let labels = try? container.decode([String: String].self) {
      self = .labels(labels)
    } else {
      self = .other
    }
  }

  /// Writes a plain value.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .text(let text): try container.encode(text)
    case .texts(let texts): try container.encode(texts)
    case .labels(let labels): try container.encode(labels)
    case .other: try container.encodeNil()
    }
  }
}

/// The parameters of a rule by name, as they were written: what was left out is not there.
package struct RuleValues: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var all: [String: RuleValue]

  /// No parameters.
  package init() { all = [:] }

  /// These parameters; of a name that stands there twice the last.
  package init(dictionaryLiteral elements: (String, RuleValue)...) { all = Dictionary(elements) { _, last in last } }

  /// The names that stand there, sorted.
  package var names: [String] { all.keys.sorted() }

  /// A parameter; nil where it was left out.
  package subscript(name: String) -> RuleValue? {
    get { all[name] }
    set { all[name] = newValue }
  }

  /// A number; nil where it was left out or is none.
  package func number(_ name: String) -> Double? { if case .number(let number) = all[name] { number } else { nil } }

  /// A whole number; nil where it was left out or is none.
  package func integer(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  /// true or false; nil where it was left out or is neither.
  package func flag(_ name: String) -> Bool? { if case .flag(let flag) = all[name] { flag } else { nil } }

  /// A text; nil where it was left out or is none.
  package func text(_ name: String) -> String? { if case .text(let text) = all[name] { text } else { nil } }

  /// Texts; none where they were left out.
  package func texts(_ name: String) -> [String] { if case .texts(let texts) = all[name] { texts } else { [] } }

  /// Texts by name; none where they were left out.
  package func labels(_ name: String) -> [String: String] { if case .labels(let labels) = all[name] { labels } else { [:] } }

  /// A word of a closed list; nil where it was left out or is none of them.
  package func word<Word: RawRepresentable>(_ name: String, _ type: Word.Type = Word.self) -> Word? where Word.RawValue == String {
    text(name).flatMap(Word.init(rawValue:))
  }
}

extension RuleValues: Codable {
  /// Reads an object of plain values.
  package init(from decoder: any Decoder) throws { all = try decoder.singleValueContainer().decode([String: RuleValue].self) }

  /// Writes an object of plain values.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(all)
  }
}
