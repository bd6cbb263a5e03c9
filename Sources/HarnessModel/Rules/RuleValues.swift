/// A parameter of a rule as it was written.
public enum RuleValue: Hashable, Sendable {
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
  public init(from decoder: any Decoder) throws {
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
  public func encode(to encoder: any Encoder) throws {
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
public struct RuleValues: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var all: [String: RuleValue]

  /// No parameters.
  public init() { all = [:] }

  /// These parameters; of a name that stands there twice the last.
  public init(dictionaryLiteral elements: (String, RuleValue)...) { all = Dictionary(elements) { _, last in last } }

  /// The names that stand there, sorted.
  public var names: [String] { all.keys.sorted() }

  /// A parameter; nil where it was left out.
  public subscript(name: String) -> RuleValue? {
    get { all[name] }
    set { all[name] = newValue }
  }

  /// A number; nil where it was left out or is none.
  public func number(_ name: String) -> Double? { if case .number(let number) = all[name] { number } else { nil } }

  /// A whole number; nil where it was left out or is none.
  public func integer(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  /// true or false; nil where it was left out or is neither.
  public func flag(_ name: String) -> Bool? { if case .flag(let flag) = all[name] { flag } else { nil } }

  /// A text; nil where it was left out or is none.
  public func text(_ name: String) -> String? { if case .text(let text) = all[name] { text } else { nil } }

  /// Texts; none where they were left out.
  public func texts(_ name: String) -> [String] { if case .texts(let texts) = all[name] { texts } else { [] } }

  /// Texts by name; none where they were left out.
  public func labels(_ name: String) -> [String: String] { if case .labels(let labels) = all[name] { labels } else { [:] } }

  /// A word of a closed list; nil where it was left out or is none of them.
  public func word<Word: RawRepresentable>(_ name: String, _ type: Word.Type = Word.self) -> Word? where Word.RawValue == String {
    text(name).flatMap(Word.init(rawValue:))
  }
}

extension RuleValues {
  /// A number, or the field's default.
  /// - Throws: that it is missing.
  func number(_ field: RuleField) throws(RuleMistake) -> Double {
    if case .number(let number) = try value(field) { return number }
    throw field.wrongKind
  }

  /// A whole number, or the field's default.
  /// - Throws: that it is missing.
  func integer(_ field: RuleField) throws(RuleMistake) -> Int {
    if let integer = Int(exactly: try number(field)) { return integer }
    throw field.wrongKind
  }

  /// true or false, or the field's default.
  /// - Throws: that it is missing.
  func flag(_ field: RuleField) throws(RuleMistake) -> Bool {
    if case .flag(let flag) = try value(field) { return flag }
    throw field.wrongKind
  }

  /// A text, or the field's default.
  /// - Throws: that it is missing.
  func text(_ field: RuleField) throws(RuleMistake) -> String {
    if case .text(let text) = try value(field) { return text }
    throw field.wrongKind
  }

  /// A word of a closed list, or the field's default.
  /// - Throws: that it is missing.
  func word<Word: RawRepresentable>(_ field: RuleField, _ type: Word.Type = Word.self) throws(RuleMistake) -> Word
  where Word.RawValue == String {
    if let word = Word(rawValue: try text(field)) { return word }
    throw field.wrongKind
  }

  private func value(_ field: RuleField) throws(RuleMistake) -> RuleValue {
    if let value = all[field.name] { return value }
    if case .value(let value) = field.absence { return value }
    throw RuleMistake("is missing", in: field.name)
  }
}

extension RuleValues: Codable {
  /// Reads an object of plain values.
  public init(from decoder: any Decoder) throws { all = try decoder.singleValueContainer().decode([String: RuleValue].self) }

  /// Writes an object of plain values.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(all)
  }
}
