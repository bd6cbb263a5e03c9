import WireFormats

/// Something that happened to a container, as the engine tells.
package struct ContainerEvent: Sendable, Hashable {
  /// What happened: `start`, `die`, `kill`, `oom`, `stop`, `restart`, `pause`, `unpause`, `destroy`, `health_status`, ….
  package var action: String
  /// What follows the action's colon: the word of `health_status: healthy`.
  package var detail: String?
  /// The container's full identifier.
  package var container: String
  /// The compose service.
  package var service: String
  /// Which of the containers of its service it is, from 1; nil where the engine does not say.
  package var number: Int?
  /// The engine's clock, in nanoseconds since the epoch; nil where it is missing.
  package var nanoseconds: Int64?
  /// The exit status, of `die`.
  package var exitCode: Int32?
  /// The signal, of `kill`.
  package var signal: Int32?

  /// Something that happened to a container.
  package init(
    action: String, detail: String? = nil, container: String, service: String, nanoseconds: Int64? = nil, exitCode: Int32? = nil,
    signal: Int32? = nil
  ) {
    self.action = action
    self.detail = detail
    self.container = container
    self.service = service
    self.nanoseconds = nanoseconds
    self.exitCode = exitCode
    self.signal = signal
  }

  /// Reads a line of `docker compose events --json` or of `docker events --format json`; nil for what is no event of a service's container,
  /// and for the noise of commands that run in containers (health checks do).
  package init?(parsing line: String) {
    guard line.utf8.count < 1 << 20, let json = JSONValue(parsing: Array(line.utf8)) else { return nil }
    guard (json["type"] ?? json["Type"])?.stringValue == "container", let said = (json["action"] ?? json["Action"])?.stringValue else {
      return nil
    }
    let words = said.split(separator: ":", maxSplits: 1)
    guard let action = words.first.map(String.init), !action.hasPrefix("exec_") else { return nil }
    let attributes = json["attributes"] ?? json["Actor"]?["Attributes"]
    guard let service = json["service"]?.stringValue ?? attributes?[ComposeContainer.serviceLabel]?.stringValue, !service.isEmpty,
      let container = json["id"]?.stringValue ?? json["Actor"]?["ID"]?.stringValue, !container.isEmpty
    else { return nil }
    var nanoseconds: Int64?
    if case .integer(let value)? = json["timeNano"], value >= 0 { nanoseconds = value }
    if nanoseconds == nil, case .string(let text)? = json["time"] { nanoseconds = EngineTime.read(text)?.time.nanoseconds }
    self.init(
      action: action, detail: words.count > 1 ? words[1].drop(while: \.isWhitespace).description : nil, container: container,
      service: service, nanoseconds: nanoseconds, exitCode: attributes?["exitCode"]?.stringValue.flatMap { Int32($0) },
      signal: attributes?["signal"]?.stringValue.flatMap { Int32($0) })
    number = attributes?[ComposeContainer.numberLabel]?.stringValue.flatMap { Int($0) }
  }
}
