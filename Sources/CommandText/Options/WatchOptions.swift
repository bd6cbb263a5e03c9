import ArgumentParser
import HarnessConfig
import HarnessRun
import MonitorUI

/// What `watch` reads: flags, a configuration file, or the default endpoints of the contract.
package struct WatchOptions: ParsableArguments {
  @OptionGroup package var sources: SourceFlags

  @Flag(help: "Read packets of the streams only: no search for flashes and beeps, a seventh of the CPU.")
  package var noContent = false

  @Option(
    help: ArgumentHelp(
      "A compose project that runs: health, logs and restarts of all its services. It is never stopped.", valueName: "PROJECT"))
  package var compose: String?

  @Option(help: ArgumentHelp("A YAML file with all of this, in place of the usual one (`dubwatch config`).", valueName: "FILE"))
  package var config: String?

  @Option(
    help:
      "The contract: auto (by what is found), a built-in name (\(BuiltInContracts.names)) or a YAML file; without, that of --config, else auto."
  )
  package var contract: String?

  @Option(help: "Seconds between two reads of one source, 0.1 to 3600; without, those of --config, else 1.")
  package var interval: Double?

  @Option(help: "Seconds that one read may take, 0.1 to 600; without, those of --config, else 2.")
  package var timeout: Double?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Credentials of a service (or *): bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH.",
      valueName: "NAME=SOURCE"))
  package var credentials: [String] = []

  package init() {}

  package mutating func validate() throws {
    if let interval, !(0.1...3600).contains(interval) { throw ValidationError("--interval is \(interval), but must be 0.1 to 3600.") }
    if let compose, compose.isEmpty || compose.hasPrefix("-") { throw ValidationError("--compose names no project.") }
    if let timeout, !(0.1...600).contains(timeout) { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
  }

  /// Whether any source was given, other than by a file.
  package var isGiven: Bool { compose != nil || sources.texts.values.contains { !$0.isEmpty } }

  /// The settings of the file that was named, or of the usual one.
  package func settings() throws -> Settings { try Settings.load(config, commands: Commands.all.map(\.name)) }

  /// What these options and the settings ask for. Sources of the usual file are for a command line that names none.
  package func request(_ settings: Settings) -> WatchRequest {
    let settings = isGiven ? settings.withoutUsualSources() : settings
    var request = WatchRequest()
    request.sources = sources.texts
    request.probesContent = !noContent
    request.project = compose
    request.contract = contract
    request.interval = interval
    request.timeout = timeout
    request.credentials = credentials
    request.file = settings.file
    request.path = settings.path
    return request
  }
}
