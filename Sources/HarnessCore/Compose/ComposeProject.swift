import Events

/// When a project is left as it is at the end of a run.
package enum KeepPolicy: String, Sendable, CaseIterable {
  /// Never: always taken down.
  case never
  /// When the run failed.
  case onFailure = "on-failure"
  /// Always.
  case always
}

/// Where one of the three services is found in a compose project.
package struct ComposeService: Sendable, Hashable {
  /// The service's name in the compose file.
  package var name: String
  /// The port in its container where it answers over HTTP; nil for the usual ones.
  package var port: Int?
  /// The path of its health check; nil for `/health`.
  package var health: String?
  /// The path of its metrics; nil for `/metrics`.
  package var metrics: String?

  /// Where a service is found.
  package init(_ name: String, port: Int? = nil, health: String? = nil, metrics: String? = nil) {
    self.name = name
    self.port = port
    self.health = health
    self.metrics = metrics
  }
}

/// A compose project to bring up: its files, its name, who plays which part.
package struct ComposeProject: Sendable, Hashable {
  /// The compose files, the first one's folder being the project's.
  package var files: [String]
  /// The project's name.
  package var name: String
  /// The services of the data model by the names they have in the compose file; one not named here has its own name.
  package var services: [ServiceName: ComposeService]
  /// Variables for the compose files, over those of the environment.
  package var variables: [String: String]
  /// A script and its arguments that make what is built from, run before the build; nil for none.
  package var preparation: [String]?
  /// Variables that name the image of a service (by its name in the compose file), which must not be built by us then: it is looked for,
  /// and pulled, before anything is made.
  package var imageVariables: [String: String]
  /// Whether every service that has a build is built each time, so that it is what its sources are; else only where its image is missing.
  package var buildsAlways = false
  /// Folders of ours that are made first, for us alone, and removed at the end.
  package var temporaryPaths: [String]

  /// A compose project to bring up.
  package init(
    files: [String], name: String, services: [ServiceName: ComposeService] = [:], variables: [String: String] = [:],
    preparation: [String]? = nil, imageVariables: [String: String] = [:], buildsAlways: Bool = false, temporaryPaths: [String] = []
  ) {
    self.files = files
    self.name = name
    self.services = services
    self.variables = variables
    self.preparation = preparation
    self.imageVariables = imageVariables
    self.buildsAlways = buildsAlways
    self.temporaryPaths = temporaryPaths
  }

  /// The label that marks what dubwatch made; its value is the project's name.
  package static let runLabel = "dubwatch.run"
  /// The label that says which service of the data model a container is.
  package static let roleLabel = "dubwatch.role"

  /// The label of images that are made from the program at hand (compose/offline-context.sh).
  static let imageLabel = "dubwatch.image"

  /// A name that no other run has: `dubwatch-` and ten letters and digits.
  package static func uniqueName(random: RandomUnit = systemRandomUnit) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return "dubwatch-" + String((0..<10).map { _ in letters[min(letters.count - 1, Int(random() * Double(letters.count)))] })
  }

  /// Where temporary files go.
  package static func temporaryFolder(_ environment: [String: String]) -> String {
    environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
  }

  /// Why a text is no project name; nil when it is one (compose-spec: letters, digits, `-`, `_`, beginning with a letter or digit).
  package static func nameProblem(_ name: String) -> String? {
    let isGood = name.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    guard isGood, let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "_"), name.utf8.count <= 63 else {
      return "a project's name holds lower-case letters, digits, - and _, begins with a letter or digit, and has at most 63 characters"
    }
    return nil
  }

  /// Where a service of the data model is found.
  package func service(_ role: ServiceName) -> ComposeService { services[role] ?? ComposeService(role.text) }
}
