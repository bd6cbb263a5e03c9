import Contracts
import Events
import Foundation
import Yams

/// Reads the file of `dubwatch watch --config FILE`.
package enum WatchConfigurationLoader {
  /// What a file says.
  /// - Parameters:
  ///   - path: the file's path.
  ///   - commands: the names of the commands whose keys can be set.
  /// - Throws: every mistake of the file with its line, its field and the nearest valid word.
  package static func load(_ path: String, commands: [String]) throws(ConfigurationError) -> WatchConfiguration {
    try parse(yaml: ConfigurationFile.text(of: path), file: path, commands: commands)
  }

  /// What a YAML text says.
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the path of its file, for messages and as the place that other paths start from.
  ///   - commands: the names of the commands whose keys can be set.
  package static func parse(yaml: String, file: String, commands: [String]) throws(ConfigurationError) -> WatchConfiguration {
    let document = try ConfigurationFile.document(yaml, file: file)
    let reader = NodeReader(file: file)
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let configuration = WatchReader(reader: reader, folder: folder).configuration(document, commands: commands)
    try reader.finish()
    return configuration
  }
}

struct WatchReader {
  let reader: NodeReader
  /// The folder of the file with its "/", empty for the current one.
  let folder: String

  func configuration(_ document: Node, commands: [String]) -> WatchConfiguration {
    let allowed = [
      "contract", "log_time_zone", "health", "metrics", "media_server", "logs", "logs_command", "streams", "intervals", "timeouts", "theme",
      "keys",
      "services",
    ]
    let fields = reader.root(document, allowed: allowed)
    var result = WatchConfiguration()
    result.contract = reader.text(fields["contract"]).map {
      $0.contains("/") || $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") ? path($0) : $0
    }
    if let field = fields["log_time_zone"], let zone = reader.text(field) {
      if LogTimeZone(zone, host: .fixed(secondsEast: 0)) == nil {
        reader.report(field, "\"\(zone)\" is no time zone; write host, UTC, an offset such as +02:00, or a name such as Europe/Berlin")
      }
      result.logTimeZone = zone
    }
    result.health = endpoints(fields["health"], only: nil)
    result.metrics = endpoints(fields["metrics"], only: .mediaService)
    result.mediaServers = endpoints(fields["media_server"], only: .mediaServer)
    result.logs = sources(fields["logs"]).map { WatchConfiguration.Log(service: $0.service, source: path($0.source)) }
    result.logCommands = sources(fields["logs_command"])
    result.streams = streams(fields["streams"])
    result.services = ComposePlaceReader(reader: reader).services(fields["services"])
    result.intervals = seconds(fields["intervals"], 0.1...3600)
    result.timeouts = seconds(fields["timeouts"], 0.1...600)
    result.theme = reader.word(fields["theme"], WatchConfiguration.Theme.self)
    result.keys = keys(fields["keys"], commands)
    return result
  }

