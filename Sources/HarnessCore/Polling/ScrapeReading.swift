import Contracts
import Events
import PrometheusText

/// What a contract finds in one worker's scrapes, one after the other: its signals, and restarts between them.
struct ScrapeReading: Sendable {
  private var resolver: SignalResolver?
  private var restarts = RestartWatch()

  /// A reading that has seen no scrape.
  /// - Parameter contract: what the signals are; nil until it is known.
  init(contract: Contract?) { resolver = contract.map { SignalResolver(contract: $0) } }

  /// The contract in force.
  var contract: Contract? { resolver?.contract }

  /// From now on signals are found by this contract.
  mutating func use(_ contract: Contract?) {
    resolver = contract.map { SignalResolver(contract: $0) }
    restarts.forgetSignals()
  }

  /// A scrape as a sample, and what tells that another process answered than before.
  /// - Parameters:
  ///   - latency: how long it took to be had, in milliseconds of real time.
  ///   - byteCount: the size of the page, in bytes.
  mutating func sample(
    of scrape: Scrape, service: ServiceName, latency: Double, byteCount: Int
  ) -> (sample: MetricsSample, restart: String?) {
    let signals = resolver?.resolve(scrape) ?? [:]
    let start = scrape.value(of: SeriesKey(name: "process_start_time_seconds")).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    let found = restarts.note(signals, contract: resolver?.contract, processStart: start)
    var sample = MetricsSample(
      service: service, scrape: scrape, signals: signals, summed: resolver?.summed ?? [:], latencyMilliseconds: latency,
      byteCount: byteCount, resetSignals: found.resets, restartEvidence: found.restartEvidence,
      processStart: start.map { WallTime(epochSeconds: $0) })
    sample.streams = resolver?.streams(of: scrape) ?? []
    sample.streamCount = max(1, sample.streams.count)
    return (sample, found.restartEvidence)
  }
}
