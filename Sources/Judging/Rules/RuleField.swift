import Events
import RunModel
import WireFormats

/// One parameter of a rule: what it may be, and what is taken where it is left out.
package struct RuleField: Hashable, Sendable {
  /// What it may be.
  package enum Kind: Hashable, Sendable {
    /// A finite number, in a unit; nil for any.
    case number(ClosedRange<Double>?, unit: String)
    /// A whole number of something.
    case integer(ClosedRange<Int>, unit: String)
    /// true or false.
    case flag
    /// A text.
    case text
    /// A list of texts.
    case texts
    /// Texts by names of the user's own.
    case labels
    /// One of these words.
    case word([String])
    /// A list of some of these words.
    case words([String])
    /// A signal that contracts have names for.
    case signal
  }

  /// What is taken where it is left out.
  package enum Absence: Hashable, Sendable {
    /// It must be there.
    case required
    /// This value.
    case value(RuleValue)
    /// Something that only the run or the other parameters tell, in words: "the contract's number".
    case otherwise(String)
  }

  /// Its word in a scenario's file: `within_ms`.
  package let name: String
  /// What it may be.
  package let kind: Kind
  /// What is taken where it is left out.
  package let absence: Absence
  /// What it means, in a few words.
  package let meaning: String

  /// One parameter of a rule.
  package init(_ name: String, _ kind: Kind, _ absence: Absence, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.absence = absence
    self.meaning = meaning
  }

  /// A word of a closed list.
  static func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Word.Type, _ absence: Absence, _ meaning: String
  ) -> RuleField where Word.RawValue == String {
    RuleField(name, .word(Word.allCases.map(\.rawValue)), absence, meaning)
  }

  /// Whether it must be there.
  package var isRequired: Bool { absence == .required }
}

extension RuleField {
  /// What is wrong with a value, element by element; empty where nothing is.
  package func mistakes(in value: RuleValue) -> [RuleMistake] {
    switch (kind, value) {
    case (.number(let range, let unit), .number(let number)):
      guard number.isFinite else { return [wrongKind] }
      guard let range, !range.contains(number) else { return [] }
      return [outside("\(number)", "\(range.lowerBound) to \(range.upperBound)", unit)]
    case (.integer(let range, let unit), .number(let number)):
      guard number.isFinite, number == number.rounded() else { return [wrongKind] }
      // Beyond what an Int holds it is beyond every range, too.
      if let integer = Int(exactly: number), range.contains(integer) { return [] }
      return [outside(Self.text(number), "\(range.lowerBound) to \(range.upperBound)", unit)]
    case (.word(let words), .text(let text)): return mistakes(name, text, words)
    case (.words(let words), .texts(let texts)):
      return texts.enumerated().flatMap { index, text in mistakes("\(name)[\(index)]", text, words) }
    case (.signal, .text(let text)):
      let known = SignalID.known.map(\.text)
      return known.contains(text) ? [] : [RuleMistake("unknown signal \"\(text)\"" + NearestWord.hint(text, among: known), in: name)]
    case (.flag, .flag), (.text, .text), (.texts, .texts), (.labels, .labels): return []
    case (.number, _), (.integer, _), (.flag, _), (.text, _), (.texts, _), (.labels, _), (.word, _), (.words, _), (.signal, _):
      return [wrongKind]
    }
  }

  /// That a value is of another kind.
  var wrongKind: RuleMistake {
    let noun =
      switch kind {
      case .number: "a number"
      case .integer: "a whole number"
      case .flag: "true or false"
      case .text, .word, .signal: "a text"
      case .texts, .words: "a list of texts"
      case .labels: "fields with texts"
      }
    return RuleMistake("must be \(noun)", in: name)
  }

  private func mistakes(_ place: String, _ text: String, _ words: [String]) -> [RuleMistake] {
    words.contains(text) ? [] : [RuleMistake(NearestWord.unknown(text, among: words), in: place)]
  }

  private func outside(_ value: String, _ range: String, _ unit: String) -> RuleMistake {
    RuleMistake("is \(value), but must be \(range)" + (unit.isEmpty ? "" : " \(unit)"), in: name)
  }

  /// "whole number, 1 to 1000 failures", "timestamps, content".
  package var kindSentence: String {
    switch kind {
    case .number(nil, let unit): "number" + (unit.isEmpty ? "" : " of \(unit)")
    case .number(let range?, let unit): Self.bounds("number", Self.text(range.lowerBound), Self.text(range.upperBound), unit)
    case .integer(let range, let unit): Self.bounds("whole number", "\(range.lowerBound)", "\(range.upperBound)", unit)
    case .flag: "true, false"
    case .text: "text"
    case .texts: "list of texts"
    case .labels: "texts by name"
    case .word(let words): words.joined(separator: ", ")
    case .words(let words): "list of \(words.joined(separator: ", "))"
    case .signal: "signal of the contract"
    }
  }

  /// "required", "default 500", "else the contract's number".
  package var absenceSentence: String {
    switch absence {
    case .required: "required"
    case .value(.number(let number)): "default \(Self.text(number))"
    case .value(.flag(let flag)): "default \(flag)"
    case .value(.text(let text)): "default \(text)"
    case .value(.texts), .value(.labels), .value(.other): "default none"
    case .otherwise(let words): "else \(words)"
    }
  }

  private static func bounds(_ noun: String, _ low: String, _ high: String, _ unit: String) -> String {
    "\(noun), \(low) to \(high)" + (unit.isEmpty ? "" : " \(unit)")
  }

  private static func text(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}
