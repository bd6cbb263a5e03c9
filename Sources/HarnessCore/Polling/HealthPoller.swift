import Events
import RunModel
import WireFormats

/// Asks a service for its health.
///
/// A success status is health unless the service's own word says otherwise (`{"status":"degraded"}`); what cannot be reached
/// is a sample too, so that the history of a service shows its outages, and a failing status of the source with the streak.
package actor HealthPoller: EventSource {
  /// How much of a body is kept, in bytes.
  static let excerptLimit = 400

  /// Who it is.
  package nonisolated let id: SourceID
  private let poll: PollTarget
  private let fetcher: HTTPFetcher
  private let clock: any RunClock
  private let random: RandomUnit

  /// A poller of one health check.
  package init(_ poll: PollTarget, fetcher: HTTPFetcher, clock: any RunClock, random: @escaping RandomUnit = systemRandomUnit) {
    id = SourceID(.health, poll.service)
    self.poll = poll
    self.fetcher = fetcher
    self.clock = clock
    self.random = random
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
        poll.target, credentials: poll.credentials, timeoutSeconds: poll.timeout, bodyLimit: 64 * 1024, overflow: .cut,
        accept: "application/json, text/plain;q=0.9, */*;q=0.8")
      let answer = try await fetcher.get(request)
      latency = answer.latencyMilliseconds
      outcome = HealthJudgement.judge(answer)
      if answer.isSuccess { uptime = HealthJudgement.uptimeSeconds(in: answer.body) }
    } catch {
      if error == .cancelled { return .read }
      let elapsed = (ContinuousClock.now - start).components
      latency = Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15
      outcome = .unreachable(reason: error.description)
    }
    let sample = HealthSample(
      service: poll.service, outcome: outcome, latencyMilliseconds: latency, url: poll.target.description, uptimeSeconds: uptime)
    await sink.emit(.sample(.health(sample)), from: id)
    switch outcome {
    // An unhealthy answer is an answer: the source can be read, the service is what is not well.
    case .healthy, .unhealthy: return .read
    case .unreachable(let reason): return .failed(reason)
    }
  }
}

/// What an answer says about health.
enum HealthJudgement {
  /// Words that mean a service is not well, whatever its status code.
  static let badWords: Set<String> = [
    "degraded", "unhealthy", "error", "down", "fail", "failed", "failing", "critical", "not_ready", "not ready", "unavailable", "starting",
    "stopping", "dead", "false",
  ]

  static func judge(_ answer: HTTPAnswer) -> HealthOutcome {
    let excerpt = excerpt(of: answer.body)
    guard answer.isSuccess else { return .unhealthy(status: answer.status, excerpt: excerpt) }
    let word = statusWord(in: answer.body)
    if let word, badWords.contains(word.lowercased()) { return .unhealthy(status: answer.status, excerpt: excerpt) }
    return .healthy(status: answer.status, word: word, excerpt: excerpt)
  }

  /// The value of `status` (else `health`, `state`) in a JSON object.
  static func statusWord(in body: [UInt8]) -> String? {
    guard let first = body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{"), let json = JSONValue(parsing: body) else { return nil }
    for key in ["status", "health", "state"] {
      switch json[key] {
      case .string(let word): return String(word.prefix(40))
      case .bool(let value): return value ? "true" : "false"
      default: continue
      }
    }
    return nil
  }

  /// What a JSON object says in `uptime_seconds`; nil for anything but a number of seconds that can be meant.
  static func uptimeSeconds(in body: [UInt8]) -> Double? {
    guard let first = body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{"), let json = JSONValue(parsing: body),
      let seconds = json["uptime_seconds"]?.doubleValue, seconds.isFinite, seconds >= 0, seconds < 1e10
    else { return nil }
    return seconds
  }

  /// The beginning of a body as text; bad UTF-8 becomes U+FFFD, control characters stay for the screen to escape.
  static func excerpt(of body: [UInt8]) -> String {
    var end = min(body.count, HealthPoller.excerptLimit)
    // Not in the middle of a character.
    if end < body.count { while end > 0, end > HealthPoller.excerptLimit - 4, body[end] & 0xC0 == 0x80 { end -= 1 } }
    return String(decoding: body[..<end], as: UTF8.self)
  }
}
