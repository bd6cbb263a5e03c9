import Contracts
import Events

/// What an engine is asked for a fleet: a query a figure for all workers at once, made of a contract. Pure.
package struct FleetQueries: Hashable, Sendable {
  /// How many requests a refresh makes at most, whatever the number of workers.
  package static let requestLimit = 12
  /// How far the strip of each worker reaches back, in seconds.
  package static let stripSeconds = 900.0
  /// What one cell of it stands for, in seconds.
  package static let stripStep = 60.0
  /// The longest distance of two scrapes that is taken for one, in seconds; what is beyond is a stamp that is wrong.
  package static let longestInterval = 3600.0
  /// Of how many workers the scrapes are looked at in one query.
  package static let spacingLimit = 20
  /// The labels that tell a worker from others.
  package static let workerLabels = ["job", "instance"]
  /// The labels by which workers tell their streams apart.
  static let streamLabels = ["stream_id", "stream"]

  /// What is asked for a figure.
  package struct Asked: Hashable, Sendable {
    /// The figure.
    package var figure: FleetFigure
    /// The query.
    package var query: String
    /// Where the figure comes from in the contract.
    package var binding: SignalBinding
  }

  /// The contract.
  package let contract: Contract
  /// Which series are meant.
  package let match: LabelMatchers
  /// A query for each figure that the contract has a signal for.
  package let figures: [Asked]
  /// The longest distance of two scrapes, in seconds, that the stretches of `rate` and its like are made for.
  package let interval: Double

  /// The queries of a contract.
  /// - Parameter interval: the longest distance of two scrapes, in seconds: a stretch has to hold four of them, lest one that fails empties it.
  package init(contract: Contract, match: LabelMatchers = LabelMatchers(), interval: Double = 0) {
    self.contract = contract
    self.match = match
    let interval = interval.isFinite ? min(max(interval, 0), Self.longestInterval) : 0
    self.interval = interval
    let stretch = { (usual: Double) in Int(max(usual, (4 * interval).rounded(.up))) }
    figures = FleetFigure.all.compactMap { figure in
      for signal in figure.signals {
        guard let binding = contract.signals.first(where: { $0.signal == signal }),
          let query = Self.query(figure.shape, binding, match, stretch)
        else { continue }
        return Asked(figure: figure, query: query, binding: binding)
      }
      return nil
    }
  }

  /// Whether the engine could scrape each worker, with all labels of its target.
  package var reachability: String { "up\(match.text)" }

  /// When each worker's newest sample was taken: of the first figure that is there whatever the worker did.
  package var freshness: String? {
    let steady = figures.first { !$0.binding.absentIsZero && $0.figure.shape != .mean } ?? figures.first
    return steady.map { "max by (\(Self.by())) (timestamp(\(Self.selector($0.binding, match))))" }
  }

  /// The raw samples of a few workers, by which the distance of two scrapes is known; five minutes of them.
  /// - Parameter instances: at most ``spacingLimit`` are asked for.
  package func spacing(of instances: [String]) -> String {
    let pattern = instances.prefix(Self.spacingLimit).map(LabelMatchers.escapedPattern).joined(separator: "|")
    return "up\(match.adding("instance", pattern, .matches).text)[5m]"
  }

  /// Whether what the contract counts as fallbacks is all of them, so that a share can be told.
  package var countsFallbacksWhole: Bool { figures.first { $0.figure == .fallback }?.binding.signal == .fragmentsFallback }

  /// The breaker's state for the strip, at each step what was scraped within it; nil where the contract has none.
  package var strip: String? {
    guard let breaker = figures.first(where: { $0.figure == .breaker }) else { return nil }
    return
      "max by (\(Self.by(breaker.binding))) (last_over_time(\(Self.selector(breaker.binding, match))[\(Int(max(Self.stripStep, 2 * interval)))s]))"
  }

  /// A binding's series with its labels and the conditions of the user.
  package static func selector(_ binding: SignalBinding, _ match: LabelMatchers, suffix: String = "") -> String {
    let all = binding.labels.sorted { $0.key < $1.key }.reduce(match) { $0.adding($1.key, $1.value) }
    return binding.series + suffix + all.text
  }

  private static func by(_ binding: SignalBinding? = nil) -> String {
    (workerLabels + (binding.map { streamLabels + ($0.stateLabel.map { [$0] } ?? []) } ?? [])).joined(separator: ", ")
  }

  private static func query(
    _ shape: FleetFigure.Shape, _ binding: SignalBinding, _ match: LabelMatchers, _ stretch: (Double) -> Int
  ) -> String? {
    let series = selector(binding, match)
    switch (shape, binding.kind) {
    case (.state, .gauge): return "max by (\(by(binding))) (\(series))"
    case (.level, .gauge): return "sum by (\(by())) (\(series))"
    case (.mean, .gauge): return "max by (\(by())) (\(series))"
    case (.perSecond, .counter): return "sum by (\(by())) (rate(\(series)[\(stretch(60))s]))"
    case (.recent, .counter): return "sum by (\(by())) (increase(\(series)[\(stretch(300))s]))"
    case (.mean, .histogram):
      func sum(_ suffix: String) -> String { "sum by (\(by())) (increase(\(selector(binding, match, suffix: suffix))[\(stretch(300))s]))" }
      return "\(sum("_sum")) / \(sum("_count"))"
    // A contract may bind a signal to something else than what the figure is made of: it is not known then.
    case (.state, _), (.level, _), (.perSecond, _), (.recent, _), (.mean, .counter): return nil
    }
  }

  /// Which of several contracts an engine's metrics keep: the one of which most signals are there, where no other has as many.
  /// - Parameter names: the names of the engine's metrics.
  package static func detect(among contracts: [Contract], names: Set<String>) -> Contract? {
    let found = contracts.map { contract in
      (contract, contract.signals.count { SignalResolver.names(of: $0).contains(where: names.contains) })
    }
    guard let best = found.max(by: { $0.1 < $1.1 }), best.1 > 0 else { return nil }
    // Contracts of one family share their metrics: the first of them is as good as the others for what a fleet reads.
    return found.first { $0.1 == best.1 }?.0
  }
}
