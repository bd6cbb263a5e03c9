import Foundation
import Statistics
import TestSupport
import Testing

/// What scipy 1.17.1 says, as `Peers/scipy_table.py` printed it: a row a call.
private struct ScipyTable {
  /// The rows of a function; each value is a list of one or more numbers.
  func rows(_ name: String) -> [[[Double]]] { rows.filter { $0.name == name }.map(\.values) }

  private let rows: [(name: String, values: [[Double]])]

  init() throws {
    let text = try String(contentsOfFile: Checkout.fixture("statistics/scipy.tsv"), encoding: .utf8)
    rows = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t")
      return (String(fields[0]), try fields.dropFirst().map { try $0.split(separator: ",").map { try #require(Double($0)) } })
    }
  }
}

@Suite struct ScipyTests {
  private let table: ScipyTable

  init() throws { table = try ScipyTable() }

  /// Equal up to a share of the number itself.
  private func same(_ left: Double?, _ right: Double, within share: Double = 1e-12) -> Bool {
    guard let left else { return false }
    return left == right || abs(left - right) <= share * max(abs(left), abs(right)) || abs(left - right) < 1e-300
  }

  @Test func `the normal distribution is that of scipy`() {
    let quantiles = table.rows("quantile")
    #expect(quantiles.count == 15)
    for row in quantiles { #expect(same(Normal.quantile(row[0][0]), row[1][0], within: 1e-14) || abs(row[1][0]) < 1e-15, "\(row)") }
    let tails = table.rows("above")
    #expect(tails.count == 10)
    for row in tails { #expect(same(Normal.above(row[0][0]), row[1][0]), "\(row)") }
  }

  @Test func `intervals are those of scipy`() {
    let rows = table.rows("wilson")
    #expect(rows.count == 30)
    for row in rows.map({ $0.map { $0[0] } }) {
      let seen = Proportion(Int(row[0]), of: Int(row[1]))
      let both = seen.interval(confidence: row[2])
      // At 0 and 1 scipy has what rounding left of it.
      #expect(abs(both.low - row[3]) < 1e-14 && abs(both.high - row[4]) < 1e-14, "\(row)")
      #expect(abs(seen.lowerBound(confidence: row[2]) - row[5]) < 1e-14, "\(row)")
      #expect(abs(seen.upperBound(confidence: row[2]) - row[6]) < 1e-14, "\(row)")
    }
    let none = table.rows("none")
    #expect(none.count == 15)
    for row in none.map({ $0.map { $0[0] } }) {
      #expect(same(Proportion(0, of: Int(row[0])).upperBoundOfNone(confidence: row[1]), row[2], within: 1e-10), "\(row)")
    }
  }

  @Test func `Fisher's exact test is that of scipy`() {
    let rows = table.rows("fisher")
    #expect(rows.count == 38)
    for row in rows.map({ $0.map { $0[0] } }) {
      let p = FisherExact.p(Proportion(Int(row[0]), of: Int(row[1])), Proportion(Int(row[2]), of: Int(row[3])))
      #expect(same(p, row[4], within: 1e-10), "\(row)")
    }
  }

  @Test func `the test of Mann and Whitney is that of scipy`() throws {
    let rows = table.rows("mannwhitney")
    #expect(rows.count == 40)
    for row in rows {
      let exact = try #require(MannWhitney(row[0], row[1]))
      #expect(exact.method == .exact)
      #expect(exact.u == row[2][0])
      #expect(same(exact.p, row[3][0]), "\(row)")
      let normal = try #require(MannWhitney(row[0], row[1], method: .normal))
      #expect(same(normal.p, row[4][0]), "\(row)")
    }
    let ties = table.rows("ties")
    #expect(ties.count == 40)
    for row in ties {
      let found = try #require(MannWhitney(row[0], row[1]))
      #expect(found.u == row[2][0])
      // scipy's p is that of the normal distribution here, whatever is tied.
      let normal = try #require(MannWhitney(row[0], row[1], method: .normal))
      #expect(same(normal.p, row[3][0]), "\(row)")
    }
  }

  @Test func `quantiles are those of scipy`() throws {
    let rows = table.rows("quantiles")
    #expect(rows.count == 6)
    for row in rows {
      let spread = try #require(Spread(row[0]))
      for (share, value) in zip([0, 0.25, 0.5, 0.75, 0.95, 1], row.dropFirst()) {
        #expect(same(spread.quantile(share), value[0]), "\(row)")
      }
      #expect(spread.low == row[1][0] && spread.high == row[6][0] && spread.median == spread.quantile(0.5))
    }
  }
}
