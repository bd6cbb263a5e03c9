/// How an exposition is read where it deviates from its format.
package enum ExpositionRules: Sendable, Hashable {
  /// As Prometheus' scraper reads it: a deviation costs what cannot be read and nothing else, and is said as an ``ExpositionRemark``.
  case scraper
  /// As the format's documents have it: the first deviation refuses the whole text.
  case strict
}

/// A deviation that a text was read in spite of.
package struct ExpositionRemark: Hashable, Sendable, CustomStringConvertible {
  /// What the deviation cost.
  package enum Cost: Sendable, Hashable {
    /// Nothing: all was read.
    case nothing
    /// A HELP, TYPE or UNIT line; its metric is there without it.
    case comment
    /// A sample.
    case sample
  }

  /// Where it is and what it is.
  package let place: ParseError
  /// What it cost.
  package let cost: Cost

  /// A deviation.
  package init(place: ParseError, cost: Cost) {
    self.place = place
    self.cost = cost
  }

  /// `line 3, column 14, left out: the label le must be a number, found '0,1': h_bucket{le="0,1"} 1`
  package var description: String {
    let what = cost == .nothing ? place.message : "left out: \(place.message)"
    let text = "line \(place.line), column \(place.column): \(what)"
    return place.excerpt.isEmpty ? text : "\(text): \(place.excerpt)"
  }
}

/// The deviations of one text: the first hundred, and how many there are.
package struct ExpositionRemarks: Hashable, Sendable {
  /// The first ones, in the order of the text.
  package let listed: [ExpositionRemark]
  /// How many there are.
  package let count: Int
  /// How many samples they cost.
  package let lostSamples: Int

  /// No deviation.
  package static let none = ExpositionRemarks(listed: [], count: 0, lostSamples: 0)

  /// True when there is none.
  package var isEmpty: Bool { count == 0 }

  /// All in one sentence: the first one, and how many more there are; nil when there is none.
  package var sentence: String? {
    guard let first = listed.first(where: { $0.cost == .sample }) ?? listed.first else { return nil }
    let lost =
      lostSamples == 0 ? "all samples were read" : lostSamples == 1 ? "1 sample is left out" : "\(lostSamples) samples are left out"
    return "\(count == 1 ? "a deviation" : "\(count) deviations"), \(lost): \(first.place)"
  }
}

/// The deviations while a text is being read: places are worked out when all is read.
struct RemarkLog {
  private struct Entry {
    var offset: Int
    var message: String
    var cost: ExpositionRemark.Cost
  }

  /// How many are listed; the others are counted.
  static let limit = 100
  /// Beyond this many names of lost samples every name may have lost one.
  static let nameLimit = 10_000

  private var entries: [Entry] = []
  private var count = 0
  private(set) var lostSamples = 0
  private(set) var firstLost: ParseFailure?
  /// The metric names of lost samples; the empty name stands for one that is not known.
  private(set) var lostNames: Set<NameBytes> = []
  /// What was left out of the text.
  private(set) var lostRanges: [Range<Int>] = []

  mutating func note(_ failure: ParseFailure, _ cost: ExpositionRemark.Cost) {
    count += 1
    if cost == .sample {
      lostSamples += 1
      if firstLost == nil { firstLost = failure }
    }
    if entries.count < Self.limit { entries.append(Entry(offset: failure.offset, message: failure.message, cost: cost)) }
  }

  mutating func lose(_ range: Range<Int>, name: String?) {
    if let last = lostRanges.last, last.upperBound == range.lowerBound {
      lostRanges[lostRanges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      lostRanges.append(range)
    }
    guard let name else { return }
    lostNames.insert(NameBytes(lostNames.count < Self.nameLimit ? name : ""))
  }

  /// The remarks with lines and columns, in the order of the text.
  func located(in view: ByteView) -> ExpositionRemarks {
    var listed: [ExpositionRemark] = []
    var line = 1
    var lineStart = 0
    for entry in entries.sorted(by: { $0.offset < $1.offset }) {
      let place = min(max(entry.offset, 0), view.count)
      while true {
        let next = view.firstIndex(of: ByteClass.newline, lineStart, place)
        guard next < place else { break }
        line += 1
        lineStart = next + 1
      }
      let failure = ParseFailure(place, entry.message)
      listed.append(ExpositionRemark(place: failure.located(in: view, line: line, lineStart: lineStart), cost: entry.cost))
    }
    return ExpositionRemarks(listed: listed, count: count, lostSamples: lostSamples)
  }
}
