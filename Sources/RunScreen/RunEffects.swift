import Events
import HarnessCore
import HarnessRun
import MonitorUI
import TerminalCanvas

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

  func saveFrame(_ canvas: Canvas, palette: FramePalette) async -> String { SavedFrame.save(canvas, palette: palette) }

  func mark(_ text: String) async -> String? {
    await harness.mark(text)
    return nil
  }

  func remember(_ choice: LayoutChoice) async -> String? { RememberedLayout(Host.environment).write(choice) }

  func quitRequested() async { await harness.stop() }
}

/// A frame in files of its own, in the folder that the command runs in.
enum SavedFrame {
  /// Writes it as text and as picture; a sentence on what became of it.
  static func save(_ canvas: Canvas, palette: FramePalette) -> String {
    let name = "dubwatch-\(Int(Host.wallClock().epochSeconds))"
    do {
      try FileOutput.writeNew(FrameText.render(canvas), to: "\(name).txt")
      try FileOutput.writeNew(FrameSVG.render(canvas, palette: palette), to: "\(name).svg")
      return "saved \(name).txt and \(name).svg"
    } catch {
      return "the frame could not be saved: \(error)"
    }
  }
}
