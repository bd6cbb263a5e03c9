import Events
import RunModel

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
    if let value = self[field.name] { return value }
    if case .value(let value) = field.absence { return value }
    throw RuleMistake("is missing", in: field.name)
  }
}
