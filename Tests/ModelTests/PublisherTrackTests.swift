import Events
import MediaSync
import RunModel
import Testing

@Suite struct PublisherTrackTests {
  private static let source = SourceID(.publisher, "publisher")

  private func tell(_ script: inout Script, _ seconds: Double, _ what: PublisherHappening) {
    script.add(seconds, Self.source, .happening(Happening(.publisher(what), service: "publisher", provenance: .own)))
  }

  private func sample(_ script: inout Script, _ seconds: Double, media: Double) {
    script.add(seconds, Self.source, .sample(.publisher(PublisherSample(frames: 1, framesPerSecond: 30, mediaSeconds: media))))
  }

  @Test(arguments: [PublisherHappening.stopped, .finished(mediaSeconds: 60), .failed(reason: "ffmpeg ended by signal 9")])
  func `figures end with the publisher`(_ end: PublisherHappening) throws {
    var script = Script()
    sample(&script, 1, media: 0)
    tell(&script, 2, .started(target: "rtmp://h/a/b"))
    sample(&script, 2, media: 1)
    #expect(script.state().publishers["publisher"]?.sample?.value.mediaSeconds == 1)
    tell(&script, 9, end)
    var track = try #require(script.state().publishers["publisher"])
    #expect(track.sample == nil && track.end?.value == end && track.end?.at == RunInstant(seconds: 9))
    // While it connects again nothing is known of it yet.
    sample(&script, 11, media: 0)
    #expect(script.state().publishers["publisher"]?.sample == nil)
    tell(&script, 12, .started(target: "rtmp://h/a/b"))
    sample(&script, 12, media: 0.5)
    track = try #require(script.state().publishers["publisher"])
    #expect(track.sample?.value.mediaSeconds == 0.5 && track.end == nil)
  }

  @Test func `an output has ended when its readers have`() {
    var script = Script()
    let out = SourceID(.stream, "live/test/out")
    func stream(_ seconds: Double, _ what: StreamHappening) {
      script.add(seconds, out, .happening(Happening(.stream(what), service: "live/test/out", provenance: .observed)))
    }
    stream(3, .opened(StreamFacts()))
    #expect(script.state().hasOutputEnded, "nobody has come to an end")
    tell(&script, 60, .finished(mediaSeconds: 60))
    #expect(!script.state().hasOutputEnded)
    var stuck = script
    stuck.add(80, out, .sample(.stream(StreamSample(videoPackets: 9, silentSeconds: 12, content: .off))))
    #expect(stuck.state().hasOutputEnded, "an output that stays open and gives nothing is not waited for")
    stream(80, .closed(reason: "end of the stream"))
    #expect(script.state().hasOutputEnded)
  }
}
