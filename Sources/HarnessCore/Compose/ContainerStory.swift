import Events

/// Makes happenings of a service from the events of its containers.
struct ContainerStory: Sendable {
  private var hasRun: Set<String> = []
  private var lastSignal: [String: Int32] = [:]
  private var ranOutOfMemory: Set<String> = []
  private var howItEnded: [String: String] = [:]
  private static let kill: Int32 = 9
  /// How many containers are remembered: far more than a project has.
  private static let limit = 1000

  /// Notes that a container runs already when the story begins.
  mutating func noteRunning(_ container: String, hasRun: Bool) {
    if hasRun { self.hasRun.insert(container) }
  }

  /// What an event means for the service; empty for one that means nothing by itself.
  mutating func happenings(of event: ContainerEvent) -> [ServiceLifecycle] {
    if hasRun.count + lastSignal.count + howItEnded.count > Self.limit { self = ContainerStory() }
    let id = String(event.container.prefix(12))
    switch event.action {
    case "kill":
      lastSignal[id] = event.signal
    case "oom":
      ranOutOfMemory.insert(id)
    case "die":
      let signal = lastSignal.removeValue(forKey: id)
      let isOutOfMemory = ranOutOfMemory.remove(id) != nil
      if isOutOfMemory {
        howItEnded[id] = "it ran out of memory"
        return [.exited(status: event.exitCode, reason: "the engine killed it: out of memory")]
      }
      // TERM or INT, and an end by itself: that is what stopping is.
      if let signal, [2, 15].contains(signal), [0, 128 + signal].contains(event.exitCode ?? 0) {
        howItEnded[id] = "it was stopped"
        return [.stopped]
      }
      let reason = signal.map { "killed by signal \($0)" } ?? ""
      howItEnded[id] = reason.isEmpty ? "it ended with status \(event.exitCode.map { "\($0)" } ?? "unknown")" : "it was \(reason)"
      // Of a process that was killed by KILL no engine knows another status.
      let status = signal == Self.kill && (event.exitCode ?? 0) == 0 ? 128 + Self.kill : event.exitCode
      return [.exited(status: status, reason: reason)]
    case "start":
      lastSignal[id] = nil
      guard !hasRun.insert(id).inserted else { return [.started] }
      return [.restarted(evidence: "container started again after " + (howItEnded.removeValue(forKey: id) ?? "it ended"))]
    case "destroy":
      hasRun.remove(id)
      howItEnded[id] = nil
      lastSignal[id] = nil
      ranOutOfMemory.remove(id)
    default: break
    }
    return []
  }
}
