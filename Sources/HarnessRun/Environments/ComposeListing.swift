import HarnessCore
import WireFormats

/// The projects that dubwatch brought up, as they stand.
package enum ComposeListing {
  /// Lines for them, and whether there is one and all services of all run and are healthy.
  /// - Parameter project: only this one; nil for all.
  /// - Throws: a `Problem` where there is none.
  package static func text(_ project: String?) async throws -> (text: String, isWell: Bool) {
    let listed = try await withProcessGuard { try await ComposeDirectory(DockerCLI(processGuard: $0)).ownProjects() }
    let chosen = listed.filter { project == nil || $0.name == project }
    guard !chosen.isEmpty else {
      throw Problem(.negative, project.map { "no project \($0) was brought up by dubwatch" } ?? "no environment of dubwatch is up")
    }
    var (lines, isWell): ([String], Bool) = ([], true)
    for (name, containers) in chosen {
      lines.append(escapeUntrusted(name))
      if containers.isEmpty {
        isWell = false
        lines.append("  no container, only a network or a volume")
      }
      for container in containers {
        isWell = isWell && container.state == "running" && ["", "healthy"].contains(container.health)
        let ports = container.publishers.map { "\($0.address):\($0.publishedPort)->\($0.targetPort)" }.joined(separator: " ")
        lines.append("  \(escapeUntrusted("\(container.service)  \(container.status)  \(ports)"))")
      }
    }
    return (lines.map { $0 + "\n" }.joined(), isWell)
  }
}
