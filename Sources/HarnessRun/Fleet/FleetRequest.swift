import Contracts
import Events
import Fleet
import HarnessCore
import RunModel
import WireFormats

/// Which fleet is watched: the engines and how they are asked.
package struct FleetRequest: Sendable {
  /// Seconds between two refreshes where the command line and the file do not say.
  static let usualInterval = 5.0
  /// Seconds that one answer may take where they do not say: a query over a large fleet takes longer than a scrape.
  static let usualTimeout = 10.0

  private let targets: [EngineTarget]
  private let contract: ContractChoice
  private let match: LabelMatchers
  private let interval: Double
  private let historySeconds: Double

  /// Reads what a user asked for.
  /// - Parameters:
  ///   - watch: contract, interval, timeout and credentials.
  ///   - engines: URLs before `/api/v1`.
  ///   - match: conditions on labels; empty for none.
  ///   - historySeconds: how far back an opened worker shows.
  package init(_ watch: WatchRequest, engines: [String], match: String, historySeconds: Double) throws(Problem) {
    contract = try watch.contractChoice()
    self.match = try LabelMatchers(parsing: match)
    interval = watch.interval ?? Self.usualInterval
    self.historySeconds = historySeconds
    let named = try CredentialTexts.named(watch.credentials)
    var targets: [EngineTarget] = []
    for url in engines {
      let target = try TargetURL(url)
      targets.append(
        EngineTarget(target, credentials: named["prometheus"] ?? named["*"], timeout: watch.timeout ?? Self.usualTimeout))
    }
    self.targets = targets
  }

  /// Somebody who asks the engines.
  package func watch(_ fetcher: HTTPFetcher) -> FleetWatch {
    let readers = targets.enumerated().map { place, target in
      FleetReader(
        EngineClient(target, fetcher: fetcher), place: place, contract: contract, match: match, wallNow: { Host.wallClock() })
    }
    return FleetWatch(readers, interval: interval, wallNow: { Host.wallClock() })
  }

  /// A run that shows one worker as its engine remembers it; nil where the engine is not known.
  package func worker(_ key: WorkerKey, of moment: FleetMoment, _ watch: FleetWatch) -> RunSetUp? {
    guard let engine = moment.engines.first(where: { $0.engine.place == key.engine })?.engine, let client = watch.client(of: key.engine)
    else { return nil }
    let contract = engine.queries.contract
    let clock = EngineClock(history: historySeconds, now: Host.wallClock())
    let source = EngineWorkerSource(
      EngineWorkerSource.Worker(
        service: contract.workerService, key: key, match: match, interval: max(1, engine.workers[key]?.interval ?? interval),
        clockOffset: engine.clockOffset ?? 0), contract: contract, client: client, clock: clock)
    var options = HarnessOptions(
      contract: .fixed(contract, reason: "the fleet's"), localUTCOffsetSeconds: Host.utcOffsetSeconds())
    options.scenario = nil
    let driver = EngineWorkerDriver(name: "\(key.instance) by its engine", source: source)
    return RunSetUp(driver: driver, options: options, clock: clock)
  }
}

/// Watches one worker through an engine: starts and stops nothing.
struct EngineWorkerDriver: EnvironmentDriver {
  /// The worker. From outside.
  let name: String
  /// It owns nothing.
  let ownsServices = false
  let source: EngineWorkerSource

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    EnvironmentEndpoints(sources: [source])
  }

  func stop() async {}
}
