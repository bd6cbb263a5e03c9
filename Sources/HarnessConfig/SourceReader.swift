import Events

/// Reads the fields of a watch's file that name sources.
struct SourceReader {
  let reader: NodeReader
  /// The folder of the file with its "/", empty for the current one.
  let folder: String

  /// What a field names, in the order of the names.
  func sources(_ field: NodeReader.Field?, _ shape: SourceField.Shape) -> [WatchConfiguration.Source] {
    switch shape {
    case .endpoints(let only): endpoints(field, only: only)
    case .files: texts(field).map { WatchConfiguration.Source(service: $0.service, text: path($0.text)) }
    case .commands: texts(field)
    case .streams: streams(field)
    }
  }

  /// A path of the file as seen from the current folder.
  private func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + text }

  /// Endpoints by the names of their services, or a single URL where only one service can be meant.
  private func endpoints(_ field: NodeReader.Field?, only: ServiceName?) -> [WatchConfiguration.Source] {
    guard let field else { return [] }
    if let only, case .scalar = field.node { return endpoint(field, of: only).map { [$0] } ?? [] }
    if let only, case .mapping(let mapping, _) = field.node, mapping.contains(where: { $0.key.text == "url" }) {
      return endpoint(field, of: only).map { [$0] } ?? []
    }
    guard let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.compactMap { endpoint($0.value, of: service($0.key, $0.value)) }
  }

  private func service(_ name: String, _ field: NodeReader.Field) -> ServiceName {
    if name.isEmpty { reader.report(field, "a service needs a name") }
    return ServiceName(name)
  }

  private func endpoint(_ field: NodeReader.Field, of service: ServiceName) -> WatchConfiguration.Source? {
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
    return WatchConfiguration.Source(service: service, text: url, credential: credential)
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
  private func streams(_ field: NodeReader.Field?) -> [WatchConfiguration.Source] {
    guard let field, let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.compactMap { name, value in
      guard let text = reader.text(value) else { return nil }
      guard let separator = text.firstRange(of: "://") else {
        return WatchConfiguration.Source(service: service(name, value), text: path(text))
      }
      let authority = text[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if authority.contains("@") { reader.report(value, "must not hold a user or a password") }
      let scheme = text[..<separator.lowerBound].lowercased()
      let schemes = ["rtmp", "rtmps", "rtsp", "rtsps", "http", "https"]
      if !schemes.contains(scheme) { reader.report(value, "must begin with rtmp://, rtsp:// or http://, not \(scheme)://") }
      return WatchConfiguration.Source(service: service(name, value), text: text)
    }
  }

  /// `NAME: TEXT` or `NAME: [TEXT, ...]`.
  private func texts(_ field: NodeReader.Field?) -> [WatchConfiguration.Source] {
    guard let field, let fields = reader.mapping(field, allowed: nil) else { return [] }
    return fields.sorted { $0.key < $1.key }.flatMap { name, value in
      let service = service(name, value)
      var places = [value]
      if case .sequence = value.node { places = reader.list(value) ?? [] }
      return places.compactMap { place in reader.text(place).map { WatchConfiguration.Source(service: service, text: $0) } }
    }
  }
}
