import ArgumentParser
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

extension KeepPolicy: ExpressibleByArgument {}

/// How a compose environment is brought up.
struct ComposeOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A compose file; any number, each over the ones before. Without: dubwatch's own compose/docker-compose.yml.", valueName: "FILE"))
  var composeFile: [String] = []

  @Option(help: ArgumentHelp("The project's name; without, one that no other run has.", valueName: "NAME"))
  var project: String?

  @Flag(help: "Pull nothing: one image made from this program, and stream-origin instead of MediaMTX.")
  var offline = false

  @Option(help: "Seconds from the first start of a container until everything must be healthy, 1 to 3600.")
  var upTimeout: Double = 120

  @Option(help: "Seconds that getting and building images may take, 1 to 86400.")
  var buildTimeout: Double = 3600

  mutating func validate() throws {
    guard (1...3600).contains(upTimeout) else { throw ValidationError("--up-timeout is \(upTimeout), but must be 1 to 3600.") }
    guard (1...86400).contains(buildTimeout) else { throw ValidationError("--build-timeout is \(buildTimeout), but must be 1 to 86400.") }
    if let project, let problem = ComposeProject.nameProblem(project) { throw ValidationError("--project \"\(project)\": \(problem).") }
    if offline, !composeFile.isEmpty { throw ValidationError("--offline is about dubwatch's own compose files: leave out --compose-file.") }
  }

  /// Whether any of them was given.
  var isGiven: Bool { !composeFile.isEmpty || project != nil || offline }

  /// How long all of it may take, in seconds: making images, and the services' start.
  var limitSeconds: Double { buildTimeout + upTimeout }

  /// A driver of the project that these options ask for.
  /// - Parameter variables: what the compose files may ask for besides what the environment has.
  func driver(
    services: [ServiceName: WatchConfiguration.ComposePlace] = [:], variables: [String: String] = [:], keep: KeepPolicy = .never,
    clock: any RunClock,
    processGuard: ProcessGuard,
    polling: ComposePolling = ComposePolling(), progress: @escaping @Sendable (String) async -> Void = { _ in }
  ) throws -> ComposeDriver {
    var project = try composeProject(services.mapValues(\.composeService))
    project.variables.merge(variables) { _, wanted in wanted }
    return ComposeDriver(
      project, docker: DockerCLI(processGuard: processGuard),
      environment: Host.environment,
      limits: ComposeLimits(build: buildTimeout, up: upTimeout), keep: keep, clock: clock, polling: polling, progress: progress)
  }

  private func composeProject(_ services: [ServiceName: ComposeService]) throws -> ComposeProject {
    let name = project ?? ComposeProject.uniqueName()
    if !composeFile.isEmpty {
      for file in composeFile where access(file, R_OK) != 0 { throw Problem(.file, "\(file): \(String(cString: strerror(errno)))") }
      return ComposeProject(files: composeFile, name: name, services: services)
    }
    let folder = try OwnComposeFiles.folder()
    var own = ComposeProject(
      files: ["\(folder)/docker-compose.yml"], name: name, services: services, variables: Self.buildVariables(Host.environment),
      imageVariables: ["MEDIA_SERVICE_IMAGE": "media-service", "ECHO_STS_IMAGE": "echo-sts"], buildsAlways: true)
    let ports = try FreePorts.find(Self.portVariables.count)
    for (variable, port) in zip(Self.portVariables, ports) where Host.environment[variable] == nil { own.variables[variable] = "\(port)" }
    guard offline else { return own }
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

/// Where dubwatch's own compose files lie.
enum OwnComposeFiles {
  /// The folder of `docker-compose.yml`: below the current folder, or in the checkout that this program was built in.
  static func folder() throws -> String {
    var candidates = ["compose"]
    if let program = program() {
      var parts = program.split(separator: "/").dropLast()
      while !parts.isEmpty, candidates.count < 8 {
        candidates.append("/" + parts.joined(separator: "/") + "/compose")
        parts = parts.dropLast()
      }
    }
    // Only what is ours: another project's folder of that name holds other files.
    let isOurs = { (folder: String) in
      access("\(folder)/docker-compose.yml", R_OK) == 0 && access("\(folder)/offline-context.sh", R_OK) == 0
    }
    guard let found = candidates.first(where: isOurs) else {
      throw Problem(.file, "dubwatch's compose files are not here: run it in its checkout, or give your own with --compose-file FILE")
    }
    return found
  }

  /// The path of this program; nil where the system does not tell.
  static func program() -> String? {
    #if os(Linux)
      var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let count = readlink("/proc/self/exe", &path, path.count - 1)
      return count > 0 ? String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    #else
      return nil
    #endif
  }
}
