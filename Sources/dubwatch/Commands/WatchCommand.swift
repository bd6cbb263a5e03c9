import ArgumentParser
import CommandText
import HarnessConfig
import HarnessCore
import HarnessRun
import RunScreen

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "watch")

  @OptionGroup var sources: WatchOptions
  @OptionGroup var fleet: FleetOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var recording: RecordOptions

  @Option(
    help: ArgumentHelp(
      "Serve what only dubwatch measures, for a Prometheus: HOST:PORT, or :PORT for this machine only; the page is /metrics.",
      valueName: "ADDRESS"))
  var serveMetrics: String?

  mutating func validate() throws {
    try fleet.check(beside: sources)
    try fleet.check(recordsInto: recording.record, isPlain: screen.plain)
    if serveMetrics != nil, fleet.isGiven { throw ValidationError("--serve-metrics is for a watch of services, not of a fleet.") }
  }

  mutating func run() async throws {
    let settings = try sources.settings()
    let request = sources.request(settings)
    let plan = recording.plan
    let metrics = try serveMetrics.map { try MetricsAddress(parsing: $0) }
    // Of a fleet each worker that is opened is a recording of its own.
    try plan.check(runs: fleet.isGiven ? nil : 1)
    if fleet.isGiven {
      let shown = try screen.resolved(settings)
      try fleet.check(recordsInto: recording.record, isPlain: shown.isPlain)
      let show = FleetShow(try fleet.request(request), on: shown, recording: plan, writesJSON: fleet.json)
      return try ExitCode.end(try await show.run())
    }
    let status = try await screen.resolved(settings).watch { processGuard in
      var setUp = try request.setUp(processGuard)
      // Before the screen: a project that is not there will not come by waiting, as its name may be wrong.
      try await setUp.driver.check()
      setUp.recording = plan
      setUp.metricsAddress = metrics
      return setUp
    }
    try ExitCode.end(status)
  }
}
