import Events

/// Makes the sources that read a running project: health, metrics, logs, and what the engine tells.
struct ComposeSources: Sendable {
  let docker: DockerCLI
  let clock: any RunClock
  let polling: ComposePolling

  /// Where the services of a project can be read.
  /// - Parameter given: what is read anyway, in place of what would be found for it.
  func endpoints(_ addresses: ComposeAddresses, besides given: EnvironmentEndpoints = EnvironmentEndpoints()) async -> EnvironmentEndpoints
  {
    var endpoints = EnvironmentEndpoints()
    func add<Plan: PolledPlan>(_ kind: Plan.Type, _ role: ServiceName, _ url: String?) {
      guard let url, let target = try? TargetURL(url), !given.plans(of: kind).contains(where: { $0.service == role }) else { return }
      endpoints.plans.append(Plan(PollTarget(service: role, target: target, interval: polling.interval, timeout: polling.timeout)))
    }
    add(MediaServerPlan.self, .mediaServer, addresses.base(.mediaServer))
    for role in [ServiceName.mediaService, .speechService] { add(HealthPlan.self, role, addresses.health(role)) }
    add(MetricsPlan.self, .mediaService, addresses.metrics(.mediaService))
    // A media server is asked by its API, everything else by its health check.
    let asked = Set(
      [endpoints, given].flatMap { $0.plans(of: HealthPlan.self).map(\.service) + $0.plans(of: MediaServerPlan.self).map(\.service) })
    let logged = Set(given.loggedServices)
    let names = Set(addresses.containers.map(\.service)).sorted()
    let roles = Dictionary(names.map { ($0, addresses.role(of: $0)) }) { first, _ in first }
    let since = addresses.engine.isRemote ? nil : Int64(clock.wallNow().epochSeconds * 1e9)
    let watch = ContainerWatch(
      project: addresses.project.name, containers: addresses.containers, roles: { roles[$0] ?? ServiceName($0) },
      listensToHealth: Set(roles.values).subtracting(asked), docker: docker, clock: clock, since: since)
    endpoints.sources.append(watch)
    for name in names where !logged.contains(roles[name] ?? ServiceName(name)) {
      endpoints.sources.append(
        ContainerLogFollower(
          role: roles[name] ?? ServiceName(name), service: name, project: addresses.project.name, docker: docker,
          starts: await watch.starts(of: name), begin: since.map(EngineTime.init), hostUTCOffsetSeconds: polling.hostUTCOffsetSeconds))
    }
    return endpoints
  }
}
