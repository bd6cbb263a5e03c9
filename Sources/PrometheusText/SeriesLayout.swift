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
  /// Where the text deviates from its format. They belong to the shape: they stay as long as it does.
  package let remarks: ExpositionRemarks

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
  /// The metric names of samples that could not be read; the empty name stands for one that is not known.
  let lostNames: Set<NameBytes>
  /// What of the text was left out.
  let lostRanges: [Range<Int>]

  init(
    families: [MetricFamily], format: ExpositionFormat, repeatedIndices: [Int], remarks: ExpositionRemarks, text: [UInt8],
    spans: [LineSpan], rows: [SeriesRow], tailStart: Int, rules: ValueRules, table: SeriesHashTable, hash: SeriesHash,
    lostNames: Set<NameBytes>, lostRanges: [Range<Int>]
  ) {
    self.families = families
    self.format = format
    self.repeatedIndices = repeatedIndices
    self.remarks = remarks
    self.text = text
    self.spans = spans
    self.rows = rows
    self.tailStart = tailStart
    self.rules = rules
    self.table = table
    self.hash = hash
    self.lostNames = lostNames
    self.lostRanges = lostRanges
  }

  /// Whether every sample of the text could be read.
  package var isWhole: Bool { lostNames.isEmpty }

  /// Whether a sample of that metric name is in the text and could not be read: what is not there is not known then.
  package func mayHaveLost(_ name: String) -> Bool {
    !lostNames.isEmpty && (lostNames.contains(NameBytes(name)) || lostNames.contains(NameBytes("")))
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

/// What the parser knows about one sample line besides its value; 24 bytes, because there may be ten millions of it.
struct SeriesRow {
  var hash: UInt64
  var id: UInt64
  /// Where the series begins in the text; it ends, but for blanks, where the value begins.
  var keyStart: UInt32
  /// The family in the upper bits, the traits in the lower two. Invariant: a text of 1 GiB has fewer than 2^30 families.
  private var packed: UInt32

  @inline(__always) init(hash: UInt64, id: UInt64, keyStart: UInt32, family: Int32, traits: Traits) {
    self.hash = hash
    self.id = id
    self.keyStart = keyStart
    packed = UInt32(truncatingIfNeeded: family) << 2 | UInt32(traits.rawValue)
  }

  var family: Int32 {
    @inline(__always) get { Int32(truncatingIfNeeded: packed >> 2) }
    @inline(__always) set { packed = UInt32(truncatingIfNeeded: newValue) << 2 | packed & 3 }
  }

  var traits: Traits {
    @inline(__always) get { Traits(rawValue: UInt8(truncatingIfNeeded: packed & 3)) }
    @inline(__always) set { packed = packed & ~3 | UInt32(newValue.rawValue & 3) }
  }

  struct Traits: OptionSet {
    let rawValue: UInt8
    /// The label values are not escaped: read up to the quote that closes them, backslashes as they are.
    static let rawLabels = Traits(rawValue: 1)
    /// An exemplar may stand here.
    static let exemplar = Traits(rawValue: 2)
  }
}
