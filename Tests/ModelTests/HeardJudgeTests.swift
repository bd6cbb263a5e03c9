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
