import Contracts
import Events
import RunModel

/// What one read of a source came to.
enum PollOutcome: Sendable {
  /// The source could be read.
  case read
  /// It could not; the reason in words.
  case failed(String)
  /// It answered, and with something that cannot be read; the reason in words.
  case refused(String)
}

/// A source of randomness from 0 to 1, handed in so that tests can fix it.
package typealias RandomUnit = @Sendable () -> Double

/// The machine's randomness.
package let systemRandomUnit: RandomUnit = { Double.random(in: 0..<1) }

/// The part that all pollers share: reads on schedule, says how the source stands, until cancelled.
struct PollLoop: Sendable {
  let id: SourceID
  let target: String
  let clock: any RunClock
  var schedule: PollSchedule
  let random: RandomUnit

  mutating func run(into sink: any EventSink, read: @Sendable () async -> PollOutcome) async {
    var isReading = false
    while !Task.isCancelled {
      let start = clock.now()
      let outcome = await read()
      if Task.isCancelled { return }
      let now = clock.now()
      let next: RunInstant
      switch outcome {
      case .read:
        next = schedule.succeeded(startedAt: start, now: now)
        if !isReading { await sink.emit(status(.reading), from: id) }
        isReading = true
      case .failed(let reason), .refused(let reason):
        next = schedule.failed(now: now, random: random())
        isReading = false
        let standing = SourceStatus.Standing.failing(
          reason: reason, consecutiveFailures: schedule.consecutiveFailures, retryInSeconds: max(0, next.seconds(since: now)))
        let hasAnswered = if case .refused = outcome { true } else { false }
        await sink.emit(status(standing, hasAnswered: hasAnswered), from: id)
      }
      do { try await clock.sleep(seconds: next.seconds(since: clock.now())) } catch { return }
    }
  }

  private func status(_ standing: SourceStatus.Standing, hasAnswered: Bool = false) -> RunEvent {
    var status = SourceStatus(standing: standing, target: target, intervalSeconds: schedule.interval)
    status.hasAnswered = hasAnswered
    return .sourceStatus(status)
  }
}

/// What is polled, how often, with which credentials.
package struct PollTarget: Sendable {
  /// The service it belongs to.
  package var service: ServiceName
  /// Where it is.
  package var target: TargetURL
  /// What proves who asks; nil for what the URL carries, or nothing.
  package var credentials: Credentials?
  /// Distance between two reads, in seconds of pipeline time.
  package var interval: Double
  /// How long one read may take, in seconds of real time.
  package var timeout: Double

  /// What is polled; by default once a second, with two seconds for an answer.
  package init(service: ServiceName, target: TargetURL, credentials: Credentials? = nil, interval: Double = 1, timeout: Double = 2) {
    self.service = service
    self.target = target
    self.credentials = credentials
    self.interval = interval
    self.timeout = timeout
  }
}

/// Takes the contract in force; called again when it changes.
package protocol ContractUser: Sendable {
  /// From now on this contract holds; nil while it is not known yet.
  /// - Returns: the sources whose lines another contract told until now, each of which will tell a ``LogReading``: what comes from them
  ///   before it is still told by the other one.
  @discardableResult
  func use(_ contract: Contract?) async -> Set<SourceID>
  /// The contract that holds stays: nothing has to be kept for another one.
  func settle() async
}

extension ContractUser {
  /// Nothing is kept by those that read everything anew each time.
  package func settle() async {}
}
