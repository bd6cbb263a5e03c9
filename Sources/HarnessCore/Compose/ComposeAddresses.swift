import Events

/// Where the services of a project are reached from here.
struct ComposeAddresses: Sendable {
  let project: ComposeProject
  let engine: DockerEngine
  var containers: [ComposeContainer]
  /// Variables of the services, by the names of the compose file, where the file is known.
  var environment: [String: [String: String]] = [:]

  /// The container that plays a part; one that runs before one that does not.
  func container(_ role: ServiceName) -> ComposeContainer? {
    let name = project.service(role).name
    let all = containers.filter { $0.service == name }
    return all.first(where: \.isRunning) ?? all.first
  }

  /// Names the containers of a service: the one that plays its part by the service's name, each other by its number as well, as
  /// `media-service-2`.
  func names(of service: String) -> ContainerNames {
    let role = role(of: service)
    return ContainerNames(role: role, first: container(role)?.number)
  }

  /// The containers of a service beside the one that plays its part, each with its name and as if it were the only one.
  func others(of service: String) -> [(name: ServiceName, addresses: ComposeAddresses)] {
    let names = names(of: service)
    return containers.filter { $0.service == service }.compactMap { container in
      let name = names.name(container.number)
      guard name != names.role else { return nil }
      var single = self
      single.containers = [container]
      return (name, single)
    }
    .sorted { $0.name < $1.name }
  }

  /// What dubwatch calls a service of the compose file.
  func role(of service: String) -> ServiceName {
    TestEnvironment.requiredServices.first { project.service($0).name == service } ?? ServiceName(service)
  }

  /// `HOST:PORT` of a port of a service's container; nil when it is not published where we can reach it.
  func hostPort(_ role: ServiceName, port: Int) -> String? {
    guard let container = container(role) else { return nil }
    if container.networks == ["host"] { return "\(engine.publishedHost):\(port)" }
    let published = container.publishers.filter { $0.targetPort == port }
    // An IPv4 address first: both are listed, and some machines route only one.
    return published.sorted { !$0.address.contains(":") && $1.address.contains(":") }.lazy.compactMap { host($0.address, $0.publishedPort) }
      .first
  }

  private func host(_ address: String, _ port: Int) -> String? {
    switch address {
    case "", "0.0.0.0", "::", "[::]": "\(engine.publishedHost):\(port)"
    // The loopback of another machine is not ours.
    case "127.0.0.1", "::1", "[::1]", "localhost": engine.isRemote ? nil : address.contains(":") ? "[::1]:\(port)" : "127.0.0.1:\(port)"
    default: address.contains(":") && !address.hasPrefix("[") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
  }

  /// `http://HOST:PORT` where a service answers; nil when that port is not published.
  func base(_ role: ServiceName) -> String? {
    for port in candidates(role) {
      if let address = hostPort(role, port: port) { return "http://\(address)" }
    }
    return nil
  }

  /// The ports on which a service may answer, the likeliest first.
  func candidates(_ role: ServiceName) -> [Int] {
    let service = project.service(role)
    if let port = service.port { return [port] }
    let said = { (name: String) in environment[service.name]?[name].flatMap { Int($0) }.map { [$0] } ?? [] }
    switch role {
    case .mediaServer: return [9997, 8889]
    case .mediaService: return said("METRICS_PORT") + [8000, 8080] + only(role)
    case .speechService: return said("ECHO_PORT") + said("PORT") + [8080, 8000, 3000] + only(role)
    default: return only(role)
    }
  }

  /// The port of a service that publishes just one.
  private func only(_ role: ServiceName) -> [Int] {
    let ports = Set(container(role)?.publishers.map(\.targetPort) ?? [])
    return ports.count == 1 ? Array(ports) : []
  }

  /// The URL of a service's health check; nil when it is not published.
  func health(_ role: ServiceName) -> String? {
    base(role).map { $0 + (role == .mediaServer ? "/v3/paths/list" : path(project.service(role).health, "/health")) }
  }

  /// The URL of a service's metrics; nil when it is not published.
  func metrics(_ role: ServiceName) -> String? { base(role).map { $0 + path(project.service(role).metrics, "/metrics") } }

  private func path(_ given: String?, _ usual: String) -> String {
    guard let given, !given.isEmpty else { return usual }
    return given.hasPrefix("/") ? given : "/" + given
  }

  /// Where a stream is published to, or read from, on the media server: RTMP, else RTSP, else HTTP, as it is published.
  func stream(_ path: String) -> String? {
    if let address = hostPort(.mediaServer, port: 1935) { return "rtmp://\(address)/\(path)" }
    if let address = hostPort(.mediaServer, port: 8554) { return "rtsp://\(address)/\(path)" }
    return base(.mediaServer).map { "\($0)/\(path)" }
  }
}
