import Events
import ProcessGuard
import RunModel
import WireFormats

/// Watches a compose project that somebody else runs: health, logs and restarts of all its services. Starts nothing, stops nothing.
package struct ComposeAttachDriver: EnvironmentDriver {
  /// `compose:NAME`.
  package let name: String
  /// It owns nothing.
  package let ownsServices = false
  private let project: ComposeProject
  private let extra: EnvironmentEndpoints
  private let docker: DockerCLI
  private let clock: any RunClock
  private let polling: ComposePolling

  /// A driver of a project that runs.
  /// - Parameters:
  ///   - services: the services of the data model by the names they have in the project; labels of a project that dubwatch made tell it too.
  ///   - extra: what is read besides.
  package init(
    project: String, services: [ServiceName: ComposeService] = [:], extra: EnvironmentEndpoints = EnvironmentEndpoints(), docker: DockerCLI,
    clock: any RunClock, polling: ComposePolling = ComposePolling()
  ) {
    name = "compose:\(project)"
    self.project = ComposeProject(files: [], name: project, services: services)
    self.extra = extra
    self.docker = docker
    self.clock = clock
    self.polling = polling
  }

  /// Fails in one sentence when there is no such project to watch.
  package func check() async throws(EnvironmentFailure) { _ = try await find() }

  /// Finds the containers, and gives what can be read of them.
  package func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    let addresses = try await find()
    var endpoints = await ComposeSources(docker: docker, clock: clock, polling: polling).endpoints(addresses, besides: extra)
    endpoints.plans += extra.plans
    return endpoints
  }

  /// Nothing to stop.
  package func stop() async {}

  private func find() async throws(EnvironmentFailure) -> ComposeAddresses {
    let engine = try await DockerEngine.find(docker)
    let containers = try await ComposeDirectory(docker).containers(of: project.name)
    guard !containers.isEmpty else {
      let others = try await projects()
      let hint =
        others.isEmpty
        ? "no compose project runs on this engine" : "there " + (others.count == 1 ? "is " : "are ") + others.joined(separator: ", ")
      throw EnvironmentFailure(
        "there is no compose project \(project.name)\(NearestWord.find(project.name, among: others).map { "; did you mean \"\($0)\"?" } ?? ""): \(hint)"
      )
    }
    var named = project
    for container in containers {
      guard let role = container.labels[ComposeProject.roleLabel].map({ ServiceName($0) }), named.services[role] == nil else { continue }
      named.services[role] = ComposeService(container.service)
    }
    return ComposeAddresses(project: named, engine: engine, containers: containers)
  }

  /// The names of the compose projects that the engine has.
  private func projects() async throws(EnvironmentFailure) -> [String] {
    let words = ["ps", "--all", "--filter", "label=\(ComposeContainer.projectLabel)"]
    let format = ["--format", "{{.Label \"\(ComposeContainer.projectLabel)\"}}"]
    let outcome = try await docker.success(words + format, seconds: ComposeDirectory.listLimit)
    return Set(outcome.text.split(whereSeparator: \.isWhitespace).map(String.init)).sorted()
  }
}
