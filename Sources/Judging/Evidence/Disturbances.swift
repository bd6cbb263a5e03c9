import Events
import RunModel

/// What happened to the services' processes, and whether a step of the scenario asked for it.
struct Disturbances: Sendable {
  /// A restart, or an end, that nobody asked for.
  struct Restart: Sendable {
    var service: ServiceName
    var evidence: String
    var at: RunInstant
    var sequence: UInt64
  }

  /// How long after a fault on a process its restart may still be seen, in seconds at the speed of real time: until the next scrapes.
  private static let afterglow = 10.0

  /// Services of whose processes dubwatch, or the engine that runs them, tells.
  private(set) var ownProcesses: Set<ServiceName> = []
  private(set) var unasked: [Restart] = []
  /// Services whose process a fault ended or froze, and until when that explains what is seen; nil while the fault is in force.
  private var disturbed: [ServiceName: RunInstant?] = [:]
  /// Services that ended and have not been seen to start again.
  private var ended: Set<ServiceName> = []

  mutating func note(_ fault: FaultHappening, on service: ServiceName, at instant: RunInstant, speed: Double) {
    guard FaultKind.disturbsProcess(called: fault.kind) else { return }
    switch fault.phase {
    case .began: disturbed[service] = .some(nil)
    case .ended, .momentary: disturbed[service] = .some(instant.advanced(bySeconds: Self.afterglow * max(1, speed)))
    case .failed: break
    }
  }

  /// Whether a fault explains that a service's process ended or began just now.
  func isAsked(_ service: ServiceName, at instant: RunInstant) -> Bool {
    guard let until = disturbed[service] else { return false }
    return until.map { instant <= $0 } ?? true
  }

  mutating func note(_ lifecycle: ServiceLifecycle, of service: ServiceName, _ event: JudgedEvent) {
    if event.happening?.provenance == .own { ownProcesses.insert(service) }
    switch lifecycle {
    case .restarted(let evidence): add(service, evidence, event)
    case .exited: ended.insert(service)
    case .started: if ended.remove(service) != nil { add(service, "it ended and was started again", event) }
    case .stopped: break
    }
  }

  mutating func noteBefore(of service: ServiceName, _ event: JudgedEvent) {
    if event.happening?.provenance == .own { ownProcesses.insert(service) }
  }

  private mutating func add(_ service: ServiceName, _ evidence: String, _ event: JudgedEvent) {
    guard !isAsked(service, at: event.at), unasked.count < 16 else { return }
    unasked.append(Restart(service: service, evidence: evidence, at: event.at, sequence: event.envelope.sequence))
  }
}
