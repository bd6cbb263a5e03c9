import ArgumentParser
import CommandText
import HarnessCore
import HarnessRun
import WireFormats

struct EnvStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Lists the projects that dubwatch brought up, with their services.",
    discussion: CommandExamples.after(
      "Exit 0 when there is one and all its services run and are healthy, else 1.", of: "env status"))

  @Option(help: ArgumentHelp("Only this project.", valueName: "NAME"))
  var project: String?

  mutating func run() async throws {
    let listed = try await withProcessGuard { try await ComposeDirectory(DockerCLI(processGuard: $0)).ownProjects() }
    let chosen = listed.filter { project == nil || $0.name == project }
    guard !chosen.isEmpty else {
      throw Problem(.negative, project.map { "no project \($0) was brought up by dubwatch" } ?? "no environment of dubwatch is up")
    }
    var isWell = true
    for (name, containers) in chosen {
      guard StandardOutput.write("\(escapeUntrusted(name))\n") else { throw ExitCode(ExitStatus.no) }
      if containers.isEmpty {
        isWell = false
        StandardOutput.write("  no container, only a network or a volume\n")
      }
      for container in containers {
        isWell = isWell && container.state == "running" && ["", "healthy"].contains(container.health)
        let ports = container.publishers.map { "\($0.address):\($0.publishedPort)->\($0.targetPort)" }.joined(separator: " ")
        StandardOutput.write("  \(escapeUntrusted("\(container.service)  \(container.status)  \(ports)"))\n")
      }
    }
    if !isWell { throw ExitCode(ExitStatus.no) }
  }
}
