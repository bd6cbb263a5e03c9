import ArgumentParser
import HarnessConfig
import HarnessRun
import MonitorUI

/// What `watch` reads: flags, a configuration file, or the default endpoints of the contract.
struct WatchOptions: ParsableArguments {
  @OptionGroup var sources: SourceFlags

  @Flag(help: "Read packets of the streams only: no search for flashes and beeps, a seventh of the CPU.")
  var noContent = false

  @Option(
    help: ArgumentHelp(
      "A compose project that runs: health, logs and restarts of all its services. It is never stopped.", valueName: "PROJECT"))
  var compose: String?

  @Option(help: ArgumentHelp("A YAML file with all of this.", valueName: "FILE"))
  var config: String?

  @Option(help: "The contract: auto, a built-in name (\(BuiltInContracts.names)) or a YAML file.")
  var contract: String?

  @Option(help: "Seconds between two reads of one source, 0.1 to 3600.")
  var interval: Double?

  @Option(help: "Seconds that one read may take, 0.1 to 600.")
  var timeout: Double?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Credentials of a service (or *): bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH.",
      valueName: "NAME=SOURCE"))
  var credentials: [String] = []

  mutating func validate() throws {
    if let interval, !(0.1...3600).contains(interval) { throw ValidationError("--interval is \(interval), but must be 0.1 to 3600.") }
    if let compose, compose.isEmpty || compose.hasPrefix("-") { throw ValidationError("--compose names no project.") }
    if let timeout, !(0.1...600).contains(timeout) { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
  }

  /// Whether any source was given, other than by a file.
  var isGiven: Bool { compose != nil || sources.texts.values.contains { !$0.isEmpty } }

  /// What these options and their configuration file ask for.
  func request() throws -> WatchRequest { request(try WatchFile.load(config)) }

  /// The same with a file that was read already; nil for none.
  func request(_ file: WatchConfiguration?) -> WatchRequest {
    var request = WatchRequest()
    request.sources = sources.texts
    request.probesContent = !noContent
    request.project = compose
    request.contract = contract
    request.interval = interval
    request.timeout = timeout
    request.credentials = credentials
    request.file = file
    request.path = config ?? ""
    return request
  }
}

/// The file of `--config`.
enum WatchFile {
  /// What a configuration file says; nil for none.
  static func load(_ path: String?) throws -> WatchConfiguration? {
    guard let path else { return nil }
    return try WatchRequest.read(path, commands: Commands.all.map(\.name))
  }
}
