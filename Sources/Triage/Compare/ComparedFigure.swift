import Statistics

/// Numbers of one kind in one phase, of a run and of good ones.
package struct ComparedFigure: Hashable, Sendable {
  /// What they are.
  package let name: FigureName
  /// How many this run has, and how many all good ones together.
  package let counts: (bad: Int, good: Int)
  /// The medians; nil without a number.
  package let medians: (bad: Double?, good: Double?)
  /// The smallest and the largest median of a good run.
  package let goodMedians: ClosedRange<Double>?
  /// The test; nil where it was not made.
  package let test: MannWhitney?
  /// Its p, corrected over all tests that were made.
  package private(set) var p: Double?

  /// So many numbers a side at least; of fewer nothing is tested.
  package static let fewest = 8
  /// The chance of any mistake among all tests.
  package static let level = 0.01

  /// Whether they differ: in rank, by a large effect, and by more than the medians of good runs do among each other.
  package var differs: Bool {
    guard let p, p < Self.level, let test, test.isLarge, let bad = medians.bad, let goodMedians else { return false }
    return !goodMedians.contains(bad)
  }

  /// Equal when they say the same of the same.
  package static func == (left: ComparedFigure, right: ComparedFigure) -> Bool {
    left.name == right.name && left.counts == right.counts && left.medians == right.medians && left.p == right.p
  }

  /// By what it is of.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  private init(_ name: FigureName, _ bad: [Double], _ runs: [[Double]], isTested: Bool) {
    self.name = name
    let good = runs.flatMap(\.self)
    counts = (bad.count, good.count)
    medians = (Spread(bad)?.median, Spread(good)?.median)
    let each = runs.compactMap { Spread($0)?.median }
    if let spread = Spread(each) {
      let margin = 1.5 * spread.interquartileRange
      goodMedians = spread.low - margin...spread.high + margin
    } else {
      goodMedians = nil
    }
    test = isTested && bad.count >= Self.fewest && good.count >= Self.fewest ? MannWhitney(bad, good) : nil
  }

  /// All numbers that a run or a good one has, by name and phase.
  static func all(_ bad: RunTrace, _ good: [RunTrace], areTested: Bool) -> [ComparedFigure] {
    let names = Set(bad.figures.keys).union(good.flatMap(\.figures.keys)).sorted()
    var figures = names.map { name in
      ComparedFigure(name, bad.figures[name] ?? [], good.map { $0.figures[name] ?? [] }, isTested: areTested)
    }
    let tested = figures.indices.filter { figures[$0].test != nil }
    for (index, p) in zip(tested, Holm.adjusted(tested.compactMap { figures[$0].test?.p })) { figures[index].p = p }
    return figures
  }
}
