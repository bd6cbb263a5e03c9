import Events
import RunModel

/// What happened to the services' processes, and whether a step of the scenario asked for it.
struct Disturbances: Sendable {
  /// A process that began again in the run, or ended in it.
  struct ProcessChange: Sendable {
    var service: ServiceName
    var evidence: String
    var at: RunInstant
    var sequence: UInt64
  }

  private struct FaultKey: Hashable {
    var id: Int
    var service: ServiceName
  }

  private struct FaultSpan {
    var from: RunInstant
    var to: RunInstant?
  }

  /// Services of whose processes dubwatch, or the engine that runs them, tells.
  private(set) var ownProcesses: Set<ServiceName> = []
  private(set) var restarts: [ProcessChange] = []
  /// Processes that ended in the run.
  private(set) var ends: [ProcessChange] = []
  /// Faults that end, start or freeze a process.
  private var faults: [FaultKey: FaultSpan] = [:]
  /// Which processes have ended, as far as their own environment told so: a log's "stopped" may be about a stream.
  private var ended: Set<ServiceName> = []

  mutating func note(_ fault: FaultHappening, on service: ServiceName, at instant: RunInstant) {
    guard FaultKind.disturbsProcess(called: fault.kind), faults.count < 256 else { return }
    let key = FaultKey(id: fault.id, service: service)
    switch fault.phase {
    case .began: faults[key] = FaultSpan(from: instant)
    case .momentary: faults[key] = FaultSpan(from: instant, to: instant)
    case .ended: faults[key, default: FaultSpan(from: instant)].to = instant
    // It may have been done all the same; but nobody asked for what comes later.
    case .failed: faults[key]?.to = instant
    }
  }

  mutating func note(_ lifecycle: ServiceLifecycle, of service: ServiceName, _ event: JudgedEvent, isOfRun: Bool, isAtWork: Bool) {
    if event.happening?.provenance == .own { ownProcesses.insert(service) }
    switch lifecycle {
    case .restarted(let evidence): if isOfRun { add(service, evidence, event) }
    case .exited(_, let reason):
      ended.insert(service)
      if isOfRun, ends.count < 64 {
        ends.append(
          ProcessChange(
            service: service, evidence: reason.isEmpty ? "it ended" : reason, at: event.at, sequence: event.envelope.sequence))
      }
    case .stopped: if event.envelope.source.kind != .log { ended.insert(service) }
    case .started:
      if ended.remove(service) != nil {
        if isOfRun { add(service, "it began again after its end", event) }
      } else if isAtWork, isOfRun {
        add(service, "it began again in the middle of its work", event)
      }
    }
  }

  private mutating func add(_ service: ServiceName, _ evidence: String, _ event: JudgedEvent) {
    guard restarts.count < 64 else { return }
    restarts.append(ProcessChange(service: service, evidence: evidence, at: event.at, sequence: event.envelope.sequence))
  }

  /// Whether a fault is in force, or was until just now: a restart may be seen one reading later, and a fault is told of when it is done,
  /// after the process that it started.
  func isAsked(_ restart: ProcessChange, grace: Double) -> Bool {
    faults.contains { key, span in
      key.service == restart.service && span.from.seconds(since: restart.at) <= grace
        && span.to.map { restart.at.seconds(since: $0) <= grace } ?? true
    }
  }
}

extension JudgeContext {
  /// The first end of a process that neither a fault nor an expectation explains.
  var unaskedEnd: Disturbances.ProcessChange? {
    disturbances.ends.first { end in
      end.at < self.end && !expectedEnds.contains(end.service) && !disturbances.isAsked(end, grace: patience(.metrics, end.service))
    }
  }

  /// The first restart that no fault explains.
  /// - Parameter now: a restart counts only when a fault would have been told of by then; nil for the end, when all count.
  func unaskedRestart(by now: RunInstant?, where isMeant: (ServiceName) -> Bool = { _ in true }) -> Disturbances.ProcessChange? {
    disturbances.restarts.first { restart in
      let grace = patience(.metrics, restart.service)
      if let now, now.seconds(since: restart.at) <= grace { return false }
      return isMeant(restart.service) && !disturbances.isAsked(restart, grace: grace)
    }
  }
}
