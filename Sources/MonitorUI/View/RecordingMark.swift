import TerminalCanvas
import WireFormats

/// "● rec 1.2 MB" in the title bar.
enum RecordingMark {
  /// What is said of the recording; nothing where the run is not recorded, or is one itself.
  static func spans(_ scene: Scene) -> [Span] {
    guard let recording = scene.ui.recording, !scene.ui.isReplay else { return [] }
    if recording.hasFailed { return [scene.span("\(scene.glyphs.bad) rec ended", .bad)] }
    let dot = scene.span(String(scene.glyphs.good), .bad)
    guard scene.screenWidth >= 100 else { return [dot, scene.span(" rec")] }
    // In a fixed column: what stands beside it never moves.
    return [dot, scene.span(" rec " + pad(Format.bytes(recording.bytes), width: 7, alignment: .right))]
  }
}
