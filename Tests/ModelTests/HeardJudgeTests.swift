import Events
import MediaSync
import RuleSupport
import RunModel
import Testing

@Suite struct HeardJudgeTests {
  private static func segment(_ index: Int, _ voice: HeardSegment.Voice, _ place: HeardSegment.Place = .own, lost: Bool = false)
    -> HeardSegment
  {
    HeardSegment(
      segmentIndex: index, voice: voice, place: place, isLost: lost, marks: 5, dubbed: voice == .dubbed ? 5 : 0,
      original: voice == .original ? 5 : 0)
  }

  private static func trial(_ rule: RuleDocument, _ voices: [HeardSegment.Voice], told: [Bool]? = nil, sessionAt: Double? = nil) -> Trial {
    var trial = Trial(rule)
    trial.heard()
    trial.awaits(1.2)
    if let sessionAt { trial.told(sessionAt, .sessionOpened(streamID: nil, sessionID: "s", maxInflight: nil)) }
    for (index, isDubbed) in (told ?? []).enumerated() {
      trial.told(8 + 6 * Double(index), .segment(SegmentHappening(direction: .output, index: index, isDubbed: isDubbed)))
    }
    trial.stream(15, .opened(StreamFacts(videoCodec: "h264", framesPerSecond: 30)))
    for (index, voice) in voices.enumerated() { trial.stream(24 + 6 * Double(index), .heard(segment(index, voice))) }
    trial.end(120)
    return trial
  }

  typealias Voices = [HeardSegment.Voice]

  /// Ten segments, the last of which is heard so.
  private static func ten(last: HeardSegment.Voice = .dubbed) -> Voices { Voices(repeating: .dubbed, count: 9) + [last] }

  /// What is heard, the share that must be dubbed, and the verdict.
  static let allDubbed: [(Voices, Double, Verdict.Standing)] = [
    (ten(), 1, .met), (ten(last: .original), 1, .violated), (ten(last: .original), 0.9, .met), (ten(last: .silent), 1, .violated),
    (ten(last: .mixed), 1, .violated),
    // What cannot be read is neither.
    (ten(last: .unknown), 1, .unobservable), (ten() + [.unknown], 1, .met), (Voices(repeating: .dubbed, count: 5), 1, .unobservable),
    ([], 1, .unobservable), (Voices(repeating: .unknown, count: 10), 1, .unobservable),
    (Voices(repeating: .original, count: 10), 1, .violated),
  ]

  @Test(arguments: allDubbed) func `every segment is heard dubbed`(_ voices: Voices, _ share: Double, _ standing: Verdict.Standing) {
    let trial = Self.trial(.dubbed(.all, share: share, segments: 10), voices)
    #expect(trial.standing == standing, "\(voices): \(trial.verdict.reason)")
  }

  static let asTold: [(Voices, Verdict.Standing)] = [
    ([.dubbed, .original, .original, .dubbed], .met), ([.dubbed, .dubbed, .original, .dubbed], .violated),
    ([.dubbed, .original, .original, .original], .violated), ([.dubbed, .original, .silent, .dubbed], .violated),
    ([.dubbed, .original, .unknown, .dubbed], .met), ([.unknown, .unknown, .unknown, .dubbed], .unobservable),
  ]

  @Test(arguments: asTold) func `what is heard is what the worker tells`(_ voices: Voices, _ standing: Verdict.Standing) {
    let trial = Self.trial(.dubbed(.told, segments: 3), voices, told: [true, false, false, true])
    #expect(trial.standing == standing, "\(voices): \(trial.verdict.reason)")
  }

  /// Voices, what the worker tells of them, and what is missing.
  static let untold: [(Voices, [Bool], String)] = [
    ([.dubbed, .unknown, .unknown, .dubbed, .dubbed], [true, false, false, true, true], "tells of as original none was heard"),
    ([.unknown, .original, .original, .original], [true, false, false, false], "tells of as dubbed none was heard"),
    (
      [.dubbed, .original] + Voices(repeating: .unknown, count: 4), [true, false, true, true, true, true], "only 2 of the 6 segments meant"
    ),
  ]

