import WireFormats

/// What an engine has of a compose project, found by labels.
package struct ComposeDirectory: Sendable {
  /// A kind of thing that a project leaves behind.
  enum Kind: String, CaseIterable, Sendable {
    case container, network, volume

    /// The words that list identifiers of the kind.
    var listing: [String] {
      switch self {
      case .container: ["ps", "--all", "--quiet", "--no-trunc"]
      case .network: ["network", "ls", "--quiet", "--no-trunc"]
      case .volume: ["volume", "ls", "--quiet"]
      }
    }

    /// The words that remove things of the kind.
    var removal: [String] {
      switch self {
      case .container: ["rm", "--force", "--volumes"]
      case .network: ["network", "rm"]
      case .volume: ["volume", "rm", "--force"]
      }
    }
  }

  /// How long a listing may take, in real seconds.
  static let listLimit = 20.0

  let docker: DockerCLI

  /// What an engine has.
  package init(_ docker: DockerCLI) { self.docker = docker }

  /// The containers of a project, those that ended too.
  package func containers(of project: String) async throws(EnvironmentFailure) -> [ComposeContainer] {
    let outcome = try await docker.compose(project: project, ["ps", "--all", "--format", "json"], seconds: Self.listLimit)
    try DockerCLI.check(outcome, "docker compose ps", seconds: Self.listLimit)
    return try Self.read(outcome.text).filter { $0.project == project || $0.project.isEmpty }
  }

  /// The containers of every project that dubwatch brought up, by project.
  package func ownProjects() async throws(EnvironmentFailure) -> [(name: String, containers: [ComposeContainer])] {
    let filter = ["--filter", "label=\(ComposeProject.runLabel)"]
    let outcome = try await docker.success(["ps", "--all", "--no-trunc", "--format", "{{json .}}"] + filter, seconds: Self.listLimit)
    var projects: [String: [ComposeContainer]] = [:]
    for container in try Self.read(outcome.text) {
      projects[container.labels[ComposeProject.runLabel] ?? "", default: []].append(container)
    }
    // A project may have lost its containers and still hold a network or a volume.
    for kind in [Kind.network, .volume] {
      let format = ["--format", "{{.Label \"\(ComposeProject.runLabel)\"}}"]
      let words = kind.listing.prefix(2) + filter + format
      for name in Self.words(try await docker.success(Array(words), seconds: Self.listLimit).text) where projects[name] == nil {
        projects[name] = []
      }
    }
    return projects.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.sorted { $0.service < $1.service }) }
  }

  /// Whether something of this project's name was not made by dubwatch, and what.
  func foreignPart(of project: String) async throws(EnvironmentFailure) -> String? {
    for kind in Kind.allCases {
      let all = Set(try await identifiers(kind, of: project))
      guard !all.isEmpty else { continue }
      let own = try await identifiers(kind, of: project, also: "label=\(ComposeProject.runLabel)=\(project)")
      if !all.subtracting(own).isEmpty { return kind.rawValue }
    }
    return nil
  }

  /// The identifiers of a kind that a project has.
  func identifiers(_ kind: Kind, of project: String, also: String? = nil) async throws(EnvironmentFailure) -> [String] {
    let filters = ["--filter", "label=\(ComposeContainer.projectLabel)=\(project)"] + (also.map { ["--filter", $0] } ?? [])
    return Self.words(try await docker.success(kind.listing + filters, seconds: Self.listLimit).text)
  }

  /// Takes a project of ours down: containers, networks, volumes; then looks whether anything is left, and says so if it is.
  package func down(_ project: String, seconds: Double = 60) async throws(EnvironmentFailure) {
    var trouble: String?
    do throws(EnvironmentFailure) {
      let words = ["down", "--volumes", "--remove-orphans", "--timeout", "5"]
      let outcome = try await docker.compose(project: project, words, seconds: seconds)
      try DockerCLI.check(outcome, "docker compose down", seconds: seconds)
    } catch {
      // What compose cannot do is done by hand below.
      trouble = error.description
    }
    var left: [String] = []
    for round in 0..<4 {
      left = []
      for kind in Kind.allCases {
        let found: [String]
        do throws(EnvironmentFailure) { found = try await identifiers(kind, of: project) } catch {
          throw EnvironmentFailure("project \(project) could not be taken down: \(trouble ?? error.description); \(Self.remedy(project))")
        }
        guard !found.isEmpty else { continue }
        left.append("\(found.count) \(kind.rawValue)\(found.count == 1 ? "" : "s")")
        let removal = try? await docker.run(kind.removal + found, seconds: 30)
        if let removal, !removal.isSuccess, let said = removal.lastLines(1).first { trouble = said }
      }
      if left.isEmpty { return }
      // What the engine was still making when compose was ended appears a moment later.
      if round > 0 { try? await Task.sleep(for: .milliseconds(500)) }
    }
    let why = trouble.map { ": \(Redaction.redact(String($0.prefix(300))))" } ?? ""
    throw EnvironmentFailure("project \(project) still has \(left.joined(separator: ", "))\(why); \(Self.remedy(project))")
  }

  private static func remedy(_ project: String) -> String { "`dubwatch env down --project \(project)` takes it down" }

  /// The service that ends and is started again and again, where there is one: how often, and with which status it ended last.
  func looping(_ containers: [ComposeContainer]) async -> (service: String, reason: String)? {
    let format = "{{.Id}} {{.RestartCount}} {{.State.ExitCode}}"
    let words = ["inspect", "--format", format] + containers.map(\.id)
    guard !containers.isEmpty, let outcome = try? await docker.run(words, seconds: Self.listLimit) else { return nil }
    let counts = outcome.text.split(whereSeparator: \.isNewline).compactMap {
      line -> (container: ComposeContainer, count: Int, status: String)? in
      let parts = line.split(separator: " ")
      guard parts.count == 3, let count = Int(parts[1]), count > 1,
        let container = containers.first(where: { parts[0].hasPrefix($0.id) || $0.id.hasPrefix(parts[0]) })
      else { return nil }
      return (container, count, String(parts[2]))
    }
    guard let worst = counts.max(by: { $0.count < $1.count }) else { return nil }
    return (worst.container.service, "was restarted \(worst.count) times, it last ended with status \(worst.status)")
  }

  /// What the process guard runs when dubwatch is gone: the same with nothing but a shell.
  func downCommand(_ project: String) -> [String] {
    let script = """
      cd / || exit
      unset COMPOSE_FILE COMPOSE_PROFILES COMPOSE_ENV_FILES
      docker=$1 label=label=\(ComposeContainer.projectLabel)=$2
      "$docker" compose -p "$2" down --volumes --remove-orphans --timeout 3
      for round in 1 2 3 4; do
        containers=$("$docker" ps -aq --filter "$label"); [ -z "$containers" ] || "$docker" rm -f -v $containers
        networks=$("$docker" network ls -q --filter "$label"); [ -z "$networks" ] || "$docker" network rm $networks
        volumes=$("$docker" volume ls -q --filter "$label"); [ -z "$volumes" ] || "$docker" volume rm -f $volumes
        [ "$round" -gt 1 ] && [ -z "$containers$networks$volumes" ] && exit
        sleep 1
      done
      """
    return ["/bin/sh", "-c", script, "dubwatch-down", docker.executable, project]
  }

  private static func read(_ text: String) throws(EnvironmentFailure) -> [ComposeContainer] {
    do throws(Problem) { return try ComposeContainer.list(parsing: text) } catch { throw EnvironmentFailure(error) }
  }

  private static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
