import Contracts
import Events
import PrometheusText
import RunModel
import WireFormats

/// Scrapes a metrics endpoint, finds the contract's signals, and notices restarts.
package actor MetricsPoller: EventSource, ContractUser {
  /// Who it is.
  package nonisolated let id: SourceID
  private let poll: PollTarget
  private let fetcher: HTTPFetcher
  private let clock: any RunClock
  private let random: RandomUnit
  private var parser = ExpositionParser()
  private var reading: ScrapeReading
  /// The shape that was last compared with the contract's promises.
  private var checkedLayout: SeriesLayout?
  private var brokenPromise: Finding?
  /// What this process has shown of the contract.
  private var shown: Set<SignalID> = []
  /// What the newest shape lacks, and since when: series that come one after another are no broken promise.
  private var suspicion: (finding: Finding, since: RunInstant)?
  /// How long something promised may be missing before it is said, in seconds.
  private static let promisePatience = 3.0
  /// How many series the newest page had that had any.
  private var seriesBefore = 0
  private var emptiness = StandingFinding(id: "metrics-empty")
  private var deviations = StandingFinding(id: "metrics-deviate")

  /// A poller of one metrics endpoint.
  /// - Parameter contract: what the signals are; nil until it is known.
  package init(
    _ poll: PollTarget, contract: Contract?, fetcher: HTTPFetcher, clock: any RunClock, random: @escaping RandomUnit = systemRandomUnit
  ) {
    id = SourceID(.metrics, poll.service)
    self.poll = poll
    self.fetcher = fetcher
    self.clock = clock
    self.random = random
    reading = ScrapeReading(contract: contract)
  }

  /// From now on signals are found by this contract.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> {
    reading.use(contract)
    checkedLayout = nil
    suspicion = nil
    shown = []
    return []
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var loop = PollLoop(
      id: id, target: poll.target.description, clock: clock, schedule: PollSchedule(interval: poll.interval), random: random)
    await loop.run(into: sink) { await scrape(sink) }
  }

  private func scrape(_ sink: any EventSink) async -> PollOutcome {
    let answer: HTTPAnswer
    do {
      let request = FetchRequest(
        poll.target, credentials: poll.credentials, timeoutSeconds: poll.timeout, bodyLimit: HTTPFetcher.maximumBodyBytes, overflow: .fail,
        accept: ExpositionFormat.accept)
      answer = try await fetcher.get(request)
    } catch {
      return error == .cancelled ? .read : .failed(error.description)
    }
    guard answer.isSuccess else { return .refused("HTTP \(answer.status)") }
    let scrape: Scrape
    do throws(AnswerRefusal) {
      scrape = try parser.read(answer.body, contentType: answer.contentType, contentEncoding: answer.contentEncoding)
    } catch {
      return .failed("no metrics: \(error)")
    }
    let (sample, restart) = reading.sample(
      of: scrape, service: poll.service, latency: answer.latencyMilliseconds, byteCount: answer.body.count)
    await sink.emit(.sample(.metrics(sample)), from: id)
    await sayAnswer(scrape, answer.body, sink)
    if restart != nil { shown = [] }
    await comparePromises(scrape, Set(sample.signals.keys), sink)
    if let evidence = restart {
      let happening = Happening(.lifecycle(.restarted(evidence: evidence)), service: poll.service, provenance: .inferred)
      await sink.emit(.happening(happening), from: id)
    }
    return .read
  }

  /// Says in one line when the endpoint is not as the contract promises; looked at only when the shape of the answer changes.
  private func comparePromises(_ scrape: Scrape, _ signals: Set<SignalID>, _ sink: any EventSink) async {
    guard let contract = reading.contract, poll.service == contract.workerService else { return }
    let now = clock.now()
    if checkedLayout !== scrape.layout {
      checkedLayout = scrape.layout
      // What was there and is gone is an alarm of its own.
      let found = ContractCheck(contract, scrape: scrape).finding(besides: shown.subtracting(signals))
      shown.formUnion(signals)
      suspicion = found.map { ($0, suspicion?.since ?? now) }
    }
    var finding = suspicion.flatMap { now.seconds(since: $0.since) >= Self.promisePatience ? $0.finding : nil }
    // While it is not sure what is missing now, what was said before stands.
    guard finding != brokenPromise, finding != nil || suspicion == nil else { return }
    if finding == nil, let old = brokenPromise { finding = Finding(id: old.id, text: old.text, holds: false) }
    brokenPromise = finding.flatMap { $0.holds ? $0 : nil }
    guard let finding else { return }
    await sink.emit(.happening(Happening(.finding(finding), service: poll.service, provenance: .inferred)), from: id)
  }

  /// Says that a page has no sample, and what of it could not be read; each once, until it is otherwise.
  private func sayAnswer(_ scrape: Scrape, _ body: [UInt8], _ sink: any EventSink) async {
    var empty: String?
    if scrape.count == 0 {
      let page = ForeignBody.withoutSamples(body)
      empty = seriesBefore > 0 ? "the metrics of \(poll.service) had \(seriesBefore) series, and now \(page)" : "of the metrics, \(page)"
    }
    if scrape.count > 0 { seriesBefore = scrape.count }
    // What OpenMetrics forbids and costs nothing is for `dubwatch metrics --lint`: libraries do it everywhere.
    let remarks = scrape.remarks
    let isTold = remarks.lostSamples > 0 || scrape.layout.format == .text
    let told = isTold ? remarks.sentence.map { "the metrics text has \($0) (all: `dubwatch metrics --lint \(poll.target)`)" } : nil
    for finding in [emptiness.change(empty), deviations.change(told)].compactMap(\.self) {
      await sink.emit(.happening(Happening(.finding(finding), service: poll.service, provenance: .inferred)), from: id)
    }
  }
}
