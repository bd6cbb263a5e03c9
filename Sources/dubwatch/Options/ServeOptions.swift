import ArgumentParser
import EmbeddedPipeline
import Events
import HarnessRun
import WireFormats

/// What all services take.
struct ServeOptions: ParsableArguments {
  @Option(help: "Address to listen on; without, the variable's, else 127.0.0.1.")
  var host: String?

  @Option(help: "Port to listen on; 0 for any free one.")
  var port: Int?

  @Option(help: "In which shape the service shows itself.")
  var shape: ServiceShape = .spec018

  @Option(help: ArgumentHelp("Append the log to a file instead of standard output.", valueName: "FILE"))
  var logFile: String?

  @Flag(help: "Answer POST /control: faults by HTTP. Anyone who can reach the port can use it.")
  var control = false

  @Option(help: "Pipeline speed, 1 to 20.")
  var speed: Double = 1

  mutating func validate() throws {
    try DemoCommand.check(speed: speed)
    if let port, !(0...65535).contains(port) { throw ValidationError("--port is \(port), but must be 0 to 65535.") }
  }

  var log: LogDestination { logFile.map { .file($0) } ?? .standardOutput }
  var clock: ScaledClock { ScaledClock(speed: speed, wallOrigin: Host.wallClock()) }

  /// Says once that log lines are lost, where people look when a service runs in front of them.
  var logLoss: LogLoss { { StandardError.write("dubwatch: \(escapeUntrusted($0))\n") } }

  /// Origins as browsers send them; throws a `ValidationError` for anything else.
  static func check(origins: [String]) throws {
    for origin in origins where origin != "*" {
      let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, ["http:", "https:"].contains(parts[0].lowercased()), parts[1].isEmpty, !parts[2].isEmpty else {
        throw ValidationError("--allow-origin is \(origin), but must be http://HOST:PORT or https://HOST:PORT without a path, or *.")
      }
    }
  }

  /// Runs a service until it ends by itself or a signal comes.
  func serve(
    _ name: String, start: @escaping @Sendable () async throws -> Int, wait: @escaping @Sendable () async -> ServiceExit?,
    stop: @escaping @Sendable () async -> Void
  ) async throws {
    do {
      let port = try await start()
      StandardError.write("dubwatch: \(name) listens on port \(port)\n")
    } catch {
      await stop()
      // A service that says what is wrong names itself.
      throw (error as? any ProblemCarrier)?.problem ?? Problem(.environment, "\(name) could not be started: \(error)")
    }
    let (end, signal) = await Signals.run { await wait() }
    await stop()
    if let signal { throw ExitCode(signal) }
    guard let end, end.status != 0 else { return }
    StandardError.write("dubwatch: \(name) ended: \(end.reason)\n")
    throw ExitCode(end.status)
  }
}
