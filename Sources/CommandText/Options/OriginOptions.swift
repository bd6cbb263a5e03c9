import ArgumentParser

/// Which web pages may use a service.
package struct OriginOptions: ParsableArguments {
  @Option(help: ArgumentHelp("An origin whose web pages may use the service beside its own; can be repeated.", valueName: "ORIGIN"))
  package var allowOrigin: [String] = []

  package init() {}

  package mutating func validate() throws {
    // Origins as browsers send them.
    for origin in allowOrigin where origin != "*" {
      let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, ["http:", "https:"].contains(parts[0].lowercased()), parts[1].isEmpty, !parts[2].isEmpty else {
        throw ValidationError("--allow-origin is \(origin), but must be http://HOST:PORT or https://HOST:PORT without a path, or *.")
      }
    }
  }
}
