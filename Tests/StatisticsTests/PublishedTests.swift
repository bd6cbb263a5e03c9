import Statistics
import Testing

/// Values out of books and papers.
@Suite struct PublishedTests {
  /// Newcombe, "Two-Sided Confidence Intervals for the Single Proportion", Statistics in Medicine 17 (1998), 857-872, table I, method 3.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
  ])
  func `Wilson's interval is that of Newcombe's table`(_ count: Int, _ trials: Int, _ low: Double, _ high: Double) {
    let interval = Proportion(count, of: trials).interval()
    #expect(abs(interval.low - low) < 0.00005 && abs(interval.high - high) < 0.00005)
  }

  /// Fisher's tea-tasting lady, and Fisher's twins of convicts (1962), as printed in the manual of R's `fisher.test`.
  @Test(arguments: [(3, 4, 1, 4, 0.4857), (2, 12, 15, 18, 0.0005367)])
  func `Fisher's exact test gives the p of R's manual`(_ a: Int, _ m: Int, _ b: Int, _ n: Int, _ p: Double) {
    #expect(abs(FisherExact.p(Proportion(a, of: m), Proportion(b, of: n)) / p - 1) < 0.0005)
  }

  /// Mann and Whitney, 1947, table I: probabilities of a U up to so much, of 3 and 3, of 4 and 4, and of 5 and 5 numbers.
  @Test(arguments: [(3, 0, 0.050), (3, 2, 0.200), (4, 0, 0.014), (4, 3, 0.100), (5, 0, 0.004), (5, 4, 0.048)])
  func `the exact p is that of the first table`(_ size: Int, _ u: Int, _ oneSided: Double) throws {
    // Numbers of the left that are larger than so many of the right.
    var left = (0..<size).map { Double($0) / 100 }
    var rest = u
    for index in left.indices.reversed() where rest > 0 {
      let wins = min(rest, size)
      left[index] = Double(wins) + 0.5 + Double(index) / 1000
      rest -= wins
    }
    let found = try #require(MannWhitney(left, (1...size).map(Double.init)))
    #expect(found.method == .exact && found.u == Double(u))
    #expect(abs(found.p / 2 - oneSided) < 0.0005)
  }

  /// `wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8))` in R's manual: W = 127.5, p-value = 0.0001208.
  @Test func `with ties the p is that of R's manual`() throws {
    let may: [Double] = [
      41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
    ]
    let august: [Double] = [
      39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85,
    ]
    let found = try #require(MannWhitney(may, august))
    #expect(found.method == .normal && found.u == 127.5)
    #expect(abs(found.p - 0.0001208) < 5e-8)
  }

  private struct Effect: Sendable {
    var left: [Double]
    var right: [Double]
    var a12: Double
    var isLarge: Bool
  }

  private static let effects: [Effect] = [
    Effect(left: [1, 2, 3], right: [1, 2, 3], a12: 0.5, isLarge: false), Effect(left: [4, 5], right: [1, 2, 3], a12: 1, isLarge: true),
    Effect(left: [1, 2], right: [3], a12: 0, isLarge: true), Effect(left: [2, 2], right: [2, 3], a12: 0.25, isLarge: true),
    Effect(left: [1, 3, 5], right: [2, 3, 4], a12: 0.5, isLarge: false),
    Effect(left: [2, 4, 6], right: [1, 3, 5], a12: 2.0 / 3, isLarge: false),
  ]

  /// Vargha and Delaney, 2000: 0.5 for no effect, 0.56 small, 0.64 medium, 0.71 large, and the reading as a share of won comparisons.
  @Test(arguments: effects)
  private func `the effect is the share of comparisons that are won`(_ effect: Effect) throws {
    let found = try #require(MannWhitney(effect.left, effect.right))
    #expect(abs(found.a12 - effect.a12) < 1e-15 && found.isLarge == effect.isLarge)
    let turned = try #require(MannWhitney(effect.right, effect.left))
    #expect(abs(turned.a12 + found.a12 - 1) < 1e-15 && turned.p == found.p)
  }

  private static let corrections: [[[Double]]] = [
    [[0.01, 0.02, 0.03, 0.04], [0.04, 0.06, 0.06, 0.06]], [[0.04, 0.01, 0.03], [0.06, 0.03, 0.06]], [[0.7, 0.6], [1, 1]],
    [[0.01], [0.01]], [[], []],
  ]

  /// As R's `p.adjust(p, "holm")` has them.
  @Test(arguments: corrections)
  func `Holm's correction is that of R`(_ row: [[Double]]) {
    let found = Holm.adjusted(row[0])
    #expect(found.count == row[1].count)
    for (left, right) in zip(found, row[1]) { #expect(abs(left - right) < 1e-15) }
  }

  @Test func `twenty good runs say below 13_9 percent, and 59 say below 5`() throws {
    #expect(abs(try #require(Proportion(0, of: 20).upperBoundOfNone()) - 0.139) < 0.0005)
    #expect(Proportion.trialsNeeded(toExclude: 0.05) == 59)
    #expect(Proportion.trialsNeeded(toExclude: 0.01) == 299)
    #expect(Proportion(1, of: 20).upperBoundOfNone() == nil)
  }

  /// Wilks, "Determination of Sample Sizes for Setting Tolerance Limits", Annals of Mathematical Statistics 12 (1941), 91-96: the 95 % orders.
  @Test(arguments: [
    (0, 0.05, 59), (1, 0.05, 93), (2, 0.05, 124), (3, 0.05, 153), (4, 0.05, 181), (5, 0.05, 208), (0, 0.1, 29), (1, 0.1, 46), (2, 0.1, 61),
    (1, 0.01, 473),
  ])
  func `the trials needed despite failures are those of Wilks's orders`(_ count: Int, _ share: Double, _ trials: Int) {
    #expect(Proportion.trialsNeeded(toExclude: share, despite: count) == trials)
  }

  @Test func `more trials than there are numbers are none`() {
    #expect(Proportion.trialsNeeded(toExclude: 1e-300, despite: 3) == .max)
  }

  @Test func `three failures of three are more than half, two are not known to be`() {
    #expect(Proportion(3, of: 3).lowerBound() > 0.5)
    #expect(Proportion(2, of: 2).lowerBound() < 0.5)
  }

  @Test func `nothing at all says nothing`() throws {
    let none = Proportion(0, of: 0)
    #expect(none.share == nil && none.interval() == Interval(low: 0, high: 1) && none.upperBoundOfNone() == 1)
    #expect(MannWhitney([], [1]) == nil && MannWhitney([1], [.nan]) == nil && Spread([]) == nil)
    #expect(Normal.quantile(0) == nil && Normal.quantile(1) == nil)
    #expect(FisherExact.p(none, Proportion(3, of: 5)) == 1)
    let same = try #require(MannWhitney([2, 2, 2], [2, 2]))
    #expect(same.p == 1 && same.a12 == 0.5 && !same.isLarge)
  }

  /// Abreu, Zoeteweij and van Gemund, 2006: what is executed in all failed runs and in no passed one has 1.
  @Test(arguments: [(1, 1, 0, 20, 1.0), (1, 1, 20, 20, 0.2182), (0, 1, 20, 20, 0.0), (3, 4, 1, 4, 0.75)])
  func `what goes with failure alone has one`(_ bad: Int, _ bads: Int, _ good: Int, _ goods: Int, _ similarity: Double) {
    #expect(abs(Ochiai.similarity(bad: Proportion(bad, of: bads), good: Proportion(good, of: goods)) - similarity) < 0.00005)
  }
}
