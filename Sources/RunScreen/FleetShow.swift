import Fleet
import HarnessCore
import HarnessRun
import MonitorUI
import Recording
import TerminalNcurses
import WireFormats

/// A fleet on a screen or as lines, and each worker that is opened, until somebody ends it.
package struct FleetShow: Sendable {
  private let request: FleetRequest
  private let screen: Screen
  private let recording: RecordingPlan
  private let writesJSON: Bool

  /// - Parameters:
  ///   - recording: whether and where a worker that is opened is recorded.
  ///   - writesJSON: a document a refresh in place of a screen.
  package init(_ request: FleetRequest, on screen: Screen, recording: RecordingPlan, writesJSON: Bool) {
    self.request = request
    self.screen = screen
    self.recording = recording
    self.writesJSON = writesJSON
  }

  /// Shows it.
  /// - Returns: the exit status.
  package func run() async throws -> Int32 {
    try await withFetcher { fetcher in
      let watch = request.watch(fetcher)
      if writesJSON || screen.isPlain { return await tell(watch, usesUTC: screen.usesUTC) }
      return try await draw(watch, screen)
    }
  }

  private func tell(_ watch: FleetWatch, usesUTC: Bool) async -> Int32 {
    let json = writesJSON
    let status = await Signals.run {
      var lines = FleetLines()
      for await moment in watch.moments() {
        let text: [String] =
          json
          ? [moment.json.jsonText]
          : lines.lines(for: moment, time: FleetWatch.time(moment.at, utcOffset: usesUTC ? nil : Host.utcOffsetSeconds()))
        if text.isEmpty { continue }
        guard await StandardOutput.write(lines: text) else { return }
      }
    }.status
    return status ?? ExitStatus.good
  }

  private func draw(_ watch: FleetWatch, _ screen: Screen) async throws -> Int32 {
    var fleet = FleetScreen(theme: screen.theme)
    while true {
      // While a worker was open nobody asked for the fleet.
      fleet.grow(to: Host.wallClock())
      let exit: FleetProgram<NcursesBackend>.Exit
      do {
        exit = try await withProcessGuard { processGuard in
          let backend = try NcursesBackend(environment: Host.environment, witness: processGuard.terminalWitness)
          return try await FleetProgram(backend: backend).run(&fleet, moments: watch.moments())
        }
      } catch { throw Problem(error, otherwise: .terminal) }
      switch exit {
      case .ended(let end):
        return end.status
      case .open(let worker):
        guard let moment = fleet.moment, let plan = request.worker(worker, of: moment, watch) else { continue }
        let status = try await screen.watch { _ in
          var setUp = plan
          setUp.recording = recording
          return setUp
        }
        // A signal or a terminal that is gone ends the program; whatever else ended the worker leads back.
        if ExitStatus.isEndedFromOutside(status) { return status }
      }
    }
  }
}
