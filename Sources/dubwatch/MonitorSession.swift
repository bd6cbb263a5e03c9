import ArgumentParser
import Events
import HarnessCore
import MonitorUI
import ProcessGuard
import RunModel
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
  /// - Parameter looksBack: whether earlier moments of it will be asked for.
  func harness(looksBack: Bool = true) -> (Harness, HTTPFetcher) {
    let fetcher = HTTPFetcher(userAgent: "dubwatch/\(Version.text)")
    let history = RunHistory(clock: clock, looksBack: looksBack)
    let harness = Harness(
      driver: driver, options: options, clock: clock, history: history, fetcher: fetcher, processGuard: processGuard)
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
    let (harness, fetcher) = setUp.harness(looksBack: !screen.isPlain)
    // From the first event on.
    let rows = screen.isPlain ? await harness.history.rowReader() : nil
    let running = Task { await harness.run() }
    let trimming = Task { await Memory.keepTrimmed() }
    defer { trimming.cancel() }
    let status: Int32
    do {
      if let rows { status = try await plain(harness, rows) } else { status = try await onScreen(harness) }
    } catch {
      await end(harness, running, fetcher)
      throw Problem(error, otherwise: .terminal)
    }
    await end(harness, running, fetcher)
    if status != ExitStatus.good { throw ExitCode(status) }
    if await harness.history.state.environmentFailure != nil { throw ExitCode(ExitStatus.unavailable) }
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
    return try await program.run(feed: harness.history, effects: RunEffects(harness: harness)).status
  }

  private func plain(_ harness: Harness, _ rows: RowReader) async throws -> Int32 {
    let usesUTC = screen.usesUTC
    let status = await Signals.run {
      var monitor = PlainMonitor(usesUTC: usesUTC)
      while let batch = await rows.nextRows() {
        // Nobody reads any more: nothing is left to do.
        guard await StandardOutput.write(lines: monitor.lines(for: batch)) else { return }
        if batch.hasEnded { return }
      }
    }
    await rows.close()
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
