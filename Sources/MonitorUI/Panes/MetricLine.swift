import Contracts
import Events
import RunModel
import TerminalCanvas
import WireFormats

/// One line of the metrics pane.
struct MetricLine {
  var title: String
  /// The value, or a word for why there is none.
  var value: String
  /// Whether there is a value.
  var isKnown: Bool
  var signal: SignalID
  var isCounter: Bool
  /// Whether it is too old to be shown as current.
  var isStale = false
  var rate: String?
  /// Why there is no value, in the sparkline's place; and the same where there is little room.
  var note = ""
  var shortNote = ""

  /// Whether the contract names a series for it.
  var isExposed: Bool { note != Self.notExposed }
  private static let notExposed = "not exposed"

  /// The note that fits.
  func note(within width: Int) -> String { displayWidth(note) > width && !shortNote.isEmpty ? shortNote : note }

  /// The seven metrics of the data model first, then every other signal of the contract.
  static func all(_ run: RunState) -> [MetricLine] {
    var lines = dataModel.map { line($0.1, $0.0, run) }
    let known = Set(dataModel.map(\.1))
    for binding in run.contract.signals where !known.contains(binding.signal) {
      lines.append(line(binding.signal, binding.title.isEmpty ? binding.signal.text : binding.title, run))
    }
    // What no endpoint can show gives way to what one does.
    return lines.filter(\.isExposed) + lines.filter { !$0.isExposed }
  }

  /// What its sparkline draws of a run: a counter's rates, else its values.
  func points(_ run: RunState) -> History<Timed<Double>>? {
    guard signal != .breakerState, let track = run.metrics.signals[signal] else { return nil }
    return isCounter ? track.rates : track.points
  }

  private static let dataModel: [(String, SignalID)] = [
    ("fragments sent", .fragmentsSent), ("  processed", .fragmentsProcessed), ("  fallback", .fragmentsFallback),
    ("in flight", .inflightFragments), ("A/V claim", .syncClaim), ("breaker", .breakerState), ("backpressure", .backpressureEvents),
    ("reconnections", .reconnections), ("fallback timeout", .fallbackTimeout), ("fallback error", .fallbackError),
    ("fallback open", .fallbackCircuitOpen), ("sts rtt p95", .speechLatency),
  ]

  static func line(_ signal: SignalID, _ title: String, _ run: RunState) -> MetricLine {
    let binding = run.contract.signals.first { $0.signal == signal }
    guard let track = run.metrics.signals[signal], let last = track.last else {
      let note = binding == nil ? notExposed : "not seen yet"
      return MetricLine(title: title, value: "–", isKnown: false, signal: signal, isCounter: false, note: note)
    }
    if let gone = track.goneAt {
      let before = last.value.number.map { text($0, signal, binding, run) }
      let age = Format.wholeAge(run.now.seconds(since: gone))
      return MetricLine(
        title: title, value: "–", isKnown: false, signal: signal, isCounter: false,
        note: "no longer exposed\(before.map { ", last \($0)" } ?? ""), \(age) ago",
        shortNote: "gone \(age)\(before.map { ", was \($0)" } ?? "")")
    }
    let isCounter = binding?.kind == .counter
    var line = MetricLine(title: title, value: "–", isKnown: true, signal: signal, isCounter: isCounter)
    let endpoint = track.service ?? run.metricsService
    if endpoint != run.metricsService { line.title += " (\(endpoint))" }
    line.isStale = run.staleSeconds(of: endpoint) != nil
    // A rate of what is read no more is none.
    if isCounter, !line.isStale { line.rate = track.meanRate(now: run.now).map(Format.ratePerMinute) }
    switch last.value {
    case .number(let number): line.value = text(number, signal, binding, run)
    case .histogram(let histogram):
      guard let p95 = histogram.quantile(0.95) else {
        line.isKnown = false
        return line
      }
      let unit = binding?.unit ?? ""
      // No closer than its bucket says.
      if histogram.isInFirstBucket(0.95), let bound = histogram.upperBounds.first {
        line.value = "≤\(withUnit(bound, unit))"
      } else {
        line.value = withUnit(p95, unit)
      }
      line.rate = histogram.mean.map { "avg \(withUnit($0, unit).replacing(" ", with: ""))" }
      if !title.contains("p95") { line.title = "\(title) p95" }
    case .ambiguous(let matches):
      line.note = run.streamCount > 1 ? "differs by stream" : "\(matches) series match"
      line.isKnown = false
    case .unclear(let reason):
      line.note = "not understood: \(reason)"
      line.isKnown = false
    }
    return line
  }

  private static func text(_ number: Double, _ signal: SignalID, _ binding: SignalBinding?, _ run: RunState) -> String {
    if signal == .breakerState { return run.contract.breakerState(code: number)?.rawValue ?? "code \(Format.number(number))" }
    if signal == .inflightFragments { return "\(Format.number(number))/\(run.inflightLimit)" }
    return withUnit(number, binding?.unit ?? "")
  }

  static func withUnit(_ number: Double, _ unit: String) -> String {
    switch unit {
    case "": Format.number(number)
    case "s": Format.milliseconds(number * 1000)
    case "ms": Format.milliseconds(number)
    case "bytes": number >= 0 && number < 1e18 ? Format.bytes(UInt64(number)) : Format.number(number)
    default: "\(Format.number(number)) \(unit)"
    }
  }
}
