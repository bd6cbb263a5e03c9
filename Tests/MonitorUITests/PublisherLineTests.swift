import Events
import MediaSync
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

@Suite struct PublisherLineTests {
  private static let source = SourceID(.publisher, "publisher")

  private func shown(_ script: Script) -> String {
    MonitorView.render(run: script.state(), ui: MonitorState(), size: Size(width: 160, height: 50)).rows().joined(separator: "\n")
  }

  @Test(arguments: [
    (PublisherHappening.stopped, "stopped, 2 s ago"), (.finished(mediaSeconds: 60), "came to the end after 60 s"),
    (.failed(reason: "ffmpeg ended by signal 9"), "failed: ffmpeg ended by signal 9"),
  ]) func `figures of a publisher that ended are not shown as current`(_ end: PublisherHappening, _ words: String) {
    var script = SampleRuns.everything(until: 16)
    let sample = PublisherSample(frames: 480, framesPerSecond: 29, bitsPerSecond: 480_000, speed: 1, mediaSeconds: 16)
    script.add(16, Self.source, .sample(.publisher(sample)))
    #expect(shown(script).contains(/publisher +29 fps/))
    script.add(17, Self.source, .happening(Happening(.publisher(end), service: "publisher", provenance: .own)))
    script.tick(19)
    let after = shown(script)
    #expect(!after.contains(/publisher +29 fps/), "\(after)")
    #expect(after.contains(words), "\(after)")
  }
}
