import Events
import HarnessCore
import HarnessRun
import MonitorUI
import ProcessGuard
import Recording
import RunModel
import TerminalCanvas
import WireFormats

/// How a frame is written.
package enum FrameFormat: String, CaseIterable, Sendable {
  case text, ansi, svg

  func render(_ canvas: Canvas, palette: FramePalette) -> String {
    switch self {
    case .text: FrameText.render(canvas)
    case .ansi: FrameANSI.render(canvas)
    case .svg: FrameSVG.render(canvas, palette: palette)
    }
  }
}

/// One frame of a run, printed.
package struct FramePrint: Sendable {
  let size: Size
  let format: FrameFormat
  let theme: Theme
  /// What a picture is drawn on; nil for what the theme asks for.
  let ground: Ground?
  let glyphs: GlyphSet
  let usesUTC: Bool

  package init(size: Size, format: FrameFormat, theme: Theme, ground: Ground?, glyphs: GlyphSet, usesUTC: Bool) {
    self.size = size
    self.format = format
    self.theme = theme
    self.ground = ground
    self.glyphs = glyphs
    self.usesUTC = usesUTC
  }

  /// Prints what a live run shows after so many seconds of its own time.
  /// - Returns: the exit status.
  package func watch(
    seconds: Double, ownsEnvironment: Bool, _ setUp: (ProcessGuard) async throws -> RunSetUp
  ) async throws -> Int32 {
    let (run, status) = try await withRun(for: .nobody, setUp) { live in
      let status = await Signals.run { try? await live.clock.sleep(seconds: seconds) }.status
      return (await live.history.state, status)
    }
    return status ?? draw(run, MonitorState(theme: theme, ownsEnvironment: ownsEnvironment))
  }

  /// Prints what a recording shows at a place; at nil, at its end.
  /// - Returns: the exit status.
  package func replay(_ recording: String, at place: RecordedPlace?) async throws -> Int32 {
    let opened = try await OpenedRecording(recording)
    opened.warn()
    let history = opened.history
    var run = await history.end
    switch place {
    // All that had arrived by then, and no time that went by since.
    case .event(let number)?:
      _ = try await history.instant(of: .event(number))
      run = try await history.state(after: number)
    case let place?: run = try await history.state(at: try await history.instant(of: place))
    case nil: break
    }
    return draw(run, MonitorState(theme: theme, isReplay: true))
  }

  /// Prints a fleet as it is once everything was asked.
  /// - Returns: the exit status.
  package func fleet(_ request: FleetRequest) async -> Int32 {
    let moment = await withFetcher { fetcher in await request.watch(fetcher).settled() }
    let ground = ground ?? theme.pictureGround
    var screen = FleetScreen(theme: theme)
    screen.adopt(ground)
    screen.show(moment)
    return write(FleetView.render(screen, size: size, glyphs: glyphs), on: ground)
  }

  private func draw(_ run: RunState, _ ui: MonitorState) -> Int32 {
    var ui = ui
    let ground = ground ?? theme.pictureGround
    _ = ui.reduce(.ground(ground), in: run)
    if usesUTC { _ = ui.reduce(.command(.utc), in: run) }
    return write(MonitorView.render(run: run, ui: ui, size: size, glyphs: glyphs), on: ground)
  }

  private func write(_ canvas: Canvas, on ground: Ground) -> Int32 {
    let text = format.render(canvas, palette: theme.picture(on: ground))
    return StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n") ? ExitStatus.good : ExitStatus.no
  }
}
