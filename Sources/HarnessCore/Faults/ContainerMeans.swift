import Events

/// Stops, kills and freezes containers.
package struct ContainerMeans: FaultMeans {
  /// How long docker may take for one step, in real seconds.
  private static let limit = 20.0

  /// What is done to containers.
  package let kind = FaultKind.Means.containers
  private let docker: DockerCLI
  private let container: @Sendable (ServiceName) async -> String?

  /// - Parameter container: the id of the container that plays a part; nil while there is none.
  init(docker: DockerCLI, container: @escaping @Sendable (ServiceName) async -> String?) {
    self.docker = docker
    self.container = container
  }

  /// Whether it can be reached.
  package func can(_ fault: Fault) async -> FaultAbility {
    if await container(fault.service) != nil { return .able }
    let isKnown = TestEnvironment.requiredServices.contains(fault.service)
    return .unable(isKnown ? "the container does not run yet" : "\(fault.service) has no container")
  }

  /// Brings a fault about; only what runs is stopped, killed or frozen.
  package func begin(_ fault: Fault, lease: Double?) async throws {
    guard let container = await container(fault.service) else { throw FaultRefusal("\(fault.service) has no container") }
    let words: [String]
    switch fault.kind {
    case .containerStop: words = ["stop", "--time", "5"]
    case .containerKill: words = ["kill"]
    case .containerPause: words = ["pause"]
    default: throw FaultRefusal("\(fault.kind.id) is nothing that is done to a container")
    }
    // What did not run before would run afterwards, and what somebody else had frozen would be thawed.
    let state = try await state(of: container)
    guard state == "running" else { throw FaultRefusal("its container is \(state)") }
    try await docker.success(words + [container], seconds: Self.limit)
  }

  /// The engine's word for what a container is: `running`, `paused`, `exited`. Nothing is done by looking.
  private func state(of container: String) async throws(FaultRefusal) -> String {
    do throws(EnvironmentFailure) {
      let outcome = try await docker.success(["inspect", "--format", "{{.State.Status}}", container], seconds: Self.limit)
      return outcome.text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "in no known state"
    } catch { throw FaultRefusal(error.description) }
  }

  /// Puts things back.
  package func end(_ fault: Fault) async throws {
    guard let container = await container(fault.service) else { return }
    guard fault.kind == .containerPause else {
      // Harmless when it runs.
      try await docker.success(["start", container], seconds: Self.limit)
      return
    }
    do { try await docker.success(["unpause", container], seconds: Self.limit) } catch {
      // Somebody else may have thawed or removed it; docker calls that an error.
      let state = try await docker.run(["inspect", "--format", "{{.State.Paused}}", container], seconds: Self.limit)
      if !state.isSuccess || state.text.contains("true") { throw error }
    }
  }
}
