import ArgumentParser
import HarnessConfig
import HarnessCore
import HarnessRun

extension KeepPolicy: ExpressibleByArgument {}

/// How a compose environment is brought up.
package struct ComposeOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A compose file; any number, each over the ones before. Without: dubwatch's own compose/docker-compose.yml.", valueName: "FILE"))
  package var composeFile: [String] = []

  @Option(help: ArgumentHelp("The project's name; without, one that no other run has.", valueName: "NAME"))
  package var project: String?

  @Flag(help: "Pull nothing: one image made from this program, and stream-origin instead of MediaMTX.")
  package var offline = false

  @Option(help: "Seconds from the first start of a container until everything must be healthy, 1 to 3600.")
  package var upTimeout: Double = 120

  @Option(help: "Seconds that getting and building images may take, 1 to 86400.")
  package var buildTimeout: Double = 3600

  package init() {}

  package mutating func validate() throws {
    guard (1...3600).contains(upTimeout) else { throw ValidationError("--up-timeout is \(upTimeout), but must be 1 to 3600.") }
    guard (1...86400).contains(buildTimeout) else { throw ValidationError("--build-timeout is \(buildTimeout), but must be 1 to 86400.") }
    if let project, let problem = ComposeProject.nameProblem(project) { throw ValidationError("--project \"\(project)\": \(problem).") }
    if offline, !composeFile.isEmpty { throw ValidationError("--offline is about dubwatch's own compose files: leave out --compose-file.") }
  }

  /// Whether any of them was given.
  package var isGiven: Bool { !composeFile.isEmpty || project != nil || offline }

  /// What these options ask for.
  package func plan(_ file: WatchConfiguration?, keep: KeepPolicy) -> ComposePlan {
    ComposePlan(
      files: composeFile, project: project, isOffline: offline, limits: ComposeLimits(build: buildTimeout, up: upTimeout), keep: keep,
      services: file?.services ?? [:])
  }
}
