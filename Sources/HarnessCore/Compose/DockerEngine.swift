import ProcessGuard
import WireFormats

/// A Docker engine that answers, and a compose plugin of version 2 or later.
package struct DockerEngine: Sendable, Hashable {
  /// The engine's version.
  package var version: String
  /// The compose plugin's version.
  package var composeVersion: String
  /// Where the engine is: `unix:///var/run/docker.sock`, `tcp://build-host:2376`; nil where docker does not say.
  package var address: String?

  /// How long docker may take to answer a question, in real seconds.
  static let answerLimit = 20.0

  /// The host on which published ports are reached from here.
  package var publishedHost: String {
    guard let address, let scheme = address.firstRange(of: "://"), address.hasPrefix("tcp:") || address.hasPrefix("ssh:") else {
      return "127.0.0.1"
    }
    var host = address[scheme.upperBound...]
    if let at = host.firstIndex(of: "@") { host = host[host.index(after: at)...] }
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    host = host.prefix { $0 != ":" && $0 != "/" }
    return host.isEmpty || host == "localhost" ? "127.0.0.1" : String(host)
  }

  /// Whether the engine runs on another machine.
  package var isRemote: Bool { publishedHost != "127.0.0.1" && publishedHost != "[::1]" }

  /// Finds the engine, or says in one sentence what is missing and what to do.
  package static func find(_ docker: DockerCLI) async throws(EnvironmentFailure) -> DockerEngine {
    let compose = try await composeVersion(docker)
    let (version, address) = try await engine(docker)
    return DockerEngine(version: version, composeVersion: compose, address: address)
  }

  /// The engine's version, and where it is.
  package static func engine(_ docker: DockerCLI) async throws(EnvironmentFailure) -> (version: String, address: String?) {
    let version = try await engineVersion(docker)
    let context = try? await docker.run(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], seconds: answerLimit)
    return (version, context.flatMap { $0.isSuccess ? $0.text.split(whereSeparator: \.isNewline).first.map(String.init) : nil })
  }

  /// The version of the compose plugin.
  package static func composeVersion(_ docker: DockerCLI) async throws(EnvironmentFailure) -> String {
    let outcome: CommandOutcome
    do throws(EnvironmentFailure) {
      outcome = try await docker.run(["compose", "version"], seconds: answerLimit)
    } catch {
      guard error.problem.code == .toolMissing else { throw error }
      throw EnvironmentFailure(Problem(.toolMissing, "docker is not installed, or not in PATH", hint: installAdvice))
    }
    if outcome.isTimedOut { throw EnvironmentFailure("docker compose version took longer than \(Int(answerLimit)) s: is docker well?") }
    let said = outcome.text + outcome.errorText
    if said.lowercased().contains("podman") {
      throw EnvironmentFailure(
        "docker compose here is podman-compose, which dubwatch does not drive: \(installAdvice)")
    }
    guard outcome.isSuccess else {
      throw EnvironmentFailure("docker has no compose plugin (docker-compose of version 1 will not do): \(pluginAdvice)")
    }
    guard let version = versionWord(in: outcome.text), let major = Int(version.prefix { $0 != "." }) else {
      throw EnvironmentFailure("docker compose does not say its version: \(pluginAdvice)")
    }
    guard major >= 2 else { throw EnvironmentFailure("docker compose is version \(version), but 2 or later is needed: \(pluginAdvice)") }
    return version
  }

  /// The engine's version.
  static func engineVersion(_ docker: DockerCLI) async throws(EnvironmentFailure) -> String {
    let outcome = try await docker.run(["version", "--format", "{{json .}}"], seconds: answerLimit)
    let json = JSONValue(parsing: outcome.output)
    if outcome.isSuccess, let version = json?["Server"]?["Version"]?.stringValue { return version }
    let said = (outcome.text + outcome.errorText).lowercased()
    if said.contains("podman") {
      throw EnvironmentFailure("the docker command here is podman, which dubwatch does not drive: \(installAdvice)")
    }
    if said.contains("permission denied") {
      throw EnvironmentFailure(
        "this user may not use the Docker engine: join the group docker (and log in again), or run a rootless engine and set DOCKER_HOST")
    }
    let reason = outcome.isTimedOut ? "no answer within \(Int(answerLimit)) s" : outcome.lastLines(1).first ?? "no answer"
    throw EnvironmentFailure(
      "no Docker engine answers (\(Redaction.redact(String(reason.prefix(200))))): start it (systemctl start docker, or Docker Desktop), "
        + "or set DOCKER_HOST or a docker context to one that runs")
  }

  private static let installAdvice = "install Docker Engine and its compose plugin, https://docs.docker.com/engine/install"
  private static let pluginAdvice = "install docker-compose-plugin, https://docs.docker.com/compose/install"

  /// The first word that looks like a version: `v2.31.0`, `2.31.0-desktop.2`.
  static func versionWord(in text: String) -> String? {
    for word in text.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "\"" }) {
      let plain = word.first == "v" ? word.dropFirst() : word
      if plain.first?.isNumber == true, plain.contains(".") { return String(plain) }
    }
    return nil
  }
}
