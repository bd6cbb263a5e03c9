import WireFormats

/// One container of a compose project, as the engine lists it.
package struct ComposeContainer: Sendable, Hashable {
  /// A port of the container that is reachable from outside.
  package struct Publisher: Sendable, Hashable {
    /// The address of the engine's machine that it is published on; empty for every address.
    package var address: String
    /// The port in the container.
    package var targetPort: Int
    /// The port on the engine's machine.
    package var publishedPort: Int

    /// A published port.
    package init(address: String, targetPort: Int, publishedPort: Int) {
      self.address = address
      self.targetPort = targetPort
      self.publishedPort = publishedPort
    }
  }

  /// Its identifier, often shortened to 12 digits.
  package var id: String
  /// Its name.
  package var name: String
  /// The service of the compose file.
  package var service: String
  /// The project it belongs to.
  package var project: String
  /// `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`.
  package var state: String
  /// The engine's words: `Up 3 seconds (healthy)`.
  package var status: String
  /// `healthy`, `unhealthy`, `starting`; empty without a health check.
  package var health: String
  /// The exit status of one that ended.
  package var exitCode: Int
  /// Its published TCP ports, without repetitions.
  package var publishers: [Publisher]
  /// Its networks, where listed.
  package var networks: [String]
  /// Its labels.
  package var labels: [String: String]

  /// Which of the containers of its service it is, from 1 (`replicas`); nil where the engine does not say.
  package var number: Int? { labels[Self.numberLabel].flatMap { Int($0) } }

  /// Whether its process exists, be it paused or not.
  package var isRunning: Bool { state == "running" || state == "paused" }
  /// Whether it ended and is not about to begin again.
  package var hasEnded: Bool { state == "exited" || state == "dead" }

  /// A container.
  package init(
    id: String, name: String, service: String, project: String = "", state: String, status: String = "", health: String = "",
    exitCode: Int = 0, publishers: [Publisher] = [], networks: [String] = [], labels: [String: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.service = service
    self.project = project
    self.state = state
    self.status = status
    self.health = health
    self.exitCode = exitCode
    self.publishers = publishers
    self.networks = networks
    self.labels = labels
  }
}

extension ComposeContainer {
  /// The label of a compose project.
  static let projectLabel = "com.docker.compose.project"
  /// The label of a compose service.
  static let serviceLabel = "com.docker.compose.service"
  /// The label with the number of a container among those of its service.
  static let numberLabel = "com.docker.compose.container-number"

  /// Reads what `docker compose ps --format json` prints, be it an object per line (2.21 and later) or one array (before), or
  /// `docker ps --format json`, which has the service in its labels only.
  package static func list(parsing text: String) throws(Problem) -> [ComposeContainer] {
    let trimmed = text.drop(while: \.isWhitespace)
    guard !trimmed.isEmpty else { return [] }
    var objects: [JSONValue] = []
    if trimmed.first == "[" {
      guard let elements = JSONValue(parsing: Array(trimmed.utf8))?.arrayValue else { throw unreadable(trimmed) }
      objects = elements
    } else {
      for line in trimmed.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
        guard let value = JSONValue(parsing: Array(line.utf8)) else { throw unreadable(line) }
        // Older versions print `null` for an empty list.
        if case .null = value { continue }
        objects.append(value)
      }
    }
    var containers: [ComposeContainer] = []
    for object in objects {
      guard let container = ComposeContainer(object) else { throw unreadable("an entry without ID, name or state") }
      containers.append(container)
    }
    return containers
  }

  private static func unreadable(_ what: some StringProtocol) -> Problem {
    Problem(.tool, "docker's list of containers cannot be read: \(String(what.prefix(120)))")
  }

  private init?(_ json: JSONValue) {
    guard let id = json["ID"]?.stringValue, !id.isEmpty, let name = json["Name"]?.stringValue ?? json["Names"]?.stringValue,
      let state = json["State"]?.stringValue
    else { return nil }
    let labels = ComposeLabels.read(json["Labels"])
    let status = json["Status"]?.stringValue ?? ""
    var publishers: [Publisher] = []
    if let listed = json["Publishers"]?.arrayValue {
      for element in listed {
        guard (element["Protocol"]?.stringValue ?? "tcp") == "tcp", let target = element["TargetPort"]?.countValue.flatMap(Self.port),
          let published = element["PublishedPort"]?.countValue.flatMap(Self.port)
        else { continue }
        publishers.append(Publisher(address: element["URL"]?.stringValue ?? "", targetPort: target, publishedPort: published))
      }
    } else {
      publishers = Self.publishers(parsing: json["Ports"]?.stringValue ?? "")
    }
    var seen: Set<Publisher> = []
    self.init(
      id: id, name: name, service: json["Service"]?.stringValue ?? labels[Self.serviceLabel] ?? "",
      project: json["Project"]?.stringValue ?? labels[Self.projectLabel] ?? "", state: state.lowercased(), status: status,
      health: json["Health"]?.stringValue ?? Self.health(inStatus: status),
      exitCode: json["ExitCode"]?.countValue.flatMap { Int(exactly: $0) } ?? 0,
      publishers: publishers.filter { seen.insert($0).inserted },
      networks: (json["Networks"]?.stringValue ?? "").split(separator: ",").map(String.init), labels: labels)
  }

  private static func port(_ value: UInt64) -> Int? { (1...65535).contains(value) ? Int(value) : nil }

  /// The word in brackets of `Up 3 seconds (healthy)` and `Up 1 second (health: starting)`.
  static func health(inStatus status: String) -> String {
    guard status.hasPrefix("Up"), let open = status.lastIndex(of: "("), status.hasSuffix(")") else { return "" }
    let word = status[status.index(after: open)...].dropLast()
    let plain = word.hasPrefix("health: ") ? word.dropFirst("health: ".count) : word
    return ["healthy", "unhealthy", "starting"].contains(String(plain)) ? String(plain) : ""
  }

  /// Reads `127.0.0.1:32768->8080/tcp, [::]:32768->8080/tcp, 0.0.0.0:9000-9001->9000-9001/tcp, 9998/tcp`.
  static func publishers(parsing text: String) -> [Publisher] {
    text.split(separator: ",").flatMap { part -> [Publisher] in
      let sides = part.drop(while: \.isWhitespace).split(separator: ">", maxSplits: 1)
      guard sides.count == 2, sides[0].hasSuffix("-"), sides[1].hasSuffix("/tcp"), let colon = sides[0].lastIndex(of: ":"),
        let published = ports(sides[0][sides[0].index(after: colon)...].dropLast()), let targets = ports(sides[1].dropLast(4)),
        published.count == targets.count
      else { return [] }
      let address = String(sides[0][..<colon])
      return zip(published, targets).map { Publisher(address: address, targetPort: $1, publishedPort: $0) }
    }
  }

  private static func ports(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 1, first <= last, last <= 65535 else {
      return nil
    }
    return first...last
  }
}

/// Labels as docker prints them: an object, or `a=1,b=2` where values may hold commas themselves.
enum ComposeLabels {
  static func read(_ json: JSONValue?) -> [String: String] {
    switch json {
    case .object(let members): return members.compactMapValues(\.stringValue)
    case .string(let text):
      var labels: [String: String] = [:]
      var last: String?
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        // A piece without "=" goes on with the value before.
        if let equals = part.firstIndex(of: "="), equals != part.startIndex {
          let name = String(part[..<equals])
          labels[name] = String(part[part.index(after: equals)...])
          last = name
        } else if let last {
          labels[last]?.append("," + part)
        }
      }
      return labels
    default: return [:]
    }
  }
}
