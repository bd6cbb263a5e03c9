import Contracts
import Events
import HarnessConfig
import HarnessCore
import ProcessGuard
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a compose environment is brought up, as a command line and a configuration file say it.
package struct ComposePlan: Sendable {
  /// The compose files, each over the ones before; empty for dubwatch's own.
  package var files: [String]
  /// The project's name; nil for one that no other run has.
  package var project: String?
  /// Whether nothing is pulled.
  package var isOffline: Bool
  /// How long images and the start may take.
  package var limits: ComposeLimits
  /// When the project is left as it is at the end.
  package var keep: KeepPolicy
  /// Who plays which part; a service that is not here has its own name.
  package var services: [ServiceName: WatchConfiguration.ComposePlace]

  /// How an environment is brought up.
  package init(
    files: [String], project: String?, isOffline: Bool, limits: ComposeLimits, keep: KeepPolicy,
    services: [ServiceName: WatchConfiguration.ComposePlace]
  ) {
    self.files = files
    self.project = project
    self.isOffline = isOffline
    self.limits = limits
    self.keep = keep
    self.services = services
  }

  /// How long all of it may take, in seconds: making images, and the services' start.
  var limitSeconds: Double { limits.build + limits.up }

  /// A driver of the project.
  /// - Parameters:
  ///   - variables: what the compose files may ask for besides what the environment has.
  ///   - words: which words of a health answer are good.
  ///   - progress: takes what compose says while images are made and containers start.
  package func driver(
    variables: [String: String] = [:], words: HealthWords = .standard, clock: any RunClock, processGuard: ProcessGuard,
    progress: @escaping @Sendable (String) async -> Void = { _ in }
  ) throws -> ComposeDriver {
    var project = try composeProject()
    project.variables.merge(variables) { _, wanted in wanted }
    return ComposeDriver(
      project, docker: DockerCLI(processGuard: processGuard), environment: Host.environment, limits: limits, keep: keep, clock: clock,
      polling: ComposePolling(words: words, hostUTCOffsetSeconds: Host.utcOffsetSeconds()), progress: progress)
  }

  private func composeProject() throws(Problem) -> ComposeProject {
    let name = project ?? ComposeProject.uniqueName()
    let services = services.mapValues(\.composeService)
    if !files.isEmpty {
      for file in files where access(file, R_OK) != 0 { throw Problem(.file, "\(file): \(String(cString: strerror(errno)))") }
      return ComposeProject(files: files, name: name, services: services)
    }
    let folder = try OwnComposeFiles.folder()
    var own = ComposeProject(
      files: ["\(folder)/docker-compose.yml"], name: name, services: services, variables: Self.buildVariables(Host.environment),
      imageVariables: ["MEDIA_SERVICE_IMAGE": "media-service", "ECHO_STS_IMAGE": "echo-sts"], buildsAlways: true)
    let ports = try FreePorts.find(Self.portVariables.count)
    for (variable, port) in zip(Self.portVariables, ports) where Host.environment[variable] == nil { own.variables[variable] = "\(port)" }
    guard isOffline else {
      // An installed program has no sources to make images of.
      let needed = ["MEDIA_SERVICE", "ECHO_STS"].filter { part in
        ["\(part)_IMAGE", "\(part)_BUILD_CONTEXT"].allSatisfy { Host.environment[$0]?.isEmpty ?? true }
      }
      guard needed.isEmpty || access("\(folder)/Dockerfile", R_OK) == 0 else {
        throw Problem(
          .environment, "an installed dubwatch has no sources to build its stand-ins of",
          hint:
            "add --offline, which makes their image of the program itself, or set \(needed.map { "\($0)_IMAGE" }.joined(separator: " and "))"
        )
      }
      return own
    }
    guard let program = OwnComposeFiles.program() else {
      throw Problem(.environment, "--offline puts this program into an image, which only works on Linux")
    }
    let context = "\(ComposeProject.temporaryFolder(Host.environment))/\(ComposeProject.uniqueName())"
    own.files.append("\(folder)/offline.yml")
    own.imageVariables = [:]
    own.variables = own.variables.filter { Self.portVariables.contains($0.key) }
    own.variables["DUBWATCH_OFFLINE_CONTEXT"] = context
    own.preparation = ["\(folder)/offline-context.sh", program, context]
    own.temporaryPaths = [context]
    return own
  }

  /// The ports that our files publish: chosen here, as one that the engine chooses is another after each restart of its container.
  private static let portVariables = [
    "DUBWATCH_RTMP_PORT", "DUBWATCH_RTSP_PORT", "DUBWATCH_API_PORT", "DUBWATCH_SERVER_METRICS_PORT", "DUBWATCH_STS_PORT",
    "DUBWATCH_METRICS_PORT",
  ]

  /// What goes with a build context of the user's: its own Dockerfile, and no stage of ours.
  private static func buildVariables(_ environment: [String: String]) -> [String: String] {
    var variables: [String: String] = [:]
    for service in ["MEDIA_SERVICE", "ECHO_STS"] where environment["\(service)_BUILD_CONTEXT"]?.isEmpty == false {
      if environment["\(service)_DOCKERFILE"] == nil { variables["\(service)_DOCKERFILE"] = "Dockerfile" }
      if environment["\(service)_BUILD_TARGET"] == nil { variables["\(service)_BUILD_TARGET"] = "" }
    }
    return variables
  }
}

extension WatchConfiguration.ComposePlace {
  /// The same for the driver.
  var composeService: ComposeService { ComposeService(service, port: port, health: health, metrics: metrics) }
}
