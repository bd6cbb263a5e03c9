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
  private var resolver: SignalResolver?
  private var restarts = RestartWatch()
  /// The shape that was last compared with the contract's promises.
  private var checkedLayout: SeriesLayout?
  private var brokenPromise: Finding?
  /// What the newest shape lacks, and since when: series that come one after another are no broken promise.
  private var suspicion: (finding: Finding, since: RunInstant)?
  /// How long something promised may be missing before it is said, in seconds.
  private static let promisePatience = 3.0

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
    resolver = contract.map { SignalResolver(contract: $0) }
  }

  /// From now on signals are found by this contract.
  package func use(_ contract: Contract?) {
    resolver = contract.map { SignalResolver(contract: $0) }
    restarts.forgetSignals()
    checkedLayout = nil
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
        accept: "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.9,*/*;q=0.1")
      answer = try await fetcher.get(request)
    } catch {
      return error == .cancelled ? .read : .failed(error.description)
    }
    guard answer.isSuccess else { return .failed("HTTP \(answer.status)") }
    let scrape: Scrape
    do throws(ParseError) {
      scrape = try parser.parse(answer.body, format: ExpositionFormat(contentType: answer.contentType))
    } catch {
      return .failed(Self.reason(error, contentType: answer.contentType))
    }
    let signals = resolver?.resolve(scrape) ?? [:]
    let start = scrape.value(of: SeriesKey(name: "process_start_time_seconds")).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    let found = restarts.note(signals, contract: resolver?.contract, processStart: start)
    let sample = MetricsSample(
      service: poll.service, scrape: scrape, signals: signals, summed: resolver?.summed ?? [:],
      latencyMilliseconds: answer.latencyMilliseconds,
      byteCount: answer.body.count, resetSignals: found.resets, processStart: start.map { WallTime(epochSeconds: $0) })
    await sink.emit(.sample(.metrics(sample)), from: id)
    await comparePromises(scrape, sink)
    if let evidence = found.restartEvidence {
      let happening = Happening(.lifecycle(.restarted(evidence: evidence)), service: poll.service, provenance: .inferred)
      await sink.emit(.happening(happening), from: id)
    }
    return .read
  }

  /// Says in one line when the endpoint is not as the contract promises; looked at only when the shape of the answer changes.
  private func comparePromises(_ scrape: Scrape, _ sink: any EventSink) async {
    guard let contract = resolver?.contract, poll.service == contract.workerService else { return }
    let now = clock.now()
    if checkedLayout !== scrape.layout {
      checkedLayout = scrape.layout
      let found = ContractCheck(contract, scrape: scrape).finding
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

  private static func reason(_ error: ParseError, contentType: String?) -> String {
    let place = "no metrics text: line \(error.line), column \(error.column): \(error.message)"
    guard let type = contentType?.lowercased().prefix(while: { $0 != ";" }), type.contains("html") || type.contains("json") else {
      return place
    }
    return "the endpoint answers \(type.prefix(40)), not metrics (line \(error.line), column \(error.column))"
  }
}

/// Tells restarts of a process from its scrapes.
struct RestartWatch: Sendable {
  private var counters: [SignalID: Double] = [:]
  private var processStart: Double?

  /// A start time that moves by less is rounding.
  private static let startTolerance = 0.5

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
      guard start > before + Self.startTolerance else { return (resets, nil) }
      // What the new process does not expose yet begins again from nothing.
      counters = counters.filter { signals[$0.key] != nil }
      return (resets, "process_start_time_seconds rose by \(NumberText.shortest((start - before).rounded())) s")
    }
    return (resets, firstFall)
  }
}