  @Test(arguments: untold) func `what the worker tells is not met by a part of it`(_ voices: Voices, _ told: [Bool], _ reason: String) {
    let trial = Self.trial(.dubbed(.told, segments: 2), voices, told: told)
    #expect(trial.standing == .unobservable && trial.verdict.reason.contains(reason), "\(trial.verdict.reason)")
  }

  /// The place of the fifth segment of ten, the rule, and the verdict.
  static let covered: [(HeardSegment.Place, Bool, Verdict.Standing)] = [
    (.own, true, .met), (.unknown, true, .met), (.repeated, true, .violated), (.swapped, true, .violated), (.unknown, false, .met),
    (.swapped, false, .violated),
  ]

  /// A logo over the squares of one picture hides its number, and the sound is the same.
  @Test(arguments: covered) func `a number that is covered in the picture takes nothing from the voice`(
    _ place: HeardSegment.Place, _ isDubbed: Bool, _ standing: Verdict.Standing
  ) {
    var trial = Trial(RuleDocument.dubbed(isDubbed ? .all : .told, segments: 10))
    trial.heard()
    trial.awaits(1.2)
    for index in 0..<10 {
      let told = SegmentHappening(direction: .output, index: index, isDubbed: isDubbed || index != 4)
      trial.told(8 + 6 * Double(index), .segment(told))
    }
    trial.stream(15, .opened(StreamFacts(videoCodec: "h264", framesPerSecond: 30)))
    for index in 0..<10 {
      let voice = isDubbed || index != 4 ? HeardSegment.Voice.dubbed : .original
      trial.stream(24 + 6 * Double(index), .heard(Self.segment(index, voice, index == 4 ? place : .own)))
    }
    trial.end(90)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
  }

  /// How many segments are heard in 300 s of a worker that cuts 30 s, and the verdict of `of: all`.
  static let long: [(Int, Verdict.Standing)] = [(6, .unobservable), (30, .unobservable), (48, .met)]

