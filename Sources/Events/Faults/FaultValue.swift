/// What a parameter of a fault is set to.
package enum FaultValue: Hashable, Sendable {
  case number(Double)
  case word(String)

  /// As a scenario writes it: "40", "0.5", "TIMEOUT".
  package var text: String {
    switch self {
    case .number(let number): Self.text(number)
    case .word(let word): word
    }
  }

  /// A whole number without a fraction, any other in full.
  static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
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
