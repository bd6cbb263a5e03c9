import Events
import RuleSupport
import RunModel
import Testing
import WireFormats

@testable import MediaSync

/// Drift and speed as they are told: a step is neither.
@Suite struct SpeedTests {
  private static func fit(ppm: Double, marks: Int = 30) -> MarkFit {
    MarkFit(
      offsetMilliseconds: 40, speedPPM: ppm, speedErrorPPM: 3, videoPPM: 0, audioPPM: ppm, residualMilliseconds: 0.4, usedMarks: marks,
      seenMarks: marks + 1, spanSeconds: 40)
  }

  private func drift(_ count: Int, _ value: (Double) -> Double) throws -> Double? {
    let points = (0..<count).map { Timed(value(Double($0) * 1.2), at: RunInstant(seconds: Double($0) * 1.2)) }
    return try #require(SyncSummary(points, thresholdMilliseconds: 120)).driftPerMinute
  }

  @Test func `a step reads as no drift`() throws {
    // Constant behind a step, as many marks before as behind: the line is drawn behind it.
    #expect(abs(try #require(try drift(140) { $0 < 84 ? 0 : -150 })) < 0.1)
    // Too little is there behind it.
    #expect(try drift(100) { $0 < 100 ? 0 : -150 } == nil)
    #expect(try drift(100) { $0 < 117.5 ? 0 : 150 } == nil, "a jump a moment ago")
  }

  @Test func `drift is told from where it began`() throws {
    let found = try #require(try drift(200) { $0 < 120 ? 3 : 3 + 6 * ($0 - 120) })
    #expect(abs(found - 360) < 8, "\(found)")
  }

  @Test(arguments: [(30_000.0, "audio runs 3.00 % slow"), (-41_700, "audio runs 4.17 % fast"), (620, "audio runs 620 ppm slow")])
  func `a speed is said in words`(ppm: Double, words: String) {
    let fit = Self.fit(ppm: ppm)
    #expect(fit.isSpeedOff && fit.speedWords == words)
  }

  @Test func `what may be chance, or clocks, is no speed`() {
    #expect(!Self.fit(ppm: 400).isSpeedOff)
    #expect(!Self.fit(ppm: 30_000, marks: 7).isSpeedOff)
    var unsure = Self.fit(ppm: 2_000)
    unsure.speedErrorPPM = 600
    #expect(!unsure.isSpeedOff)
  }

  @Test(arguments: [(10.0, Verdict.Standing.met), (-400, .met), (30_000, .violated), (-900, .violated)])
  func `sound at another speed violates the content rule before it is out`(ppm: Double, standing: Verdict.Standing) {
    var trial = Trial(.sync(.content, thresholdMilliseconds: 120, share: 0.95, segments: 2))
    for index in 0..<3 {
      let at = 10 + 6 * Double(index)
      trial.stream(at, .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: 20, markCount: 5)))
      trial.stream(at, .fit(Self.fit(ppm: ppm)))
    }
    trial.end(30)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    if standing == .violated { #expect(trial.verdict.reason.contains("audio runs"), "\(trial.verdict.reason)") }
  }

  @Test func `a speed is wrong as long as the marks say so`() {
    func state(_ fits: [Double]) -> RunState {
      var script = Script()
      script.stream(2, .opened(StreamFacts()))
      for (index, ppm) in fits.enumerated() {
        script.stream(10 + Double(index), .fit(Self.fit(ppm: ppm)))
        if ppm > MarkFit.tolerancePPM { script.stream(10 + Double(index), .defect(StreamDefect(.speed, fit: Self.fit(ppm: ppm)))) }
      }
      return script.state()
    }
    func says(_ run: RunState) -> Bool { run.alarms.contains { $0.text.contains("audio runs 3.00 % slow") } }
    #expect(says(state([30_000])))
    #expect(!says(state([30_000, 5])))
    #expect(!says(state([5])))
  }

  @Test func `what is wrong with a track is an alarm and a row`() {
    var script = Script()
    script.stream(2, .opened(StreamFacts()))
    script.stream(9, .defect(StreamDefect(.jumps, .video, seconds: -33_033, atPTS: 13.4)))
    script.stream(10, .defect(StreamDefect(.late, .audio, seconds: 8)))
    let run = script.state()
    let jump = "the time stamps of the video jump back by 33033 s at 13.4 s, those of the audio do not"
    #expect(run.alarms.contains { $0.text.contains(jump) }, "\(run.alarms.map(\.text))")
    #expect(run.rows.contains { $0.text.contains(jump) })
    #expect(run.rows.contains { $0.text.contains("the audio begins 8 s after the video") })
    #expect(!run.alarms.contains { $0.text.contains("begins") })
    #expect(run.streams[AlarmTests.output]?.breaks.count == 1)
  }
}
