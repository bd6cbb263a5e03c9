import ProcessGuard

/// The user's docker command, with the user's environment: DOCKER_HOST, DOCKER_CONTEXT and the like go to it as they are.
package struct DockerCLI: Sendable {
  /// The command: a name to look for in PATH, or a path.
  package var executable: String
  /// Variables to set (or, with nil, to remove) besides.
  package var environment: [String: String?]
  let processGuard: ProcessGuard

  /// The user's docker command.
  package init(executable: String = "docker", environment: [String: String?] = [:], processGuard: ProcessGuard) {
    self.executable = executable
    self.environment = environment
    self.processGuard = processGuard
  }

  /// What keeps compose from drawing, asking and advertising.
  private static let quiet: [String: String?] = [
    "COMPOSE_ANSI": "never", "COMPOSE_PROGRESS": "plain", "COMPOSE_MENU": "false", "BUILDKIT_PROGRESS": "plain",
    "DOCKER_CLI_HINTS": "false",
  ]
  /// What would make a command that names a project look for a compose file all the same.
  private static let files: [String: String?] = ["COMPOSE_FILE": nil, "COMPOSE_PROFILES": nil, "COMPOSE_ENV_FILES": nil]

  /// Runs `docker` to its end.
  func run(
    _ arguments: [String], seconds: Double, environment extra: [String: String?] = [:], line: (@Sendable (String) async -> Void)? = nil
  ) async throws(EnvironmentFailure) -> CommandOutcome {
    try await CommandRunner(processGuard: processGuard).run(request(arguments, extra), seconds: seconds, line: line)
  }

  /// Runs `docker compose` about a project that is known by its labels, whatever compose files lie around.
  func compose(project: String, _ arguments: [String], seconds: Double) async throws(EnvironmentFailure) -> CommandOutcome {
    var request = request(["compose", "--project-name", project] + arguments, Self.files)
    request.workingDirectory = "/"
    return try await CommandRunner(processGuard: processGuard).run(request, seconds: seconds)
  }

  /// Runs `docker` to its end; anything but success is a failure in words.
  @discardableResult
  func success(_ arguments: [String], seconds: Double) async throws(EnvironmentFailure) -> CommandOutcome {
    let outcome = try await run(arguments, seconds: seconds)
    try Self.check(outcome, "docker " + arguments.prefix(2).joined(separator: " "), seconds: seconds)
    return outcome
  }

  /// A docker command as a child.
  func request(_ arguments: [String], _ extra: [String: String?] = [:]) -> ChildRequest {
    var all = Self.quiet
    for (name, value) in environment { all.updateValue(value, forKey: name) }
    for (name, value) in extra { all.updateValue(value, forKey: name) }
    return ChildRequest(executable, arguments, environment: all)
  }

  static func check(_ outcome: CommandOutcome, _ what: String, seconds: Double) throws(EnvironmentFailure) {
    if outcome.isSuccess { return }
    if outcome.isTimedOut { throw EnvironmentFailure("\(what) took longer than \(Int(seconds)) s") }
    let said = outcome.lastLines(1).first.map { ": \(Redaction.redact(String($0.prefix(400))))" } ?? ""
    throw EnvironmentFailure("\(what) \(outcome.exit)\(said)")
  }
}
