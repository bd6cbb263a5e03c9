import Events

/// Reads `services: {mediamtx: my-mtx, media-service: {service: worker, port: 9000}}`.
struct ComposePlaceReader {
  let reader: NodeReader

  func services(_ field: NodeReader.Field?) -> [ServiceName: WatchConfiguration.ComposePlace] {
    let roles = TestEnvironment.requiredServices.map(\.text)
    guard let field, let fields = reader.mapping(field, allowed: roles) else { return [:] }
    var places: [ServiceName: WatchConfiguration.ComposePlace] = [:]
    var owners: [String: String] = [:]
    for (role, value) in fields.sorted(by: { $0.key < $1.key }) {
      guard let place = place(value, role) else { continue }
      if let other = owners[place.service] { reader.report(value, "the service \"\(place.service)\" is \(other) already") }
      owners[place.service] = role
      places[ServiceName(role)] = place
    }
    return places
  }

  private func place(_ field: NodeReader.Field, _ role: String) -> WatchConfiguration.ComposePlace? {
    guard case .mapping = field.node else { return reader.text(field).map { WatchConfiguration.ComposePlace(service: $0) } }
    guard let fields = reader.mapping(field, allowed: ["service", "port", "health", "metrics"]) else { return nil }
    var place = WatchConfiguration.ComposePlace(service: reader.text(fields["service"]) ?? role)
    if let given = fields["port"], let port = reader.integer(given) {
      if !(1...65535).contains(port) { reader.report(given, "a port lies between 1 and 65535, but is \(port)") }
      place.port = port
    }
    place.health = path(fields["health"])
    place.metrics = path(fields["metrics"])
    return place
  }

  private func path(_ field: NodeReader.Field?) -> String? {
    guard let field, let text = reader.text(field) else { return nil }
    if !text.hasPrefix("/") || !text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) {
      reader.report(field, "must be a path that begins with / and holds no blanks")
    }
    return text
  }
}
