/// The name of a signal: a named value over time that panes and rules speak of, whatever a service calls its series.
package struct SignalID: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible,
  CodingKeyRepresentable
{
  /// The name as contracts write it: `fragments_sent`.
  package let text: String

  /// A signal by its name.
  package init(_ text: String) { self.text = text }
  /// A signal by its name, written in code.
  package init(stringLiteral value: String) { text = value }

  /// Its name.
  package var description: String { text }
  /// By name.
  package static func < (left: SignalID, right: SignalID) -> Bool { left.text < right.text }

  /// Reads a name.
  package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
  /// Writes the name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  private struct TextKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Its name as the key of an encoded dictionary.
  package var codingKey: any CodingKey { TextKey(stringValue: text) }
  /// A signal from the key of an encoded dictionary.
  package init?<Other: CodingKey>(codingKey: Other) { text = codingKey.stringValue }
}

/// What a signal read at one scrape.
package enum SignalValue: Codable, Hashable, Sendable {
  /// A number.
  case number(Double)
  /// A histogram.
  case histogram(HistogramValue)
  /// Several series match and the contract does not say `sum`.
  case ambiguous(matches: Int)
  /// It is exposed, and the contract cannot read it: why, in words; may carry text from outside, not escaped.
  case unclear(String)

  /// The number; nil for anything else.
  package var number: Double? {
    if case .number(let value) = self { return value }
    return nil
  }
}

extension [Double] {
  /// Whether these are the same numbers. NaN, which equals nothing, is the same as NaN: a page that shows it can stand still all the same.
  package func isSame(as other: [Double]) -> Bool { elementsEqual(other) { $0 == $1 || $0.isNaN && $1.isNaN } }
}

extension [SignalID: SignalValue] {
  /// Whether these are the same values of the same signals, NaN among them.
  package func isSame(as other: [SignalID: SignalValue]) -> Bool {
    count == other.count && allSatisfy { id, value in other[id].map { value.numbers.isSame(as: $0.numbers) } ?? false }
  }
}

extension SignalValue {
  /// All that it says, as numbers.
  fileprivate var numbers: [Double] {
    switch self {
    case .number(let number): [number]
    case .histogram(let histogram):
      histogram.upperBounds + histogram.cumulativeCounts + [histogram.count] + (histogram.sum.map { [$0] } ?? [])
    case .ambiguous(let matches): [-1, Double(matches)]
    case .unclear(let why): [-2] + why.utf8.map { Double($0) }
    }
  }
}

/// A histogram at one scrape: cumulative counts, as Prometheus has them.
package struct HistogramValue: Codable, Hashable, Sendable {
  /// Upper bounds, rising, `+Inf` last.
  package var upperBounds: [Double]
  /// Observations at or below each bound.
  package var cumulativeCounts: [Double]
  /// Sum of all observations; nil where not exposed.
  package var sum: Double?
  /// Number of all observations.
  package var count: Double

  /// A histogram.
  package init(upperBounds: [Double], cumulativeCounts: [Double], sum: Double?, count: Double) {
    self.upperBounds = upperBounds
    self.cumulativeCounts = cumulativeCounts
    self.sum = sum
    self.count = count
  }
}
