import Contracts
import Events
import PrometheusText
import RunModel

/// What one endpoint's counter counted, across restarts of its process.
struct CounterTrail: Sendable {
  private(set) var last: Timed<Double>?
  /// What was counted since the run began, as far as it was read.
  private(set) var risen = 0.0
  /// How often its process began anew in the run.
  private(set) var restarts = 0
  /// Whether it fell although its process went on: a sum over series of which one went away.
  private(set) var hasShrunk = false
  /// Whether it is known from where it rose in the run: a reading before it, or a good answer that did not show it yet.
  private(set) var hasBase = false
  private var start: WallTime?
  /// When the series was made, as `NAME_created` says.
  private var created: Double?
  /// Where that stands in answers of a shape.
  private var createdAt: (layout: SeriesLayout, indices: [Int])?

  /// Whether the newest good answer does not show it any more.
  private(set) var isGone = false
  /// A good answer that did not show it, before the first that did.
  private var absent: Scrape?

  /// A good answer does not show it: it has counted nothing yet, and begins from 0; or it is gone.
  mutating func noteAbsent(in sample: MetricsSample) { if last == nil { absent = sample.scrape } else { isGone = true } }

  /// Takes in a reading.
  /// - Parameter began: when the run began; nil for a reading from before.
  mutating func note(
    _ value: Double, in sample: MetricsSample, at instant: RunInstant, began: WallTime?, of selector: MetricSelector, _ contract: Contract
  ) {
    defer {
      last = Timed(value, at: instant)
      start = sample.processStart ?? start
      created = creation(in: sample, of: selector, contract) ?? created
      isGone = false
    }
    guard let began else {
      hasBase = true
      return
    }
    guard let last else {
      // Absent in a good answer before, or of a process that began in the run: it rose from 0. An answer that nobody could read by
      // the contract yet may have shown it all the same.
      if let absent {
        let base = selector.value(in: absent, contract)
        hasBase = base != nil || !selector.isShown(in: absent.layout, contract)
        if let base {
          // It stood there, only nobody could read it yet.
          risen += max(0, value - base)
          return
        }
      }
      let isNew = sample.processStart.map { $0 >= began } ?? false
      if hasBase || isNew { risen += value }
      hasBase = hasBase || isNew
      return
    }
    let isAnother = ProcessStart.isLater(sample.processStart?.epochSeconds, than: start?.epochSeconds)
    let isMadeAnew = ProcessStart.isLater(creation(in: sample, of: selector, contract), than: created) == true
    // What was gone and is back has begun anew, unless its process says that it is the same.
    if isAnother == false, !isMadeAnew, value < last.value {
      hasShrunk = true
    } else if isAnother == true || isMadeAnew || isGone && isAnother == nil || value < last.value {
      restarts += 1
      risen += value
    } else {
      risen += value - last.value
    }
  }

  /// When the series that a selector means was made, the newest of several; nil where the answer does not say.
  private mutating func creation(in sample: MetricsSample, of selector: MetricSelector, _ contract: Contract) -> Double? {
    let layout = sample.scrape.layout
    if createdAt?.layout !== layout { createdAt = (layout, selector.creations(in: layout, contract)) }
    return createdAt?.indices.compactMap { sample.scrape.values.indices.contains($0) ? sample.scrape.values[$0] : nil }.max()
  }
}

extension EventPattern {
  /// The lines that stand for a counter where a contract has no series for it.
  static let counted: [SignalID: EventPattern] = [
    .fragmentsSent: EventPattern(.fragmentSent), .fragmentsProcessed: EventPattern(.fragmentProcessed),
    .fragmentsFallback: EventPattern(.fragmentFallback), .fallbackTimeout: EventPattern(.fragmentFallback, detail: "timeout"),
    .fallbackError: EventPattern(.fragmentFallback, detail: "error"),
    .fallbackCircuitOpen: EventPattern(.fragmentFallback, detail: "circuit_open"),
    .backpressurePause: EventPattern(.backpressure, detail: "pause"),
    .backpressureSlowDown: EventPattern(.backpressure, detail: "slow_down"),
    .reconnections: EventPattern(.reconnectionAttempt),
  ]
}
