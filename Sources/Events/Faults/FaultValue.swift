import WireFormats

/// What a parameter of a fault is set to.
package enum FaultValue: Hashable, Sendable {
  case number(Double)
  case word(String)

  /// As a scenario writes it: "40", "0.5", "TIMEOUT".
  package var text: String {
    switch self {
    case .number(let number): NumberText.shortest(number)
    case .word(let word): word
    }
  }
}

extension FaultValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
  /// A number.
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// A word.
  package init(stringLiteral value: String) { self = .word(value) }
}
