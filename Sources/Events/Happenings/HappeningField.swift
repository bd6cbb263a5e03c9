/// A value that a line of a log can give to a happening.
package struct HappeningField: Hashable, Sendable {
  /// What values it takes.
  package enum Domain: Hashable, Sendable {
    case text, integer, number, flag
    /// A length of time: a number in this unit, or text with units of its own (`2s`, `500ms`, `1m30s`, `PT2S`, `00:00:30`).
    case duration(DurationText.Unit)
    /// One of these words.
    case word([String])
  }

  /// Its name, as templates write it: `sequence_number`.
  package let name: String
  /// What values it takes.
  package let domain: Domain
  /// What it means, with its unit.
  package let meaning: String
  /// Whether a line without it (and without a constant for it) cannot be that happening.
  package let isRequired: Bool

  init(_ name: String, _ domain: Domain, required: Bool = false, _ meaning: String) {
    self.name = name
    self.domain = domain
    self.meaning = meaning
    isRequired = required
  }

  /// A word of a closed list.
  static func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Word.Type, required: Bool = false, _ meaning: String
  ) -> HappeningField where Word.RawValue == String {
    HappeningField(name, .word(Word.allCases.map(\.rawValue)), required: required, meaning)
  }
}

extension HappeningField {
  /// Why a constant is no value of this field; nil when it is one.
  package func mismatch(_ text: String) -> String? {
    let value = FieldValue.text(text)
    switch domain {
    case .text: return text.isEmpty ? "is empty" : nil
    case .integer: return value.integer == nil ? "must be a whole number, but is \"\(text)\"" : nil
    case .number: return value.number == nil ? "must be a number, but is \"\(text)\"" : nil
    case .duration(let unit): return DurationText.value(of: value, in: unit) == nil ? "must be \(unit.sentence), but is \"\(text)\"" : nil
    case .flag: return value.flag == nil ? "must be true or false, but is \"\(text)\"" : nil
    case .word(let words):
      return words.contains(text) ? nil : "must be one of \(words.joined(separator: ", ")), but is \"\(text)\""
    }
  }
}

extension HappeningField.Domain {
  /// "whole number", "audio or video".
  package var sentence: String {
    switch self {
    case .text: "text"
    case .integer: "whole number"
    case .number: "number"
    case .duration(let unit): unit.sentence
    case .flag: "true or false"
    case .word(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }
  }
}
