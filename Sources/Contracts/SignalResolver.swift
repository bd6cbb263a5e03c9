import Events
import PrometheusText

/// Finds a contract's signals in scrapes.
///
/// Which series belong to which signal is worked out once for each shape of an answer; a further scrape of the same
/// shape costs one addition per series used.
package struct SignalResolver: Sendable {
  /// Where a signal's value is in a scrape of one shape.
  enum Plan: Sendable {
    /// Nothing there: no value.
    case missing
    /// Nothing there, and that means 0.
    case zero
    /// More series than the contract allows.
    case ambiguous(Int)
    /// Add up these values.
    case values([Int])
    case histogram(HistogramPlan)
    /// The state whose series is 1: where it is, its word, and its code; nil for a state that the contract does not know.
    case state([(index: Int, word: String, code: Double?)])
  }

  /// Where a histogram's parts are.
  struct HistogramPlan: Sendable {
    var upperBounds: [Double] = []
    /// For each bound, the buckets to add up.
    var buckets: [[Int]] = []
    var sums: [Int] = []
    var counts: [Int] = []
  }

  /// The contract whose signals are looked for.
  package let contract: Contract
  private var layout: SeriesLayout?
  private var plans: [Plan] = []
  private var sums: [SignalID: Int] = [:]
  private var streamPlans: [(name: String, plans: [(binding: Int, plan: Plan)])] = []

  /// A resolver for a contract.
  package init(contract: Contract) { self.contract = contract }

  /// The signals found in a scrape. A signal whose series is not there has no entry, or 0 where the contract says that
  /// absence means 0 and the scrape declares its family or shows other series of it; several matching series are
  /// `ambiguous` unless the contract says `sum`. A sum, a histogram or an absence of which a sample could not be read has no entry.
  package mutating func resolve(_ scrape: Scrape) -> [SignalID: SignalValue] {
    if layout !== scrape.layout {
      (plans, streamPlans) = Self.plans(contract, scrape.layout)
      layout = scrape.layout
      sums = [:]
      for case (let binding, .values(let indexes)) in zip(contract.signals, plans) where indexes.count > 1 {
        sums[binding.signal] = indexes.count
      }
    }
    var found: [SignalID: SignalValue] = [:]
    for (binding, plan) in zip(contract.signals, plans) { found[binding.signal] = Self.value(plan, scrape.values) }
    return found
  }

  /// The signals of each stream of the scrape that was resolved last, by the streams' names; empty where it tells no streams apart, or
  /// shows one only. Of streams beyond ``streamLimit`` only what may be wrong with one alone.
  /// - Parameter scrape: the very scrape that was resolved last.
  package func streams(of scrape: Scrape) -> [StreamSignals] {
    streamPlans.map { stream in
      var found: [SignalID: SignalValue] = [:]
      for (binding, plan) in stream.plans { found[contract.signals[binding].signal] = Self.value(plan, scrape.values) }
      return StreamSignals(name: stream.name, signals: found)
    }
  }

  /// Gives a sample the signals of this contract in place of those that another one found in it. Which counters fell is not known then.
  package mutating func renew(_ sample: inout MetricsSample) {
    sample.signals = resolve(sample.scrape)
    sample.summed = summed
    sample.streams = streams(of: sample.scrape)
    sample.streamCount = max(1, sample.streams.count)
    sample.resetSignals = []
  }

  /// Of how many streams all signals are kept apart.
  package static let streamLimit = 64

  private static func value(_ plan: Plan, _ values: [Double]) -> SignalValue? {
    switch plan {
    case .missing: nil
    case .zero: .number(0)
    case .ambiguous(let matches): .ambiguous(matches: matches)
    case .state(let states): state(states, values)
    case .values(let indexes): .number(indexes.reduce(0) { $0 + values[$1] })
    case .histogram(let parts): .histogram(histogram(parts, values))
    }
  }

  /// Without a state that is 1, or with several, nobody can say which it is.
  private static func state(_ states: [(index: Int, word: String, code: Double?)], _ values: [Double]) -> SignalValue {
    let present = states.filter { values[$0.index] > 0.5 }
    guard present.count == 1 else { return .unclear(present.isEmpty ? "no state is 1" : "\(present.count) states are 1") }
    // A word from outside may be of any length.
    return present[0].code.map(SignalValue.number) ?? .unclear("no word of the contract for \(present[0].word.prefix(40))")
  }

  /// Signals whose value is the sum of several series of the scrape that was resolved last, and of how many.
  package var summed: [SignalID: Int] { sums }

  private static func histogram(_ parts: HistogramPlan, _ values: [Double]) -> HistogramValue {
    let cumulative = parts.buckets.map { indexes in indexes.reduce(0) { $0 + values[$1] } }
    let count = parts.counts.isEmpty ? cumulative.last ?? 0 : parts.counts.reduce(0) { $0 + values[$1] }
    return HistogramValue(
      upperBounds: parts.upperBounds, cumulativeCounts: cumulative,
      sum: parts.sums.isEmpty ? nil : parts.sums.reduce(0) { $0 + values[$1] }, count: count)
  }
}
