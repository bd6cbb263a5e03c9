import ArgumentParser
import CommandText
import EmbeddedPipeline
import Events
import HarnessRun
import WireFormats

struct ServeFleet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "serve fleet")

  @Option(help: "Address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "Port to listen on; 0 for any free one.")
  var port = 0

  @Option(help: "How many workers, 1 to 100000.")
  var workers = 10

  @Option(help: ArgumentHelp("The share of workers whose speech service fails: their breakers open after 30 s.", valueName: "SHARE"))
  var failing = "0%"

  @Option(help: ArgumentHelp("The share of workers that stop answering.", valueName: "SHARE"))
  var silent = "0%"

  @Option(help: "Seconds after which they stop.")
  var silentAfter = 30.0

  @Option(help: ArgumentHelp("Write the workers for file_sd_configs.", valueName: "FILE"))
  var sdFile: String?

  @Option(help: "In which shape the workers show themselves.")
  var shape: ServiceShape = .spec018

  @Option(help: "Pipeline speed, 1 to 20.")
  var speed: Double = 1

  mutating func validate() throws {
    try PipelineSpeed.check(speed)
    if !(0...65535).contains(port) { throw ValidationError("--port is \(port), but must be 0 to 65535.") }
    if !(silentAfter.isFinite && silentAfter >= 0) { throw ValidationError("--silent-after is \(silentAfter), but must be 0 or more.") }
  }

  mutating func run() async throws {
    var fleet = FleetConfiguration()
    (fleet.host, fleet.port, fleet.workers, fleet.shape, fleet.silentAfter) = (host, port, workers, shape, silentAfter)
    fleet.failing = try FleetConfiguration.share(failing, of: "--failing")
    fleet.silent = try FleetConfiguration.share(silent, of: "--silent")
    try fleet.check()
    let service = FleetService(configuration: fleet, clock: ScaledClock(speed: speed, wallOrigin: Host.wallClock()))
    let file = sdFile
    let served = ServedService(
      "fleet",
      start: {
        let port = try await service.start()
        if let file { try FileOutput.replace(file, with: service.discovery(port: port).document) }
        return port
      }, wait: { await service.waitUntilExit() }, stop: { await service.stop() })
    try ExitCode.end(try await served.run())
  }
}
