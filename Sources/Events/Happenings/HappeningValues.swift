/// Why a line cannot be what its template says.
package struct HappeningMistake: Error, Hashable {
  /// Which field, and what is wrong with it.
  package let message: String

  init(_ message: String) { self.message = message }
}

/// The values that a template and a line have for the fields of a happening.
package struct HappeningValues {
  private let constants: [String: String]
  private let names: [String: String]
  private let lookUp: (String) -> FieldValue?

  /// The values of a line.
  /// - Parameters:
  ///   - constants: the template's values for fields that the line does not carry.
  ///   - names: what a field is called in the line, where that is not its own name.
  ///   - lookUp: the value that a name has in the line.
  package init(constants: [String: String] = [:], names: [String: String] = [:], lookUp: @escaping (String) -> FieldValue?) {
    self.constants = constants
    self.names = names
    self.lookUp = lookUp
  }

  /// The value of a field: from the line under its own or its mapped name, else the template's constant.
  private func value(_ field: String) -> FieldValue? {
    // Most templates have neither: no name is hashed for them.
    if let found = lookUp(names.isEmpty ? field : names[field] ?? field) { return found }
    return constants.isEmpty ? nil : constants[field].map(FieldValue.text)
  }

  private func mistake(_ field: String, _ expected: String) -> HappeningMistake {
    guard let found = value(field)?.text else { return HappeningMistake("the field \"\(field)\" is missing") }
    return HappeningMistake("the field \"\(field)\" is \"\(String(found.prefix(40)))\", but must be \(expected)")
  }

  /// A text; nil where there is none.
  func text(_ field: String) -> String? {
    guard let text = value(field)?.text, !text.isEmpty else { return nil }
    return text
  }

  /// A whole number; nil where there is none.
  /// - Throws: that what is there is no whole number.
  func integer(_ field: String) throws(HappeningMistake) -> Int? {
    guard let value = value(field) else { return nil }
    guard let integer = value.integer else { throw mistake(field, "a whole number") }
    return integer
  }

  /// A finite number; nil where there is none.
  /// - Throws: that what is there is no number.
  func number(_ field: String) throws(HappeningMistake) -> Double? {
    guard let value = value(field) else { return nil }
    guard let number = value.number else { throw mistake(field, "a number") }
    return number
  }

  /// A length of time in a unit; nil where there is none.
  /// - Throws: that what is there is no length of time.
  func duration(_ field: String, in unit: DurationText.Unit) throws(HappeningMistake) -> Double? {
    guard let value = value(field) else { return nil }
    guard let duration = DurationText.value(of: value, in: unit) else { throw mistake(field, unit.sentence) }
    return duration
  }

  /// Yes or no; nil where there is neither.
  /// - Throws: that what is there is neither.
  func flag(_ field: String) throws(HappeningMistake) -> Bool? {
    guard let value = value(field) else { return nil }
    guard let flag = value.flag else { throw mistake(field, "true or false") }
    return flag
  }

  /// A word of a closed list; nil where there is none.
  /// - Parameter read: what a spelling in small letters means.
  /// - Throws: that what is there is none of the words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ field: String, _ read: (String) -> Word? = { Word(rawValue: $0) }
  ) throws(HappeningMistake) -> Word? where Word.RawValue == String {
    guard let text = text(field) else { return nil }
    guard let word = read(text.lowercased()) else {
      throw mistake(field, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return word
  }

  /// A value that must be there.
  /// - Throws: that it is not, or is empty.
  func required<Value>(_ field: String, _ value: Value?) throws(HappeningMistake) -> Value {
    guard let value else { throw mistake(field, "there") }
    return value
  }

  /// A text with the line's values in place of `{name}`.
  func filled(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result += lookUp(String(rest[rest.index(after: open)..<close]))?.text ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
