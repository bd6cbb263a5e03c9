import Events
import MediaSync
import RunModel

/// A number over time, as a chart of the page and a counter of a trace.
package struct RunSeries: Sendable {
  /// What it is; may carry text from outside, not escaped.
  package var name: String
  /// Its unit; empty for none.
  package var unit: String
  /// Its points, in order of time.
  package var points: [Timed<Double>]
  /// Whether a value holds until the next: true for what is polled, false for one figure a segment.
  package var isSteady = true

  /// The newest point at or before an instant: what a screen shows then. Nil before the first.
  package func value(at instant: RunInstant) -> Double? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : points[low - 1].value
  }
}

extension ExportedRun {
  /// Every series of the run: the contract's signals as the metrics pane shows them, and the figures of A/V sync.
  package var series: [RunSeries] { syncSeries + signalSeries }

  private var signalSeries: [RunSeries] {
    let order = Dictionary(SignalID.known.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    let signals = state.metrics.signals.sorted {
      (order[$0.key] ?? .max, $0.key.text) < (order[$1.key] ?? .max, $1.key.text)
    }
    return signals.compactMap { signal, track in
      let points = track.points.filter { $0.value.isFinite }
      guard !points.isEmpty else { return nil }
      if case .histogram? = track.last?.value {
        return RunSeries(name: "\(signal.text), mean between scrapes", unit: "", points: Array(points))
      }
      return RunSeries(name: signal.text, unit: "", points: Array(points))
    }
  }

  private var syncSeries: [RunSeries] {
    state.streams.all.flatMap { stream in
      [
        RunSeries(
          name: "content offset of \(stream.name.text)", unit: "ms",
          points: stream.contentOffsets.map { Timed($0.value.offsetMilliseconds, at: $0.at) }, isSteady: false),
        RunSeries(
          name: "timestamp alignment of \(stream.name.text)", unit: "ms",
          points: stream.alignments.map { Timed($0.value.deltaMilliseconds, at: $0.at) }, isSteady: false),
      ].filter { !$0.points.isEmpty }
    }
  }
}
