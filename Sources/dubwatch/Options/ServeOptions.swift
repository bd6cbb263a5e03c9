import ArgumentParser
import CommandText
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
    try PipelineSpeed.check(speed)
    if let port, !(0...65535).contains(port) { throw ValidationError("--port is \(port), but must be 0 to 65535.") }
  }

  var log: LogDestination { logFile.map { .file($0) } ?? .standardOutput }
  var clock: ScaledClock { ScaledClock(speed: speed, wallOrigin: Host.wallClock()) }

  /// Says once that log lines are lost, where people look when a service runs in front of them.
  var logLoss: LogLoss { { StandardError.write("dubwatch: \(escapeUntrusted($0))\n") } }
}
