import HarnessModel

/// What can be done to a container.
public enum ContainerFault: String, Sendable, CaseIterable {
  /// TERM, then KILL after 5 s; started again at the end.
  case stop
  /// KILL; started again at the end, as no restart policy answers to it.
  case kill
  /// Frozen, with its connections open; thawed at the end.
  case pause

  /// The name of the fault of a service: `container-pause:echo-sts`.
  public func id(_ service: ServiceName) -> String { "container-\(rawValue):\(service)" }

  /// Reads ``id(_:)``.
  public init?(id: String) {
    guard let colon = id.firstIndex(of: ":"), id.hasPrefix("container-") else { return nil }
    self.init(rawValue: String(id[..<colon].dropFirst("container-".count)))
  }

  func title(_ service: ServiceName) -> String {
    switch self {
    case .stop: "Stop the container of \(service) for \(Int(ComposeDriver.faultSeconds)) s"
    case .kill: "Kill the container of \(service), start it after \(Int(ComposeDriver.faultSeconds)) s"
    case .pause: "Freeze the container of \(service) for \(Int(ComposeDriver.faultSeconds)) s"
    }
  }

  /// The words of docker that begin it.
  var beginning: [String] {
    switch self {
    case .stop: ["stop", "--time", "5"]
    case .kill: ["kill"]
    case .pause: ["pause"]
    }
  }

  /// The words of docker that end it.
  var ending: [String] { self == .pause ? ["unpause"] : ["start"] }
}

/// A fault that has begun and has not ended.
struct RunningFault: Sendable {
  var fault: ContainerFault
  var service: ServiceName
  var container: String
  var timer: Task<Void, Never>?
}

extension ComposeDriver {
  /// How long a fault of the menu lasts, in seconds of the run.
  public static let faultSeconds = 10.0
  /// How long docker may take for one, in real seconds.
  private static let faultLimit = 20.0

  /// Stop, kill and pause of each of the three services.
  public var faults: [FaultDescriptor] {
    TestEnvironment.requiredServices.flatMap { service in
      ContainerFault.allCases.map { fault in
        let isThere = addresses?.container(service) != nil
        return FaultDescriptor(
          id: fault.id(service), title: fault.title(service), unavailableReason: isThere ? nil : "the container does not run yet")
      }
    }
  }

  /// Injects a fault of ``faults`` for ``faultSeconds``.
  public func inject(_ id: String) async throws(EnvironmentFailure) {
    guard let fault = ContainerFault(id: id), let colon = id.firstIndex(of: ":") else {
      throw EnvironmentFailure("there is no fault \(id)" + NearestWord.hint(id, among: faults.map(\.id)))
    }
    _ = try await begin(fault, on: ServiceName(String(id[id.index(after: colon)...])), seconds: Self.faultSeconds)
  }

  /// Begins a fault; it ends after a time, or by ``end(fault:)``, or with the run.
  /// - Parameter seconds: how long it lasts, in seconds of the run; nil for until it is ended.
  /// - Returns: its number, as its happenings carry it.
  @discardableResult
  public func begin(_ fault: ContainerFault, on service: ServiceName, seconds: Double?) async throws(EnvironmentFailure) -> Int {
    guard let container = addresses?.container(service) else { throw EnvironmentFailure("\(service) has no container") }
    let number = nextFault
    nextFault += 1
    let detail = seconds.map { "\(service) for \(Int($0.rounded())) s" } ?? service.text
    do throws(EnvironmentFailure) {
      try await docker.success(fault.beginning + [container.id], seconds: Self.faultLimit)
    } catch {
      await say(number, fault, "\(detail): \(error)", .failed, service)
      throw error
    }
    await say(number, fault, detail, .began, service)
    var running = RunningFault(fault: fault, service: service, container: container.id, timer: nil)
    if let seconds {
      let clock = clock
      running.timer = Task {
        guard (try? await clock.sleep(seconds: seconds)) != nil else { return }
        try? await self.end(fault: number)
      }
    }
    runningFaults[number] = running
    return number
  }

  /// Ends a fault; harmless when it has ended.
  public func end(fault number: Int) async throws(EnvironmentFailure) {
    guard let running = runningFaults.removeValue(forKey: number) else { return }
    running.timer?.cancel()
    do throws(EnvironmentFailure) {
      // In a task of its own: a fault must not last because whoever ends it was cancelled.
      let docker = docker
      let words = running.fault.ending + [running.container]
      let limit = Self.faultLimit
      try await Task { () -> Result<Void, EnvironmentFailure> in
        do throws(EnvironmentFailure) { return .success(_ = try await docker.success(words, seconds: limit)) } catch {
          return .failure(error)
        }
      }.value.get()
    } catch {
      let finding = Finding(id: "fault-\(number)-not-ended", text: "the fault could not be ended: \(error)")
      await sink?.emit(.happening(Happening(.finding(finding), service: running.service, provenance: .own)), from: .harness)
      await say(number, running.fault, running.service.text, .ended, running.service)
      throw error
    }
    await say(number, running.fault, running.service.text, .ended, running.service)
  }

  /// Ends all faults as the project goes down: nothing is started any more, only said.
  func endFaults() async {
    for (number, running) in runningFaults.sorted(by: { $0.key < $1.key }) {
      running.timer?.cancel()
      // A frozen container would hold up its own stop.
      if running.fault == .pause { _ = try? await docker.run(["unpause", running.container], seconds: Self.faultLimit) }
      await say(number, running.fault, running.service.text, .ended, running.service)
    }
    runningFaults = [:]
  }

  private func say(_ number: Int, _ fault: ContainerFault, _ detail: String, _ phase: FaultHappening.Phase, _ service: ServiceName) async {
    let happening = FaultHappening(id: number, kind: "container \(fault.rawValue)", detail: detail, phase: phase)
    await sink?.emit(.happening(Happening(.fault(happening), service: service, provenance: .own)), from: .harness)
  }
}
