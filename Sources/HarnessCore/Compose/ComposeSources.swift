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
      guard !endpoints.plans(of: kind).contains(where: { $0.service == role }) else { return }
      guard let url, let target = try? TargetURL(url), !given.plans(of: kind).contains(where: { $0.service == role }) else { return }
      endpoints.plans.append(Plan(PollTarget(service: role, target: target, interval: polling.interval, timeout: polling.timeout)))
    }
    add(MediaServerPlan.self, .mediaServer, addresses.base(.mediaServer))
    for role in [ServiceName.mediaService, .speechService] { add(HealthPlan.self, role, addresses.health(role)) }
    add(MetricsPlan.self, .mediaService, addresses.metrics(.mediaService))
    for role in [ServiceName.mediaService, .speechService] {
      for other in addresses.others(of: addresses.project.service(role).name) {
        add(HealthPlan.self, other.name, other.addresses.health(role))
        if role == .mediaService { add(MetricsPlan.self, other.name, other.addresses.metrics(role)) }
      }
    }
    // A media server is asked by its API, everything else by its health check.
    let asked = Set(
      [endpoints, given].flatMap { $0.plans(of: HealthPlan.self).map(\.service) + $0.plans(of: MediaServerPlan.self).map(\.service) })
    let logged = Set(given.loggedServices)
    let names = Set(addresses.containers.map(\.service)).sorted()
    let roles = Dictionary(names.map { ($0, addresses.names(of: $0)) }) { first, _ in first }
    let all = addresses.containers.map { (roles[$0.service] ?? addresses.names(of: $0.service)).name($0.number) }
    let since = addresses.engine.isRemote ? nil : Int64(clock.wallNow().epochSeconds * 1e9)
    let watch = ContainerWatch(
      project: addresses.project.name, containers: addresses.containers,
      roles: { service, number in roles[service]?.name(number) ?? ServiceName(service) }, listensToHealth: Set(all).subtracting(asked),
      docker: docker, clock: clock, since: since)
    endpoints.sources.append(watch)
    for name in names {
      let containers = roles[name] ?? ContainerNames(role: ServiceName(name), first: nil)
      guard !logged.contains(containers.role) else { continue }
      endpoints.sources.append(
        ContainerLogFollower(
          containers, service: name, project: addresses.project.name, docker: docker,
          starts: await watch.starts(of: name), begin: since.map(EngineTime.init), hostUTCOffsetSeconds: polling.hostUTCOffsetSeconds))
    }
    return endpoints
  }
}