  /// A path of the file as seen from the current folder.
  private func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + text }

  /// Endpoints by the names of their services, or a single URL where only one service can be meant.
  private func endpoints(_ field: NodeReader.Field?, only: ServiceName?) -> [WatchConfiguration.Endpoint] {
    guard let field else { return [] }
    if let only, case .scalar = field.node { return endpoint(field, of: only).map { [$0] } ?? [] }
    if let only, case .mapping(let mapping) = field.node, mapping.contains(where: { $0.key.scalar?.string == "url" }) {
      return endpoint(field, of: only).map { [$0] } ?? []
    }
    guard let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.compactMap { endpoint($0.value, of: service($0.key, $0.value)) }
  }

  private func service(_ name: String, _ field: NodeReader.Field) -> ServiceName {
    if name.isEmpty { reader.report(field, "a service needs a name") }
    return ServiceName(name)
  }

  private func endpoint(_ field: NodeReader.Field, of service: ServiceName) -> WatchConfiguration.Endpoint? {
    var place: NodeReader.Field? = field
    var credential: WatchConfiguration.Credential?
    if case .mapping = field.node {
      let allowed = ["url", "bearer_env", "bearer_file", "user", "password_env", "password_file"]
      guard let fields = reader.mapping(field, allowed: allowed) else { return nil }
      place = reader.required("url", in: fields, of: field)
      credential = self.credential(fields, field)
    }
    guard let place, let url = reader.text(place) else { return nil }
    if let problem = WebAddress.problem(url) { reader.report(place, problem) }
    return WatchConfiguration.Endpoint(service: service, url: url, credential: credential)
  }

  private func credential(_ fields: [String: NodeReader.Field], _ parent: NodeReader.Field) -> WatchConfiguration.Credential? {
    let bearer = secret("bearer", fields, parent)
    let password = secret("password", fields, parent)
    let user = reader.text(fields["user"])
    if bearer != nil, user != nil || password != nil {
      reader.report(parent, "has a bearer token and a user; one of the two is enough")
      return nil
    }
    if let bearer { return .bearer(bearer) }
    switch (user, password) {
    case (let user?, let password?): return .basic(user: user, password: password)
    case (nil, nil): return nil
    case (.some, nil): reader.report(parent, "has a user, but neither password_env nor password_file")
    case (nil, .some): reader.report(parent, "has a password, but no user")
    }
    return nil
  }

  private func secret(_ name: String, _ fields: [String: NodeReader.Field], _ parent: NodeReader.Field) -> WatchConfiguration.Secret? {
    let variable = fields["\(name)_env"]
    let file = fields["\(name)_file"]
    if variable != nil, file != nil { reader.report(parent, "has \(name)_env and \(name)_file; one of the two is enough") }
    if let variable, let text = reader.text(variable) {
      let isName = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
      }
      if !isName { reader.report(variable, "must be the name of an environment variable, not the secret itself") }
      return .environment(text)
    }
    return reader.text(file).map { .file(path($0)) }
  }

  /// `NAME: URL` or `NAME: FILE`. A URL that cannot be read is told by who reads it; one that holds a password is refused here.
  private func streams(_ field: NodeReader.Field?) -> [WatchConfiguration.Log] {
    guard let field, let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.compactMap { name, value in
      guard let text = reader.text(value) else { return nil }
      guard let separator = text.range(of: "://") else {
        return WatchConfiguration.Log(service: service(name, value), source: path(text))
      }
      let authority = text[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if authority.contains("@") { reader.report(value, "must not hold a user or a password") }
      let scheme = text[..<separator.lowerBound].lowercased()
      let schemes = ["rtmp", "rtmps", "rtsp", "rtsps", "http", "https"]
      if !schemes.contains(scheme) { reader.report(value, "must begin with rtmp://, rtsp:// or http://, not \(scheme)://") }
      return WatchConfiguration.Log(service: service(name, value), source: text)
    }
  }

  /// `NAME: TEXT` or `NAME: [TEXT, ...]`.
  private func sources(_ field: NodeReader.Field?) -> [WatchConfiguration.Log] {
    guard let field, let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.flatMap { name, value in
      let service = service(name, value)
      var places = [value]
      if case .sequence = value.node { places = reader.list(value) ?? [] }
      return places.compactMap { place in reader.text(place).map { WatchConfiguration.Log(service: service, source: $0) } }
    }
  }

  private func seconds(_ field: NodeReader.Field?, _ allowed: ClosedRange<Double>) -> WatchConfiguration.Seconds {
    guard let field, let fields = reader.mapping(field, allowed: ["health", "metrics", "media_server"]) else {
      return WatchConfiguration.Seconds()
    }
    func read(_ name: String) -> Double? {
      guard let place = fields[name], let value = reader.number(place) else { return nil }
      if !allowed.contains(value) {
        let bounds = [allowed.lowerBound, allowed.upperBound].map { Int(exactly: $0).map(String.init) ?? "\($0)" }
        reader.report(place, "must be \(bounds[0]) to \(bounds[1]) seconds, but is \(Int(exactly: value).map(String.init) ?? "\(value)")")
      }
      return value
    }
    return WatchConfiguration.Seconds(health: read("health"), metrics: read("metrics"), mediaServer: read("media_server"))
  }

  private func keys(_ field: NodeReader.Field?, _ commands: [String]) -> [String: [String]] {
    guard let field, let fields = reader.mapping(field, allowed: commands) else { return [:] }
    var result: [String: [String]] = [:]
    var owner: [String: String] = [:]
    for (command, value) in fields.sorted(by: { $0.key < $1.key }) {
      var places = [value]
      if case .sequence = value.node { places = reader.list(value) ?? [] }
      let names = places.compactMap(reader.text)
      for name in names {
        if let other = owner[name] { reader.report(value, "the key \"\(name)\" is taken by \(other)") }
        owner[name] = command
      }
      result[command] = names
    }
    return result
  }
}
