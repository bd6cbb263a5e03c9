import HarnessCore
import WireFormats

/// Takes projects down that dubwatch brought up.
package enum ComposeRemoval {
  /// Takes projects down, one after the other. A signal in the middle would leave half of one: it is noted, and the rest is done.
  /// - Parameters:
  ///   - project: which one; nil for the only one.
  ///   - all: whether all of them.
  ///   - say: takes a line for each that is down.
  /// - Returns: the exit status of a signal that came meanwhile; nil for none.
  /// - Throws: why not all of it could be done.
  package static func run(project: String?, all: Bool, say: @escaping @Sendable (String) -> Void) async throws -> Int32? {
    try await withProcessGuard { processGuard in
      let directory = ComposeDirectory(DockerCLI(processGuard: processGuard))
      let noted = NotedSignal()
      let signals = Signals.terminations()
      let noting = Task { for await number in signals { await noted.note(number) } }
      defer { noting.cancel() }
      let names = try await directory.ownProjects().map(\.name)
      for name in try choose(names, project, all) {
        try await directory.down(name)
        say("\(escapeUntrusted(name)) is down: no container, network or volume is left\n")
      }
      if names.isEmpty { say("nothing to take down\n") }
      return await noted.status
    }
  }

  private static func choose(_ names: [String], _ project: String?, _ all: Bool) throws(Problem) -> [String] {
    if let project {
      guard names.contains(project) else {
        throw Problem(.negative, "no project \(project) was brought up by dubwatch" + NearestWord.hint(project, among: names))
      }
      return [project]
    }
    if all || names.count <= 1 { return names }
    throw Problem(.conflict, "several projects are up (\(names.joined(separator: ", "))): give --project NAME or --all")
  }

  private actor NotedSignal {
    private(set) var status: Int32?
    func note(_ signal: Int32) { status = 128 + signal }
  }
}
