import WireFormats

/// Whether the containers of a project are as they should be before a run begins.
enum ComposeReadiness: Sendable, Hashable {
  /// All of them.
  case ready
  /// Not yet; who is waited for and why.
  case waiting(service: String, reason: String)
  /// Never; who is to blame and why.
  case failed(service: String, reason: String)

  /// Judges containers by what the engine says of them.
  /// - Parameter required: services (of the compose file) that must run; others may also end well.
  static func judge(_ containers: [ComposeContainer], required: [String]) -> ComposeReadiness {
    var waiting: ComposeReadiness?
    for name in required where !containers.contains(where: { $0.service == name }) {
      waiting = waiting ?? .waiting(service: name, reason: "has no container")
    }
    for container in containers.sorted(by: { $0.name < $1.name }) {
      let isRequired = required.contains(container.service)
      if container.hasEnded {
        // A one-shot service that ended well has done what it is there for.
        if !isRequired, container.exitCode == 0 { continue }
        return .failed(service: container.service, reason: "ended with status \(container.exitCode)")
      }
      if container.health == "unhealthy" { return .failed(service: container.service, reason: "is unhealthy") }
      guard waiting == nil else { continue }
      switch container.state {
      case "running":
        if container.health == "starting" { waiting = .waiting(service: container.service, reason: "is not healthy yet") }
      case "restarting": waiting = .waiting(service: container.service, reason: "keeps restarting, last with status \(container.exitCode)")
      case "paused": waiting = .waiting(service: container.service, reason: "is paused")
      case "created": waiting = .waiting(service: container.service, reason: "was made, and not started yet")
      default: waiting = .waiting(service: container.service, reason: "is \(container.state)")
      }
    }
    return waiting ?? .ready
  }
}

/// What the engine knows of a container's state and health, as `docker inspect --format '{{json .State}}'` prints it.
struct ContainerState: Sendable, Hashable {
  var status: String
  var exitCode: Int
  var isOutOfMemory: Bool
  var error: String
  var health: String
  /// What the last health check printed.
  var lastHealthOutput: String?
  var lastHealthStatus: Int?

  init?(parsing bytes: [UInt8]) {
    guard let json = JSONValue(parsing: bytes), let status = json["Status"]?.stringValue else { return nil }
    self.status = status
    exitCode = json["ExitCode"]?.countValue.flatMap { Int(exactly: $0) } ?? 0
    isOutOfMemory = json["OOMKilled"]?.boolValue ?? false
    error = json["Error"]?.stringValue ?? ""
    health = json["Health"]?["Status"]?.stringValue ?? ""
    let last = json["Health"]?["Log"]?.arrayValue?.last
    lastHealthOutput = last?["Output"]?.stringValue
    lastHealthStatus = last?["ExitCode"]?.countValue.flatMap { Int(exactly: $0) }
  }

  /// What went wrong, for the end of a sentence; empty when it tells nothing.
  var reasons: String {
    var words: [String] = []
    if isOutOfMemory { words.append("it ran out of memory") }
    if !error.isEmpty { words.append(Redaction.redact(String(error.prefix(300)))) }
    if let lastHealthOutput {
      let said = lastHealthOutput.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ")
      let status = lastHealthStatus.map { " (status \($0))" } ?? ""
      words.append("its health check last said \"\(Redaction.redact(String(said.prefix(300))))\"\(status)")
    }
    return words.joined(separator: "; ")
  }
}
