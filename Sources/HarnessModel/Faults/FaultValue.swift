/// What a parameter of a fault is set to.
public enum FaultValue: Hashable, Sendable {
  case number(Double)
  case word(String)

  /// As a scenario writes it: "40", "0.5", "TIMEOUT".
  public var text: String {
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
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A word.
  public init(stringLiteral value: String) { self = .word(value) }
}
