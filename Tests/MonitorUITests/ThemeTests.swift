import CanvasSupport
import Events
import Foundation
import RunModel
import Testing

@testable import MonitorUI
@testable import TerminalCanvas

@Suite struct ThemeTests {
  static let surfaces = Ground.allCases.flatMap { ground in
    [TerminalCapabilities.Colors.none, .eight, .sixteen, .palette256, .rgb].map { ThemeSurface(ground: ground, colors: $0) }
  }

  /// WCAG 2.1, relative luminance and contrast ratio.
  private func contrast(_ one: FramePalette.RGB, _ other: FramePalette.RGB) -> Double {
    func linear(_ value: UInt8) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    func luminance(_ color: FramePalette.RGB) -> Double {
      0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
    let values = [luminance(one), luminance(other)].sorted()
    return (values[1] + 0.05) / (values[0] + 0.05)
  }

  @Test(arguments: Theme.allCases, Ground.allCases)
  func `every text of a theme is read on the theme's own ground`(_ theme: Theme, _ ground: Ground) {
    let palette = theme.picture(on: ground)
    let surface = ThemeSurface(ground: ground)
    for role in Role.allCases {
      let style = theme.style(role, on: surface)
      let foreground = palette.color(style.foreground, default: palette.foreground)
      let ratio = contrast(foreground, palette.background)
      #expect(ratio >= (theme == .highContrast ? 6 : 4.5), "\(role): \(ratio)")
      if let band = theme.faultBand(on: surface) {
        #expect(role == .dim || style.foreground == nil || contrast(foreground, palette.color(band, default: palette.background)) >= 2.5)
      }
    }
  }

  @Test(arguments: Theme.allCases) func `a theme for one ground is drawn on it, the others on both`(_ theme: Theme) {
    let grounds = Set(Ground.allCases.map { theme.picture(on: $0).background })
    #expect(grounds.count == ([.dark, .light].contains(theme) ? 1 : 2))
    #expect(theme.picture(on: theme.pictureGround) == (theme.pictureGround == .light ? .light : theme == .highContrast ? .black : .dark))
  }

  @Test(arguments: Theme.allCases, surfaces)
  func `without shades nothing stands behind text but the terminal's own background`(_ theme: Theme, _ surface: ThemeSurface) {
    if surface.colors < .palette256 {
      #expect(theme.faultBand(on: surface) == nil)
      for role in Role.allCases {
        let style = theme.style(role, on: surface)
        #expect(style.background == nil)
        if case .ansi? = style.foreground { continue }
        #expect(style.foreground == nil, "\(role)")
      }
    } else {
      #expect((theme.faultBand(on: surface) == nil) == (theme == .none))
    }
  }

  private func canvas(_ glyphs: GlyphSet, colors: TerminalCapabilities.Colors, size: Size = Size(width: 160, height: 48)) -> Canvas {
    var ui = MonitorState(followsGround: true)
    ui.adopt(TerminalCapabilities(colors: colors, unicode: true, mouse: true, name: "xterm", ground: .light))
    return MonitorView.render(run: SampleRuns.everything().state(), ui: ui, size: size, glyphs: glyphs)
  }

  @Test func `a fault's time is shown by a glyph where there are no shades`() {
    for colors in [TerminalCapabilities.Colors.none, .eight, .sixteen] {
      let text = canvas(.unicode, colors: colors).rows().joined()
      #expect(text.contains("░"), "\(colors)")
    }
    #expect(!canvas(.unicode, colors: .palette256).rows().joined().contains("░"))
    #expect(canvas(.ascii, colors: .none).rows().joined().contains("::"))
  }

  @Test(arguments: [GlyphSet.console, .ascii], [Size(width: 160, height: 48), Size(width: 80, height: 24), Size(width: 40, height: 10)])
  func `a frame has only glyphs that the terminal's font has`(_ glyphs: GlyphSet, _ size: Size) {
    for scalar in canvas(glyphs, colors: .eight, size: size).rows().joined().unicodeScalars { #expect(glyphs.has(scalar), "\(scalar)") }
  }

  @Test func `ASCII keeps its meanings apart`() {
    let text = canvas(.ascii, colors: .none).rows().joined(separator: "\n")
    #expect(text.contains("->") && text.contains("ok"))
    #expect(!text.contains("closed > open"))
  }

  @Test func `the theme goes by the ground until somebody chooses one`() {
    let run = RunState()
    var ui = MonitorState(followsGround: true)
    #expect(ui.theme == .dark)
    _ = ui.reduce(.ground(.light), in: run)
    #expect(ui.theme == .light && ui.surface.ground == .light)
    _ = ui.reduce(.command(.theme), in: run)
    #expect(ui.theme == .highContrast && ui.notice == "theme high-contrast")
    _ = ui.reduce(.ground(.dark), in: run)
    #expect(ui.theme == .highContrast && ui.surface.ground == .dark)
    var chosen = MonitorState(theme: .dark)
    _ = chosen.reduce(.ground(.light), in: run)
    #expect(chosen.theme == .dark)
  }

  @Test func `what came while another window had the keyboard is marked until the first key`() {
    let script = SampleRuns.everything()
    let run = script.state()
    var ui = MonitorState()
    _ = ui.reduce(.focusWindow(false), in: run)
    _ = ui.reduce(.advanced(now: run.now, oldest: .zero), in: run)
    let size = Size(width: 160, height: 48)
    let new = run.rows.count { $0.at > .zero }
    func text() -> String { MonitorView.render(run: run, ui: ui, size: size).rows().joined(separator: "\n") }
    #expect(text().contains("\(new) since you left"))
    _ = ui.reduce(.focusWindow(true), in: run)
    #expect(text().contains("\(new) since you left"))
    _ = ui.reduce(.command(.pause), in: run)
    #expect(!text().contains("since you left"))
  }

  @Test func `the window's title says how the run stands`() {
    #expect(WindowTitle.text(RunState()) == "dubwatch")
    let title = WindowTitle.text(SampleRuns.everything().state())
    #expect(title.hasSuffix(" - dubwatch") && (title.contains("violated") || title.contains("wrong") || title.contains("met")), "\(title)")
  }
}