  @Test(arguments: long) func `most of a stream is counted in its own segments, however long the worker's are`(
    _ count: Int, _ standing: Verdict.Standing
  ) {
    var trial = Self.long(.dubbed(.all, segments: 6), count)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    trial = Self.long(.noLoss(segments: 6), count)
    #expect(trial.standing == standing, "\(trial.verdict.reason)")
    trial = Self.long(.dubbed(.told, segments: 6), count)
    #expect(trial.standing == .unobservable, "\(trial.verdict.reason)")
    #expect(
      trial.verdict.reason == "the worker's segments are 30 s long, those heard 6 s: which of the worker's segments is heard is not known")
    #expect(!trial.state.alarms.contains { $0.id.hasPrefix("heard:claimed") })
  }

  private static func long(_ rule: RuleDocument, _ count: Int) -> Trial {
    var trial = Trial(rule)
    trial.heard()
    trial.awaits(1.2)
    trial.flow(from: 1.5, to: 301.5)
    for index in 0..<10 {
      let told = SegmentHappening(direction: .output, index: index, durationSeconds: 30, isDubbed: true)
      trial.told(31 + 30 * Double(index), .segment(told))
    }
    for index in 0..<count { trial.stream(8 + 6 * Double(index), .heard(segment(index, .dubbed))) }
    trial.end(302)
    return trial
  }

  @Test func `a worker that tells of more dubbed segments than are heard is an alarm, where its segments are those heard`() {
    for seconds in [6.0, 30] {
      var script = Script()
      let output: ServiceName = "live/test/out"
      func told(_ at: Double, _ what: StreamHappening) {
        script.add(at, SourceID(.stream, output), .happening(Happening(.stream(what), service: output, provenance: .observed)))
      }
      for index in 0..<6 {
        let segment = SegmentHappening(direction: .output, index: index, durationSeconds: seconds, isDubbed: true)
        script.told(10 + Double(index), .segment(segment))
      }
      for index in 0..<6 { told(20 + Double(index), .heard(Self.segment(index, index < 2 ? .dubbed : .original))) }
      #expect(script.state().alarms.contains { $0.id == "heard:claimed:live/test/out" } == (seconds == 6))
    }
  }

  @Test func `a stream that may have been joined late is not held against the worker's word`() {
    var trial = Trial(.dubbed(.told, segments: 2))
    trial.heard()
    trial.stream(15, .opened(StreamFacts(container: "rtsp", videoCodec: "h264", framesPerSecond: 30)))
    for index in 0..<4 {
      trial.told(8 + 6 * Double(index), .segment(SegmentHappening(direction: .output, index: index, isDubbed: index > 1)))
      trial.stream(24 + 6 * Double(index), .heard(Self.segment(index, index > 1 ? .dubbed : .original)))
    }
    trial.end(60)
    #expect(trial.standing == .unobservable)
    #expect(trial.verdict.reason.hasPrefix("whether the stream was read from its begin cannot be told"), "\(trial.verdict.reason)")
  }

  @Test func `what is not known is counted beside what is`() {
    let voices = Voices(repeating: .dubbed, count: 9) + [.unknown]
    for (rule, reason) in [
      (RuleDocument.noRepeat(segments: 9), "none of 9 segments repeated or out of order beside its picture, 1 not known"),
      (.noLoss(segments: 9), "none of 9 segments lost beside its picture, 1 not known"),
      (.dubbed(.all, segments: 9), "9 of 9 segments are heard dubbed, 1 not known"),
    ] {
      var trial = Trial(rule)
      for (index, voice) in voices.enumerated() {
        trial.stream(20 + 6 * Double(index), .heard(Self.segment(index, voice, voice == .unknown ? .unknown : .own)))
      }
      trial.end(80)
      #expect(trial.standing == .met && trial.verdict.reason == reason, "\(trial.verdict.reason)")
    }
  }

  static let afterSession: [(Voices, Verdict.Standing)] = [
    ([.original, .original, .dubbed, .dubbed, .dubbed], .met), ([.original, .original, .original, .dubbed, .dubbed], .violated),
    ([.original, .dubbed, .dubbed, .dubbed, .original], .violated),
  ]

  /// Told of at 8, 14, 20, 26 and 32 s; a session opens at 12 s.
  @Test(arguments: afterSession) func `the dub is back one segment after the session`(_ voices: Voices, _ standing: Verdict.Standing) {
    let trial = Self.trial(.dubbed(.sessions, segments: 2), voices, told: [false, false, true, true, true], sessionAt: 12)
    #expect(trial.standing == standing, "\(voices): \(trial.verdict.reason)")
  }

  typealias Places = [HeardSegment.Place]

  /// Where the sound belongs, whether it is lost, and the verdicts of no-repeat and no-loss.
  static let misplaced: [(Places, Bool, Verdict.Standing, Verdict.Standing)] = [
    ([.own, .own, .own], false, .met, .met), ([.own, .repeated, .own], true, .violated, .violated),
    ([.own, .swapped, .swapped], false, .violated, .met), ([.own, .missing, .own], true, .met, .violated),
    ([.own, .unknown, .unknown], false, .unobservable, .unobservable), ([], false, .unobservable, .unobservable),
  ]

  @Test(arguments: misplaced) func `repeated and lost segments are told apart`(
    _ places: Places, _ isLost: Bool, _ repeats: Verdict.Standing, _ losses: Verdict.Standing
  ) {
    for (rule, standing) in [(RuleDocument.noRepeat(segments: 3), repeats), (.noLoss(segments: 3), losses)] {
      var trial = Trial(rule)
      for (index, place) in places.enumerated() {
        let heard = Self.segment(index, place == .missing ? .silent : .dubbed, place, lost: isLost && place != .own)
        trial.stream(20 + 6 * Double(index), .heard(heard))
      }
      trial.end(80)
      #expect(trial.standing == standing, "\(places): \(trial.verdict.reason)")
    }
  }
}
