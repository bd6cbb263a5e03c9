import Events

/// What dubwatch calls the containers of one compose service: with `replicas` above 1 each has a name of its own.
struct ContainerNames: Sendable, Hashable {
  /// What dubwatch calls the service.
  let role: ServiceName
  /// The number of the container that plays its part; nil where the engine numbers none.
  let first: Int?

  /// The name of a container by its number.
  func name(_ number: Int?) -> ServiceName {
    guard let number, let first, number != first else { return role }
    return ServiceName("\(role)-\(number)")
  }
}
