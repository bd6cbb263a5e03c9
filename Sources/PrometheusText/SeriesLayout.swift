/// The shape of an exposition: its families and series in the order written, without values.
///
/// Immutable and shared by every scrape of that shape: ``ExpositionParser`` hands out the identical object (`===`) until the
/// text before, between or after the values changes. Texts are made only when asked for.
package final class SeriesLayout: Sendable {
  /// The families, in the order of their first appearance; one that was only described has no series.
  package let families: [MetricFamily]
  /// The format of the text this layout was read from.
  package let format: ExpositionFormat
  /// The indices of samples whose series already appeared further up; empty for a well-formed exposition.
  package let repeatedIndices: [Int]

  /// The whole text of the scrape that had this shape first; the spans and rows point into it.
  let text: [UInt8]
  /// Where, in `text`, what precedes each value begins and ends.
  let spans: [LineSpan]
  let rows: [SeriesRow]
  /// Where, in `text`, what follows the last sample begins.
  let tailStart: Int
  let rules: ValueRules
  let table: SeriesHashTable
  let hash: SeriesHash

  init(
    families: [MetricFamily], format: ExpositionFormat, repeatedIndices: [Int], text: [UInt8], spans: [LineSpan],
    rows: [SeriesRow], tailStart: Int, rules: ValueRules, table: SeriesHashTable, hash: SeriesHash
  ) {
    self.families = families
    self.format = format
    self.repeatedIndices = repeatedIndices
    self.text = text
    self.spans = spans
    self.rows = rows
    self.tailStart = tailStart
    self.rules = rules
    self.table = table
    self.hash = hash
  }

  /// The number of samples.
  package var count: Int { rows.count }

  /// The series, built one by one as they are read.
  package var series: SeriesKeys { SeriesKeys(layout: self) }

  /// The stable number of the series at that index.
  package func id(at index: Int) -> SeriesID {
    SeriesID(rawValue: rows[index].id)
  }

  /// The index, in ``families``, of the family that the series at that index belongs to.
  package func familyIndex(at index: Int) -> Int {
    Int(rows[index].family)
  }
}

/// What precedes a value in the text: everything since the end of the sample before.
struct LineSpan {
  var start: UInt32
  var valueStart: UInt32

  @inline(__always) var length: Int { Int(valueStart &- start) }
}

/// What the parser knows about one sample line besides its value.
struct SeriesRow {
  var hash: UInt64
  var id: UInt64
  /// Where the series begins in the text; it ends, but for blanks, where the value begins.
  var keyStart: UInt32
  var family: Int32
  var traits: Traits

  struct Traits: OptionSet {
    let rawValue: UInt8
    /// The label values are not escaped: read up to the quote that closes them, backslashes as they are.
    static let rawLabels = Traits(rawValue: 1)
    /// OpenMetrics allows an exemplar here.
    static let exemplar = Traits(rawValue: 2)
  }
}
