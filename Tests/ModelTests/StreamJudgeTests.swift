import Events
import MediaSync
import RuleSupport
import RunModel
import Testing

@Suite struct StreamJudgeTests {
  @Test(arguments: [
    (Array(repeating: 18.0, count: 10), Verdict.Standing.met), ([18, 18, 18, 18, 18, 18, 18, 18, 18, 130], .violated),
    (Array(repeating: -200.0, count: 10), .violated), (Array(repeating: 119.9, count: 10), .met),
    (Array(repeating: 120.0, count: 10), .violated),
    (Array(repeating: 18.0, count: 8), .unobservable), ([], .unobservable),
    // One in twenty may lie beyond.
    (Array(repeating: 18.0, count: 19) + [300], .met),
  ]) func `a share of the segments lies within the threshold`(_ deltas: [Double], _ standing: Verdict.Standing) {
    for figure in RuleDocument.SyncFigure.allCases {
      var trial = Trial(.sync(figure, thresholdMilliseconds: 120, share: 0.95, segments: 9))
      for (index, delta) in deltas.enumerated() {
        let at = 10 + 6 * Double(index)
        let measurement = SyncMeasurement(segmentIndex: index, videoPTS: at, audioPTS: at + delta / 1000)
        switch figure {
        case .timestamps: trial.stream(at, .alignment(measurement, isScored: true))
        case .content: trial.stream(at, .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: delta, markCount: 5)))
        }
        // What is not scored, another stream and the other figure are never mixed in.
        trial.stream(at, .alignment(SyncMeasurement(segmentIndex: index, videoPTS: at, audioPTS: at + 9), isScored: false))
        trial.stream(
          at, .alignment(SyncMeasurement(segmentIndex: index, videoPTS: at, audioPTS: at + 9), isScored: true), of: "live/test/in")
      }
      trial.end(200)
      // 120 ms out of two times is 119.99…: the data model's own rounding.
      if deltas.first == 120, figure == .timestamps { continue }
      #expect(trial.standing == standing, "\(figure): \(trial.verdict.reason)")
    }
  }

  @Test(arguments: [
    (ContentState.off, Verdict.Standing.unobservable), (.noMarks, .unobservable), (.outOfRange, .violated), (.searching, .unobservable),
  ]) func `without marks the reason is said`(_ state: ContentState, _ standing: Verdict.Standing) {
    var trial = Trial(.sync(.content, thresholdMilliseconds: 120, share: 0.95, segments: 1))
    trial.stream(3, .content(state))
    trial.end(20)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  @Test(arguments: [(1800 as UInt64, Verdict.Standing.met), (1815, .met), (1785, .met), (1816, .violated), (1620, .violated)])
  func `output duration`(
    _ frames: UInt64, _ standing: Verdict.Standing
  ) {
    var trial = Trial(.outputDuration(toleranceSeconds: 0.5))
    let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
    trial.awaits(1.5)
    trial.script.add(
      60, SourceID(.stream, "live/test/out"),
      .sample(.stream(StreamSample(facts: facts, videoPackets: frames, audioPackets: 2, content: .found))))
    // The input's reader counts for nothing.
    trial.script.add(
      61, SourceID(.stream, "live/test/in"), .sample(.stream(StreamSample(facts: facts, videoPackets: 9000, content: .found))))
    trial.told(62, .publisher(.finished(mediaSeconds: 60)))
    trial.end(90)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// How a reader came to a stream whose input began at 2 s, and what it read of 60 s.
  struct Join: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var container = "mpegts"
    var isAwaited = false
    var openedAt = 2.0
    var firstPTS = 0.0
    var frames: UInt64 = 1770
    var standing = Verdict.Standing.unobservable
  }

  static let joins = [
    Join(testDescription: "awaited, all read", isAwaited: true, frames: 1800, standing: .met),
    Join(testDescription: "awaited, a second too short", isAwaited: true, standing: .violated),
    Join(testDescription: "not awaited, all read", openedAt: 17, frames: 1800, standing: .met),
    Join(testDescription: "a second late, as RTSP is", container: "rtsp", openedAt: 17),
    Join(testDescription: "more is missing than it can be late", openedAt: 17, frames: 1200, standing: .violated),
    Join(testDescription: "too long, however it was joined", openedAt: 17, frames: 1830, standing: .violated),
    Join(testDescription: "FLV says how late it is", container: "flv", openedAt: 17, firstPTS: 1, standing: .met),
    Join(testDescription: "FLV from its begin, too short", container: "flv", openedAt: 17, standing: .violated),
  ]

  @Test(arguments: joins) func `an output that is too short may have been joined late`(_ join: Join) {
    var trial = Trial(.outputDuration(toleranceSeconds: 0.5))
    let facts = StreamFacts(container: join.container, videoCodec: "h264", framesPerSecond: 30)
    if join.isAwaited { trial.awaits(1.5) }
    trial.script.add(
      2, SourceID(.publisher, "publisher"),
      .happening(Happening(.publisher(.started(target: "in")), service: "publisher", provenance: .own)))
    trial.stream(join.openedAt, .opened(facts))
    let sample = StreamSample(
      facts: facts, videoPackets: join.frames, audioPackets: 2, videoPTS: join.firstPTS + Double(join.frames) / 30, content: .found)
    trial.script.add(60, SourceID(.stream, "live/test/out"), .sample(.stream(sample)))
    trial.told(62, .publisher(.finished(mediaSeconds: 60)))
    trial.end(90)
    #expect(trial.standing == join.standing, "\(trial.verdict.reason)")
  }

  /// Two healthy streams whose times have nothing to do with each other.
  @Test func `each stream has times and a share of its own`() {
    var rising = Trial(.presentationTimesRise)
    var synced = Trial(.sync(.timestamps, thresholdMilliseconds: 120, share: 0.9, segments: 4))
    for index in 0..<4 {
      for (offset, name) in [(0.0, ServiceName("live/a/out")), (500, "live/b/out")] {
        let at = 6 * Double(index)
        let measurement = SyncMeasurement(segmentIndex: index, videoPTS: offset + at, audioPTS: offset + at)
        rising.stream(10 + at, .alignment(measurement, isScored: true), of: name)
        if index < 2 || offset == 0 { synced.stream(10 + at, .alignment(measurement, isScored: true), of: name) }
      }
    }
    rising.end(50)
    #expect(rising.standing == .met, "\(rising.verdict.reason)")
    synced.end(50)
    // Six of two streams are not four of each.
    #expect(synced.standing == .unobservable, "\(synced.verdict.reason)")
    #expect(synced.verdict.reason.hasPrefix("live/b/out: only 2 of the 4 segments"))
  }

  @Test(arguments: [RuleDocument.outputUnbroken, RuleDocument("output-seen")])
  func `a stream that is watched and never comes leaves it open`(_ rule: RuleDocument) {
    for isDead in [false, true] {
      var trial = Trial(rule)
      trial.heard()
      trial.flow(to: 40)
      if isDead { trial.stream(2, .closed(reason: "connection refused"), of: "live/b/out") }
      trial.end(40)
      #expect(trial.standing == (isDead ? .unobservable : .met), "\(trial.verdict.reason)")
    }
  }

  @Test func `nothing was due only where somebody looked`() {
    for isWatched in [false, true] {
      var trial = Trial(RuleDocument("output-seen"))
      trial.script.add(
        2, SourceID(.publisher, "publisher"),
        .happening(Happening(.publisher(.started(target: "in")), service: "publisher", provenance: .own)))
      if isWatched { trial.stream(2, .closed(reason: "nobody publishes")) }
      trial.end(4)
      #expect(trial.standing == (isWatched ? .met : .unobservable), "\(trial.verdict.reason)")
    }
  }

  @Test func `presentation times rise`() {
    var trial = Trial(.presentationTimesRise)
    for index in 0..<3 {
      trial.stream(
        10 * Double(index + 1),
        .alignment(SyncMeasurement(segmentIndex: index, videoPTS: 6 * Double(index), audioPTS: 6 * Double(index)), isScored: true))
    }
    var good = trial
    good.end(50)
    #expect(good.standing == .met)
    trial.stream(40, .alignment(SyncMeasurement(segmentIndex: 3, videoPTS: 18, audioPTS: 12), isScored: true))
    #expect(trial.standing == .violated)
    #expect(trial.verdict.reason.contains("audio_pts"))
  }
}
