import Events

/// A field of the file that names sources, as whoever reads them knows it.
package struct SourceField: Hashable, Sendable {
  /// What stands in it.
  package enum Shape: Hashable, Sendable {
    /// Addresses that are asked again and again, perhaps with credentials; a single one without a name is of this service.
    case endpoints(only: ServiceName?)
    /// Paths, one or several a service.
    case files
    /// Commands, one or several a service.
    case commands
    /// Media streams: addresses or paths.
    case streams
  }

  /// Its name: `media_server`.
  package let key: String
  /// What stands in it.
  package let shape: Shape

  /// A field.
  package init(_ key: String, _ shape: Shape) {
    self.key = key
    self.shape = shape
  }

  /// Whether it is asked again and again.
  var isPolled: Bool {
    if case .endpoints = shape { true } else { false }
  }
}
