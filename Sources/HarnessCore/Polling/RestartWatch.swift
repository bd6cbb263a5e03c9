import Contracts
import Events
import WireFormats

/// Tells restarts of a process from its scrapes.
struct RestartWatch: Sendable {
  private var counters: [SignalID: Double] = [:]
  private var processStart: Double?

  /// Counters of another contract cannot be compared.
  mutating func forgetSignals() { counters.removeAll() }

  /// Compares a scrape with those before.
  ///
  /// A counter that fell was reset. That means a restart, unless the process says that it began when it began before: then
  /// only a stream's series went away.
  mutating func note(
    _ signals: [SignalID: SignalValue], contract: Contract?, processStart start: Double?
  ) -> (resets: [SignalID], restartEvidence: String?) {
    var resets: [SignalID] = []
    var firstFall: String?
    for binding in contract?.signals ?? [] {
      let value: Double?
      switch (binding.kind, signals[binding.signal]) {
      case (.counter, .number(let number)?): value = number
      case (.histogram, .histogram(let histogram)?): value = histogram.count
      default: value = nil
      }
      guard let value, !value.isNaN else { continue }
      if let before = counters[binding.signal], value < before {
        resets.append(binding.signal)
        if firstFall == nil { firstFall = "\(binding.signal) fell from \(NumberText.shortest(before)) to \(NumberText.shortest(value))" }
      }
      counters[binding.signal] = value
    }
    defer { processStart = start ?? processStart }
    if let start, let before = processStart {
      guard ProcessStart.isLater(start, than: before) == true else { return (resets, nil) }
      // What the new process does not expose yet begins again from nothing.
      counters = counters.filter { signals[$0.key] != nil }
      return (resets, "process_start_time_seconds rose by \(NumberText.shortest((start - before).rounded())) s")
    }
    return (resets, firstFall)
  }
}
