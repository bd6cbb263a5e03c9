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
    func target(_ role: ServiceName, _ url: String?, _ given: [PollTarget]) -> PollTarget? {
      guard let url, let target = try? TargetURL(url), !given.contains(where: { $0.service == role }) else { return nil }
      return PollTarget(service: role, target: target, interval: polling.interval, timeout: polling.timeout)
    }
    if let server = target(.mediaServer, addresses.base(.mediaServer), given.mediaServers) { endpoints.mediaServers.append(server) }
    for role in [ServiceName.mediaService, .speechService] {
      if let health = target(role, addresses.health(role), given.health) { endpoints.health.append(health) }
    }
    if let metrics = target(.mediaService, addresses.metrics(.mediaService), given.metrics) { endpoints.metrics.append(metrics) }
    // A media server is asked by its API, everything else by its health check.
    let asked = Set((endpoints.health + endpoints.mediaServers + given.health + given.mediaServers).map(\.service))
    let logged = Set(given.logFiles.map(\.service) + given.logCommands.map(\.service))
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
          starts: await watch.starts(of: name), hostUTCOffsetSeconds: polling.hostUTCOffsetSeconds))
    }
    return endpoints
  }
}
