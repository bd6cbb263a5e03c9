/// One label of a series; both texts are unescaped. Compared byte by byte: no Unicode normalisation.
package struct SeriesLabel: Hashable, Comparable, Codable, Sendable {
  /// The label's name.
  package let name: String
  /// The label's value, any text.
  package let value: String

  /// A label of these texts, as they are.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// True when both names and both values are the same bytes.
  package static func == (left: SeriesLabel, right: SeriesLabel) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
  }

  /// By name, then by value.
  package static func < (left: SeriesLabel, right: SeriesLabel) -> Bool {
    if !left.name.hasSameBytes(as: right.name) { return left.name.precedesByBytes(right.name) }
    return left.value.precedesByBytes(right.value)
  }
}

/// What a series is: its metric name and its labels, whatever order and spelling the endpoint wrote them in.
///
/// Compared byte by byte, as Prometheus does: no Unicode normalisation.
package struct SeriesKey: Hashable, Comparable, Codable, Sendable {
  /// The metric name, unescaped and without quotes.
  package let name: String
  /// Sorted by label name.
  package let labels: [SeriesLabel]

  /// A series of that name; the labels may come in any order.
  package init(name: String, labels: [SeriesLabel] = []) {
    self.name = name
    self.labels = labels.count > 1 ? labels.sorted() : labels
  }

  /// The value of the label of that name; nil when the series has none.
  package subscript(label: String) -> String? {
    labels.first { $0.name.hasSameBytes(as: label) }?.value
  }

  /// True when names and labels are the same bytes.
  package static func == (left: SeriesKey, right: SeriesKey) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.labels == right.labels
  }

  /// By name, then by labels.
  package static func < (left: SeriesKey, right: SeriesKey) -> Bool {
    if !left.name.hasSameBytes(as: right.name) { return left.name.precedesByBytes(right.name) }
    return left.labels.lexicographicallyPrecedes(right.labels)
  }
}

/// A number that stands for one ``SeriesKey`` inside one ``ExpositionParser``.
///
/// A series keeps its number from scrape to scrape, also when others come and go around it and when it is absent for some
/// scrapes. Numbers of different parsers have nothing to do with each other.
package struct SeriesID: Hashable, Comparable, Codable, Sendable {
  /// Counts from 1 in the order in which a parser first saw the series.
  package let rawValue: UInt64

  /// The identity of that number.
  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// By the order in which the parser first saw the series.
  package static func < (left: SeriesID, right: SeriesID) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A name as a key of dictionaries: compared by bytes, where String compares after Unicode normalisation.
struct NameBytes: Hashable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: NameBytes, right: NameBytes) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }
}

extension String {
  func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }

  func precedesByBytes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
