import ArgumentParser
import HarnessCore
import HarnessModel
import MonitorUI
import ProcessGuard
import TerminalCanvas
import TerminalNcurses
import WireFormats

/// Everything a run needs before it begins.
struct RunSetUp {
  var driver: any EnvironmentDriver
  var options: HarnessOptions
  var clock: any RunClock
  var processGuard: ProcessGuard

  /// A run that has not begun, and what it reads with.
  /// - Parameter taps: who sees every event as it arrives.
  func harness(taps: [any EventTap] = []) -> (Harness, HTTPFetcher) {
    let fetcher = HTTPFetcher(userAgent: "dubwatch/\(Version.text)")
    let inbox = Inbox(clock: clock, taps: taps)
    let harness = Harness(
      driver: driver, options: options, clock: clock, inbox: inbox, fetcher: fetcher, processGuard: processGuard)
    return (harness, fetcher)
  }
}

/// A run on the screen, or as lines, from its beginning until everything it started has ended.
struct MonitorSession {
  private let setUp: RunSetUp
  private let screen: Screen

  init(_ setUp: RunSetUp, screen: Screen) {
    self.setUp = setUp
    self.screen = screen
  }

  /// Shows the run; ends the program's command by throwing an `ExitCode` unless all is good.
  func run() async throws {
    let environment = EnvironmentTap()
    let (harness, fetcher) = setUp.harness(taps: [environment])
    let running = Task { await harness.run() }
    let trimming = Task { await Memory.keepTrimmed() }
    defer { trimming.cancel() }
    let status: Int32
    do {
      status = screen.isPlain ? try await plain(harness) : try await onScreen(harness)
    } catch {
      await end(harness, running, fetcher)
      throw Problem(error, otherwise: .terminal)
    }
    await end(harness, running, fetcher)
    if status != ExitStatus.good { throw ExitCode(status) }
    if environment.hasFailed { throw ExitCode(ExitStatus.unavailable) }
  }

  private func end(_ harness: Harness, _ running: Task<Void, Never>, _ fetcher: HTTPFetcher) async {
    await harness.stop()
    await running.value
    await setUp.processGuard.shutdown()
    await fetcher.shutdown()
  }

  private func onScreen(_ harness: Harness) async throws -> Int32 {
    var state = MonitorState(theme: screen.theme, bindings: screen.bindings, ownsEnvironment: setUp.driver.ownsServices)
    if screen.usesUTC { _ = state.reduce(.command(.utc), in: RunState()) }
    let backend = try NcursesBackend(environment: Host.environment)
    let program = MonitorProgram(backend: backend, options: MonitorOptions(initial: state))
    return try await program.run(feed: harness.inbox, effects: RunEffects(harness: harness)).status
  }

  private func plain(_ harness: Harness) async throws -> Int32 {
    let usesUTC = screen.usesUTC
    let status = await Signals.run {
      var monitor = PlainMonitor(usesUTC: usesUTC)
      while let batch = await harness.inbox.nextBatch() {
        for line in monitor.lines(for: batch) {
          // Nobody reads any more: nothing is left to do.
          guard StandardOutput.write(line + "\n") else { return }
        }
        if monitor.state.ended != nil { return }
      }
    }
    await harness.stop()
    return status ?? ExitStatus.good
  }
}

/// What keys of the monitor do to a live run.
struct RunEffects: EffectHandler {
  let harness: Harness

  func injectFault(id: String) async -> String? {
    do {
      try await harness.inject(id)
      return nil
    } catch {
      return error.description
    }
  }

  func saveFrame(_ canvas: Canvas) async -> String {
    let name = "dubwatch-\(Int(Host.wallClock().epochSeconds))"
    do {
      try FileOutput.writeNew(FrameText.render(canvas), to: "\(name).txt")
      try FileOutput.writeNew(FrameSVG.render(canvas), to: "\(name).svg")
      return "saved \(name).txt and \(name).svg"
    } catch {
      return "the frame could not be saved: \(error)"
    }
  }

  func mark(_ text: String) async -> String? {
    await harness.mark(text)
    return nil
  }

  func quitRequested() async { await harness.stop() }
}
