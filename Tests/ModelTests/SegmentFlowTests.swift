import Contracts
import Events
import MediaSync
import RunModel
import Testing

/// What the worker says of segments and fragments, held against what is seen.
@Suite struct SegmentFlowTests {
  private let output: ServiceName = "live/test/out"

  private func script() -> Script {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    return script
  }

  @Test func `each direction is counted by itself, audio and video of a segment once`() {
    var script = script()
    for index in 0..<4 {
      let at = 6 * Double(index + 1)
      for track in ["audio", "video"] {
        script.told(at, .segment(SegmentHappening(direction: .input, index: index, track: track, durationSeconds: 30)))
      }
    }
    script.told(26, .segment(SegmentHappening(direction: .output, index: 0)))
    let flow = script.state().segments
    #expect(flow.input.count == 4)
    #expect(flow.output.count == 1)
    #expect(flow.input.last?.seconds == 24)
    #expect(flow.output.last?.seconds == 26)
    // The worker's own length, not the contract's 6 s.
    #expect(script.state().segmentSeconds == 30)
  }

  @Test(arguments: [true, false])
  func `segments that come out of a stream that is closed or stands still are a finding`(isClosed: Bool) throws {
    var script = script()
    let source = SourceID(.stream, output)
    script.add(1, source, .happening(Happening(.stream(.opened(StreamFacts())), service: output, provenance: .observed)))
    script.told(20, .segment(SegmentHappening(direction: .output, index: 0)))
    let end: StreamHappening = isClosed ? .closed(reason: "gone") : .stalled(seconds: 1)
    script.add(21, source, .happening(Happening(.stream(end), service: output, provenance: .observed)))
    // Right before its end it may well have come out.
    script.told(22, .segment(SegmentHappening(direction: .output, index: 1)))
    script.tick(23)
    #expect(!script.state().alarms.contains { $0.id == "claimed:live/test/out" })
    script.told(28, .segment(SegmentHappening(direction: .output, index: 2)))
    script.told(34, .segment(SegmentHappening(direction: .output, index: 3)))
    script.tick(35)
    let alarm = try #require(script.state().alarms.first { $0.id == "claimed:live/test/out" })
    #expect(alarm.text == "media-service says that 2 segments came out since, and nothing comes out of live/test/out")
    #expect(alarm.severity == .bad)
    script.add(
      36, source,
      .happening(Happening(.stream(isClosed ? .opened(StreamFacts()) : .resumed(afterSeconds: 15)), service: output, provenance: .observed))
    )
    script.tick(37)
    #expect(!script.state().alarms.contains { $0.id == "claimed:live/test/out" })
  }

  /// In a run of ours the output is not there before a first segment came out of it; in a watch nobody knows.
  @Test(
    arguments: [("a run", 2.0, EventRow.Severity.info), ("a run", 30, .warning), (nil, 2, .warning)]
      as [(String?, Double, EventRow.Severity)])
  func `an output that cannot be there yet is no trouble`(scenario: String?, at: Double, severity: EventRow.Severity) throws {
    var script = Script()
    script.add(
      0, .harness,
      .description(
        RunDescription(
          scenario: scenario, environment: "embedded", contract: Contract(name: "test", summary: ""), contractReason: "asked for",
          services: [.mediaService], startedAt: WallTime(epochSeconds: Script.start))))
    let failing = SourceStatus.Standing.failing(reason: "no such stream", consecutiveFailures: 1, retryInSeconds: 1)
    script.add(at, SourceID(.stream, output), .sourceStatus(SourceStatus(standing: failing, target: "x", intervalSeconds: nil)))
    #expect(script.state().rows.last { $0.text.hasPrefix("stream:") }?.severity == severity)
  }

  @Test func `a flood of losses is one row that counts`() {
    var script = script()
    for index in 0..<100 { script.told(10 + Double(index) * 0.05, .linesLost(LostLines(lines: 7))) }
    script.told(21, .linesLost(LostLines(lines: 5)))
    let rows = script.state().rows.filter { $0.text.contains("lost") }.map(\.text)
    #expect(script.state().lostLines == 705)
    #expect(rows.count == 2)
    #expect(rows.first?.hasPrefix("700 lines were lost") == true)
  }

  @Test func `a connection that is back while every fragment fails is a finding`() throws {
    var script = script()
    script.told(10, .speechDisconnected(reason: "killed"))
    script.told(14, .speechConnected)
    for index in 0..<2 { script.told(20 + 6 * Double(index), .fragment(FragmentHappening(stage: .unsent, sequenceNumber: index))) }
    script.tick(27)
    #expect(!script.state().alarms.contains { $0.id == "fragments" })
    script.told(32, .fragment(FragmentHappening(stage: .failed, sequenceNumber: 2, detail: "STREAM_NOT_FOUND")))
    script.tick(33)
    let alarm = try #require(script.state().alarms.first { $0.id == "fragments" })
    #expect(alarm.text == "the last 3 fragments came to nothing: none was processed since the connection was back")
    #expect(alarm.since.seconds == 20)
    script.told(40, .fragment(FragmentHappening(stage: .processed, sequenceNumber: 3)))
    script.tick(41)
    #expect(!script.state().alarms.contains { $0.id == "fragments" })
  }
}
