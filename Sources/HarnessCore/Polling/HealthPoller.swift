import Contracts
import Events
import RunModel
import WireFormats

/// Asks a service for its health.
///
/// A success status is health where the body has no status, or a good one by the contract (`{"status":"ok"}`); what cannot be reached
/// is a sample too, so that the history of a service shows its outages, and a failing status of the source with the streak.
package actor HealthPoller: EventSource, ContractUser {
  /// Who it is.
  package nonisolated let id: SourceID
  private let poll: PollTarget
  private let fetcher: HTTPFetcher
  private let clock: any RunClock
  private let random: RandomUnit
  private var words: HealthWords

  /// A poller of one health check.
  /// - Parameter contract: which words are good; nil until it is known.
  package init(
    _ poll: PollTarget, contract: Contract? = nil, fetcher: HTTPFetcher, clock: any RunClock,
    random: @escaping RandomUnit = systemRandomUnit
  ) {
    words = contract.map { HealthWords($0) } ?? .standard
    id = SourceID(.health, poll.service)
    self.poll = poll
    self.fetcher = fetcher
    self.clock = clock
    self.random = random
  }

  /// From now on words are read by this contract.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> {
    words = contract.map { HealthWords($0) } ?? .standard
    return []
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var loop = PollLoop(
      id: id, target: poll.target.description, clock: clock, schedule: PollSchedule(interval: poll.interval), random: random)
    await loop.run(into: sink) { await check(sink) }
  }

  private func check(_ sink: any EventSink) async -> PollOutcome {
    let start = ContinuousClock.now
    let outcome: HealthOutcome
    var latency: Double
    var uptime: Double?
    do {
      let request = FetchRequest(
        poll.target, credentials: poll.credentials, timeoutSeconds: poll.timeout, bodyLimit: HealthCheck.bodyLimit, overflow: .cut,
        accept: "application/json, text/plain;q=0.9, */*;q=0.8")
      let answer = try await fetcher.get(request)
      latency = answer.latencyMilliseconds
      outcome = HealthJudgement(words: words, service: poll.service).judge(answer)
      if answer.isSuccess { uptime = HealthJudgement.uptimeSeconds(in: answer.body) }
    } catch {
      if error == .cancelled { return .read }
      let elapsed = (ContinuousClock.now - start).components
      latency = Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15
      outcome = HealthCheck.outcome(of: error)
    }
    let sample = HealthSample(
      service: poll.service, outcome: outcome, latencyMilliseconds: latency, url: poll.target.description, uptimeSeconds: uptime)
    await sink.emit(.sample(.health(sample)), from: id)
    switch outcome {
    // An unhealthy answer is an answer: the source can be read, the service is what is not well.
    case .healthy, .unhealthy, .unclear: return .read
    case .unreachable(let reason), .unasked(let reason): return .failed(reason)
    }
  }
}
