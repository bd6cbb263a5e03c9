import Events
import WireFormats

/// What a compose file says, as `docker compose config --format json` prints it: everything filled in.
struct ComposeModel: Sendable, Hashable {
  struct Service: Sendable, Hashable {
    var image: String?
    var isBuilt = false
    var networks: [String] = []
    var networkMode: String?
    var environment: [String: String] = [:]
  }

  /// A network or volume.
  struct Resource: Sendable, Hashable {
    var key: String
    var isExternal: Bool
  }

  var services: [String: Service] = [:]
  var networks: [Resource] = []
  var volumes: [Resource] = []

  /// Reads compose's own output.
  init(parsing bytes: [UInt8]) throws(Problem) {
    guard let json = JSONValue(parsing: bytes), case .object(let listed)? = json["services"] else {
      throw Problem(.tool, "docker compose config printed no services")
    }
    for (name, value) in listed {
      var service = Service(image: value["image"]?.stringValue, networkMode: value["network_mode"]?.stringValue)
      if case .object? = value["build"] { service.isBuilt = true }
      if case .object(let members)? = value["networks"] { service.networks = members.keys.sorted() }
      if case .object(let members)? = value["environment"] {
        service.environment = members.compactMapValues { value in value.stringValue ?? value.countValue.map { String($0) } }
      }
      services[name] = service
    }
    networks = Self.resources(json["networks"])
    volumes = Self.resources(json["volumes"])
  }

  private static func resources(_ json: JSONValue?) -> [Resource] {
    guard case .object(let members)? = json else { return [] }
    return members.keys.sorted().map { key in
      Resource(key: key, isExternal: members[key]?["external"]?.boolValue ?? (members[key]?["external"]?["name"] != nil))
    }
  }

  /// Refuses a file that the data model does not allow: all three services, on one network.
  /// - Parameter file: the file, for the sentence.
  func check(_ project: ComposeProject) throws(EnvironmentFailure) {
    let file = project.files.last ?? "the compose file"
    let present = services.keys.sorted()
    for role in TestEnvironment.requiredServices {
      let name = project.service(role).name
      if services[name] != nil { continue }
      let hint = NearestWord.hint(name, among: present)
      throw EnvironmentFailure(
        project.services[role] == nil
          ? "\(file) has no service \(role) and the configuration maps none to it (a service behind a profile is there only with COMPOSE_PROFILES=NAME): write "
            + "`services: {\(role): NAME}` with one of " + present.joined(separator: ", ")
          : "\(file) has no service \"\(name)\", which the configuration names as \(role)\(hint): it has \(present.joined(separator: ", "))"
      )
    }
    let sharing = TestEnvironment.requiredServices.map { role -> Set<String> in
      guard let service = services[project.service(role).name] else { return [] }
      return service.networkMode == "host" ? ["the host's"] : Set(service.networks)
    }
    guard let first = sharing.first, !sharing.dropFirst().reduce(first, { $0.intersection($1) }).isEmpty else {
      throw EnvironmentFailure("\(file) does not put the three services on one network: give them one, such as e2e-test-network")
    }
  }

  /// A further compose file that labels everything as ours, so that it is found again, and nothing else is ever taken down.
  func labels(for project: ComposeProject) -> String {
    var roles: [String: ServiceName] = [:]
    for role in TestEnvironment.requiredServices { roles[project.service(role).name] = role }
    func labels(_ role: ServiceName?) -> JSONValue {
      var all: [String: JSONValue] = [ComposeProject.runLabel: .string(project.name)]
      if let role { all[ComposeProject.roleLabel] = .string(role.text) }
      return .object(["labels": .object(all)])
    }
    var top: [String: JSONValue] = [:]
    top["services"] = .object(services.reduce(into: [:]) { $0[$1.key] = labels(roles[$1.key]) })
    for (key, resources) in [("networks", networks), ("volumes", volumes)] {
      let own = resources.filter { !$0.isExternal }
      if !own.isEmpty { top[key] = .object(own.reduce(into: [:]) { $0[$1.key] = labels(nil) }) }
    }
    return JSONValue.object(top).jsonText
  }
}
