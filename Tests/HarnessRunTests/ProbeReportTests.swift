import Events
import Testing

@testable import HarnessCore
@testable import HarnessRun
@testable import MediaSync

/// What a reading came to is said, and what was not measured is not good.
@Suite struct ProbeReportTests {
  private static let facts = StreamFacts(
    container: "mpegts", videoCodec: "h264", width: 320, height: 180, framesPerSecond: 30, audioCodec: "aac", sampleRate: 48000,
    channels: 2)

  private static func totals(_ change: (inout StreamProbe.Totals) -> Void = { _ in }) -> StreamProbe.Totals {
    var totals = StreamProbe.Totals(
      facts: facts, videoPackets: 600, audioPackets: 900, byteCount: 100_000, mediaSeconds: 20,
      ends: [
        .video: StreamProbe.TrackEnd(pts: 20, silentSeconds: 0), .audio: StreamProbe.TrackEnd(pts: 20, silentSeconds: 0),
      ],
      countedFrameRate: 30, decodedShare: 1, sight: MarkSight(), fit: nil, complaints: 0, content: .found, failure: nil)
    change(&totals)
    return totals
  }

  private static let aligned = (0..<3).map { index in
    StreamHappening.alignment(
      SyncMeasurement(segmentIndex: index, videoPTS: 6 * Double(index), audioPTS: 6 * Double(index) + 0.005), isScored: true)
  }

  private static func fit(_ ppm: Double) -> MarkFit {
    MarkFit(
      offsetMilliseconds: 400, speedPPM: ppm, speedErrorPPM: 2, videoPPM: 0, audioPPM: ppm, residualMilliseconds: 0.3, usedMarks: 20,
      seenMarks: 21, spanSeconds: 18)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var happenings: [StreamHappening] = ProbeReportTests.aligned
    var change: @Sendable (inout StreamProbe.Totals) -> Void = { _ in }
    var isGood = false
    var says: String
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "good", isGood: true, says: "timestamp alignment"),
    Case(
      name: "another speed", happenings: aligned + [.fit(fit(30_000)), .defect(StreamDefect(.speed, fit: fit(29_000)))],
      says: "audio runs 3.00 % slow: 30000 ppm between sound and picture, by 20 marks"),
    Case(name: "nothing measured", happenings: [], says: "nothing was measured: no video key frame with sound beside it was read"),
    Case(
      name: "nothing scored",
      happenings: [.alignment(SyncMeasurement(segmentIndex: 0, videoPTS: 0, audioPTS: 2), isScored: false)],
      says: "nothing was measured: at no boundary of a segment lies a packet of both tracks near enough"),
    Case(
      name: "content without alignment",
      happenings: [.contentOffset(ContentOffset(segmentIndex: 0, offsetMilliseconds: 3, markCount: 5))], isGood: true,
      says: "content offset       +3.0 ms late"),
    Case(
      name: "no marks in a film", change: { $0.content = .noMarks }, isGood: true,
      says: "no marks: no flashes and beeps in the rhythm of the test stream"),
    Case(
      name: "flashes alone",
      change: {
        $0.content = .noMarks
        $0.sight.hasFlashRhythm = true
        $0.sight.beeps = 3
      }, says: "no beeps are heard in it (3 heard)"),
    Case(
      name: "beeps alone",
      change: {
        $0.content = .noMarks
        $0.sight.hasBeepRhythm = true
      }, says: "no flashes are seen in it"),
    Case(
      name: "a jump of one track", happenings: aligned + [.defect(StreamDefect(.jumps, .video, seconds: 47_721.9, atPTS: 13.4))],
      says: "the time stamps of the video jump ahead by 47721.9 s at 13.4 s, those of the audio do not"),
    Case(
      name: "hours apart", happenings: aligned + [.defect(StreamDefect(.beside, .audio, seconds: 89_478.5))],
      says: "the time stamps of the audio lie 89478.5 s after those of the video"),
    Case(
      name: "half of it", change: { $0.facts?.claimedSeconds = 40 }, says: "20.0 of 40.0 s read"),
    Case(
      name: "other tracks",
      happenings: aligned + [.defect(StreamDefect(.replaced, atPTS: 20))], change: { $0.facts?.claimedSeconds = 40 },
      says: "the stream goes on in other tracks (new packet identifiers) at 20 s"),
    Case(
      name: "a frame rate that is none", change: { $0.countedFrameRate = 15 }, isGood: true,
      says: "frame rate: 15 fps counted, 30 fps claimed"),
    Case(
      name: "a sample rate that is none", change: { $0.decodedShare = 0.97 }, isGood: true,
      says: "sample rate: 46560 Hz by the times of its packets, 48000 Hz claimed"),
    Case(
      name: "another language",
      change: {
        $0.facts?.tracks = [
          TrackFacts(kind: "video", codec: "h264"), TrackFacts(kind: "audio", language: "eng", codec: "aac"),
          TrackFacts(kind: "audio", language: "deu", codec: "aac"),
        ]
      }, isGood: true, says: "not judged: audio track 1 (deu, aac): add #audio=1 to the address to read it"),
    Case(
      name: "no such language",
      change: {
        $0.facts?.audioCodec = nil
        $0.facts?.audioIndex = 4
        $0.facts?.tracks = [TrackFacts(kind: "audio", codec: "aac")]
      }, says: "there is no audio track 4, counted from 0: there is 1"),
    Case(
      name: "an early end", change: { $0.ends[.audio] = StreamProbe.TrackEnd(pts: 12, silentSeconds: 8) },
      says: "the audio ended at 12.000 s, 8.0 s before the video"),
    Case(
      name: "a silent track", happenings: [.defect(StreamDefect(.silent, .video, seconds: 10))], change: { $0.videoPackets = 0 },
      says: "the video track is announced, but no packet of it came within 10 s"),
    Case(
      name: "a late track", happenings: aligned + [.defect(StreamDefect(.late, .audio, seconds: 8))], isGood: true,
      says: "the audio begins 8 s after the video"),
    Case(
      name: "no presentation times",
      happenings: aligned + [.defect(StreamDefect(.unplaced, .video, count: 1)), .defect(StreamDefect(.unplaced, .video, count: 600))],
      isGood: true, says: "600 packets of the video carry no presentation time: they are placed by their decoding time"),
  ]

  @Test(arguments: cases) func `says what is so, and answers by it`(_ one: Case) {
    let report = ProbeReport(
      source: "x", thresholdMilliseconds: 120, totals: Self.totals(one.change), happenings: one.happenings)
    let text = ProbeListing.text(report, .unicode)
    #expect(text.contains(one.says), "\(text)")
    #expect(report.isGood == one.isGood, "\(text)")
    #expect(report.json().filter { $0 != " " }.contains("\"ok\":\(one.isGood)"))
  }

  @Test func `what was read only in part claims no missing rest`() {
    let report = ProbeReport(
      source: "x", thresholdMilliseconds: 120, totals: Self.totals { $0.facts?.claimedSeconds = 60 }, happenings: Self.aligned,
      isWhole: false)
    #expect(report.isGood)
  }
}
