import Events
import Foundation
import MCAP
import MonitorUI
import Recording
import RunModel
import TerminalCanvas
import TestSupport
import Testing
import WireFormats

@testable import Export

@Suite struct CastTests {
  @Test(arguments: [(2, Size(width: 120, height: 40), Theme.dark), (3, Size(width: 80, height: 24), Theme.light)])
  func `played through a terminal it shows the frames of the run`(_ version: Int, _ size: Size, _ theme: Theme) async throws {
    guard PythonPeer.isAvailable("cast", importing: "pyte") else { return }
    var options = ExportFormat.Options()
    options.cast.version = version
    options.cast.size = size
    options.cast.theme = theme
    options.cast.stepSeconds = 0.5
    let scratch = try Scratch("export")
    try scratch.write("run.cast", try await written("cast", recordedRun, options))
    let history = try RecordedHistory(try MCAPFile(path: recordedRun))
    try await history.readAll()
    let (begin, end) = (await history.beginning, await history.end)
    let length = end.now.seconds(since: begin)
    let instants = (0..<12).map { (length * Double($0) / 12 * 2).rounded(.down) / 2 }
    let found = try await answer("cast.py", [scratch.file("run.cast")] + instants.map { String($0) })
    let screens = try #require(found["screens"]?.arrayValue)
    #expect(screens.count == 12)
    var ui = MonitorState(theme: theme, isReplay: true)
    _ = ui.reduce(.ground(theme.pictureGround), in: end)
    for (seconds, screen) in zip(instants, screens) {
      // As `frame --at` does.
      let place = RecordedPlace.time(begin.advanced(bySeconds: seconds))
      let run = try await history.state(at: try await history.instant(of: place))
      let frame = FrameText.render(MonitorView.render(run: run, ui: ui, size: size))
      let rows = frame.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(screen.arrayValue?.compactMap { $0.stringValue?.trimmingCharacters(in: .whitespaces) } == rows, "at \(seconds) s")
    }
    #expect(Set(screens).count > 6)
    #expect(abs(try #require(found["last"]?.doubleValue) - length) < 0.001)
    let markers = try #require(found["markers"]?.arrayValue).compactMap(\.stringValue)
    #expect(markers.contains { $0.hasPrefix("fault: ") })
  }

  private static let asciinema = ["/usr/bin/asciinema"].first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test func `Debian's asciinema reads it`() async throws {
    guard let asciinema = Self.asciinema else { return skip("asciinema", "it is not installed: run make setup") }
    let scratch = try Scratch("export")
    try scratch.write("run.cast", try await written("cast"))
    // It gives its terminal back to whom it has one of.
    let child = try ChildProgram(
      ["script", "-qec", "\(asciinema) cat \(scratch.file("run.cast"))", "/dev/null"], environment: ["LC_ALL": "C.UTF-8"])
    let result = await child.result(within: 30)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("non-retryable-error"))
  }
}
