import Contracts
import Events
import RunModel
import WireFormats

/// Why something is not known: the sentence, and the times of the run that nothing is known of.
struct Ignorance: Hashable, Sendable {
  var reason: String
  var gaps: [EvidenceGap] = []

  /// This and something else: neither of two witnesses can tell.
  func and(_ other: Ignorance) -> Ignorance { Ignorance("\(reason); \(other.reason)", gaps: gaps + other.gaps) }

  init(_ reason: String, gaps: [EvidenceGap] = []) {
    self.reason = reason
    self.gaps = gaps
  }
}

extension JudgeContext {
  /// Why the worker's log cannot show that none of these happened between two moments, by default in the whole run; nil when it can.
  func deaf(to kinds: [HappeningKind], from: RunInstant? = nil, to end: RunInstant? = nil) -> Ignorance? {
    deaf(to: kinds, of: worker, from: from, to: end)
  }

  /// The same of another service's log.
  func deaf(to kinds: [HappeningKind], of service: ServiceName, from: RunInstant? = nil, to end: RunInstant? = nil) -> Ignorance? {
    guard !kinds.isEmpty else { return nil }
    if let reason = untold(kinds, by: service) { return Ignorance(reason) }
    return unread(service, from: from, to: end)
  }

  /// Why what was read of a log cannot tell of these, wherever it was read; nil when it can.
  func untold(_ kinds: [HappeningKind], by service: ServiceName) -> String? {
    let templates = contract.logTemplates.filter { template in
      template.told != .sometimes && kinds.contains { $0.word == template.happening }
    }
    let names = kinds.map(\.word).joined(separator: " or ")
    guard !templates.isEmpty else { return "contract \(contract.name) knows no log line that always tells of \(names)" }
    guard let log = logs[service] else { return "no log of \(service) was read" }
    guard log.lines > 0 else {
      return log.trouble.map { "the log of \(service) cannot be read: \($0)" } ?? "no line of the log of \(service) was written in the run"
    }
    guard log.isUnderstood(contract) else {
      return "\(Figure.count(log.lines, "line")) of the log of \(service) \(log.lines == 1 ? "was" : "were") read and none is understood "
        + "by contract \(contract.name)"
    }
    let lowest = log.lowestLevel
    guard templates.contains(where: { template in lowest.map { $0 <= template.level ?? .info } ?? (template.told == .always) }) else {
      let level = templates.compactMap(\.level).max() ?? .info
      return "the log of \(service) is written at level \(lowest?.rawValue ?? "?") and above: \(names) would be told at \(level.rawValue)"
    }
    return nil
  }

  /// Why not all of the time between two moments is covered by a log that is understood; nil when it is.
  func unread(_ service: ServiceName, from: RunInstant? = nil, to end: RunInstant? = nil) -> Ignorance? {
    guard let log = logs[service] else { return Ignorance("no log of \(service) was read") }
    let metrics = service == worker ? self.metrics[workerMetrics] : nil
    let interval = interval(.metrics, workerMetrics) + schedulerAllowance
    let gaps = log.gaps(of: service, from: from ?? begin, to: end ?? self.end, patience: quietSeconds, rest: input.endedAt) {
      metrics?.isIdle(from: $0, to: $1, interval: interval) ?? false
    }
    return ignorance(of: gaps)
  }

  /// Whether a service's log is read and understood at a moment: what it says last is what it says.
  func isHearing(_ service: ServiceName, at instant: RunInstant) -> Bool {
    guard let log = logs[service], log.isUnderstood(contract), let last = log.coverage.last else { return false }
    return instant.seconds(since: last) <= quietSeconds
  }

  /// Why the metrics of a service are not known for all of the time between two moments; nil when they are.
  func unscraped(_ service: ServiceName, from: RunInstant? = nil, to end: RunInstant? = nil) -> Ignorance? {
    guard let witness = metrics[service], witness.first != nil else {
      let trouble = metrics[service]?.trouble.map { ": \($0)" } ?? ""
      return Ignorance("no metrics of \(service) were read\(trouble)")
    }
    return ignorance(of: witness.gaps(of: service, from: from ?? begin, to: end ?? self.end, patience: patience(.metrics, service)))
  }

  /// What to say of gaps; nil where there are none.
  func ignorance(of gaps: [EvidenceGap]) -> Ignorance? {
    guard let first = gaps.first else { return nil }
    let more = gaps.count > 1 ? " (and \(Figure.count(gaps.count - 1, "further gap")))" : ""
    return Ignorance("not known \(span(first)): \(first.reason)\(more)", gaps: gaps)
  }

  /// "between 14:03:05 and 14:03:21", "from 14:03:05 on".
  private func span(_ gap: EvidenceGap) -> String {
    gap.to.map { "between \(time(gap.from)) and \(time($0))" } ?? "from \(time(gap.from)) on"
  }

  private func time(_ instant: RunInstant) -> String {
    let seconds = startedAt.epochSeconds + instant.seconds + Double(localUTCOffsetSeconds)
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "?" }
    let time = CivilTime(epochSeconds: Int(seconds.rounded(.down)))
    return [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  /// Why times that a service's log tells cannot be set against one another; nil when they can.
  func mistimed(_ service: ServiceName) -> Ignorance? { mistimed[service].map { Ignorance($0) } }
}
