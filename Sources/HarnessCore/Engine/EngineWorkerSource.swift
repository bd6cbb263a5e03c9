import Contracts
import Events
import Fleet
import PrometheusText
import RunModel
import WireFormats

/// One worker as an engine remembers it: the pages that were scraped of it, as if dubwatch had read them itself, the past first.
package actor EngineWorkerSource: EventSource, ContractUser {
  /// Which worker, and how it is asked for.
  package struct Worker: Sendable {
    /// The service that it is in the run.
    package var service: ServiceName
    /// Which one.
    package var key: WorkerKey
    /// Which series are meant.
    package var match: LabelMatchers
    /// The distance of two scrapes, in seconds.
    package var interval: Double
    /// How far the engine's clock is ahead of this machine's, in seconds.
    package var clockOffset: Double

    /// A worker.
    package init(service: ServiceName, key: WorkerKey, match: LabelMatchers, interval: Double, clockOffset: Double) {
      self.service = service
      self.key = key
      self.match = match
      self.interval = interval
      self.clockOffset = clockOffset
    }
  }

  /// Who it is.
  package nonisolated let id: SourceID
  private let worker: Worker
  private let client: EngineClient
  private let clock: EngineClock
  private let random: RandomUnit
  private var contract: Contract
  private var reading: ScrapeReading
  private var parser = ExpositionParser()
  /// The time of the newest page, by the engine's clock.
  private var newest: Double?

  /// A source that has asked nothing yet.
  package init(
    _ worker: Worker, contract: Contract, client: EngineClient, clock: EngineClock, random: @escaping RandomUnit = systemRandomUnit
  ) {
    id = SourceID(.metrics, worker.service)
    self.worker = worker
    self.client = client
    self.clock = clock
    self.random = random
    self.contract = contract
    reading = ScrapeReading(contract: contract)
  }

  /// From now on signals are found by this contract.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> {
    self.contract = contract ?? self.contract
    reading.use(contract)
    return []
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var loop = PollLoop(
      id: id, target: client.engine.target.description, clock: clock, schedule: PollSchedule(interval: worker.interval), random: random)
    await loop.run(into: sink) { await read(sink) }
  }

  private func read(_ sink: any EventSink) async -> PollOutcome {
    // However it went: the past was read, or cannot be had now.
    defer { clock.goOn() }
    // By the engine's clock, as its samples are.
    let now = clock.startOfPast + clock.history + clock.elapsed + worker.clockOffset
    let limit = Staleness.limit(intervalSeconds: worker.interval)
    let since = newest ?? (clock.isStanding ? now - clock.history : now - limit)
    let result: EngineResult
    let start = ContinuousClock.now
    do throws(EngineTrouble) {
      result = try await client.query(EngineHistory.query(worker.key, match: worker.match, seconds: now - since + 1))
    } catch {
      return error == .cancelled ? .read : .failed("the engine \(error)")
    }
    let latency = start.duration(to: .now) / .milliseconds(1)
    for page in EngineHistory.pages(result, contract: contract, after: since, until: now + limit) {
      clock.stand(at: clock.instant(of: page.time - worker.clockOffset))
      let bytes = Array(page.text.utf8)
      guard let scrape = try? parser.parse(bytes, format: .text) else { continue }
      newest = page.time
      let (sample, evidence) = reading.sample(of: scrape, service: worker.service, latency: latency, byteCount: bytes.count)
      await sink.emit(.sample(.metrics(sample)), from: id)
      if let evidence {
        let happening = Happening(.lifecycle(.restarted(evidence: evidence)), service: worker.service, provenance: .inferred)
        await sink.emit(.happening(happening), from: id)
      }
    }
    guard let newest, now - newest <= limit else {
      let age = newest.map { "nothing newer than \(FleetText.seconds(now - $0))" } ?? "no sample"
      return .failed("the engine has \(age) of this worker")
    }
    return .read
  }
}
