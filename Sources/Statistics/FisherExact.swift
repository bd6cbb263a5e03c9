#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether two shares differ, exactly, however few trials there were.
package enum FisherExact {
  /// The two-sided p: the chance, all margins given, of a table that is no likelier than the one seen.
  ///
  /// Fisher, "Statistical Methods for Research Workers" (1934), section 21.02; two-sided as in R's `fisher.test` and `scipy.stats.fisher_exact`,
  /// with their tolerance of 1 part in 10^7 for tables that are equally likely.
  package static func p(_ left: Proportion, _ right: Proportion) -> Double {
    let hits = left.count + right.count
    let trials = left.trials + right.trials
    let logs = LogFactorials(upTo: trials)
    /// The hypergeometric probability of so many hits on the left, as its logarithm.
    func chance(_ count: Int) -> Double {
      logs.choose(left.trials, count) + logs.choose(right.trials, hits - count) - logs.choose(trials, hits)
    }
    let seen = chance(left.count) + log1p(1e-7)
    let possible = max(0, hits - right.trials)...min(hits, left.trials)
    return min(
      1,
      possible.reduce(0) { sum, count in
        let chance = chance(count)
        return chance <= seen ? sum + exp(chance) : sum
      })
  }

  private struct LogFactorials {
    private var logs: [Double] = [0]

    init(upTo number: Int) {
      logs.reserveCapacity(number + 1)
      for factor in stride(from: 1, through: number, by: 1) { logs.append(logs[factor - 1] + log(Double(factor))) }
    }

    /// The logarithm of "n over k".
    func choose(_ n: Int, _ k: Int) -> Double { logs[n] - logs[k] - logs[n - k] }
  }
}
