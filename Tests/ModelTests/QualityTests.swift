import Events
import MediaSync
import RuleSupport
import RunModel
import Testing

/// Silence, black and frozen pictures, by a film whose truth is known; and the rules that judge them.
@Suite struct QualityTests {
  /// What the stream shows or says nothing of, and when.
  struct Film: Sendable {
    var silent: ClosedRange<Double>?
    var black: ClosedRange<Double>?
    var frozen: ClosedRange<Double>?
    /// After how many pictures a key frame is drawn anew, also of what stands still.
    var keyFrames = 30
    var seconds = 30
  }

  static func run(_ film: Film) -> (spans: [StreamSpan], quality: StreamQuality?) {
    var analysis = StreamAnalysis(rhythm: .standard)
    let base = TimeBase(1, 90000)
    analysis.describe(container: "mpegts", bases: [.video: base, .audio: base].compactMapValues(\.self))
    var out: [StreamHappening] = []
    for packet in StreamTimelineTests.packets(0..<Double(film.seconds)) { out += analysis.add(packet) }
    for index in 0..<film.seconds * 30 {
      let time = Double(index) / 30
      let isBlack = film.black?.contains(time) ?? false
      let isFrozen = isBlack || film.frozen?.contains(time) ?? false
      let change = isFrozen ? (index.isMultiple(of: film.keyFrames) ? 0.6 : 0) : 0.8
      out += analysis.add(brightness: isBlack ? 17 : 74, peak: isBlack ? 18 : 235, change: change, at: time)
    }
    for index in 0..<film.seconds * 200 {
      let time = Double(index) / 200
      out += analysis.add(level: film.silent?.contains(time) ?? false ? -91 : -20, at: time)
    }
    analysis.add(momentary: -19.5)
    analysis.add(integrated: -21.25)
    out += analysis.finish()
    return (out.compactMap { if case .span(let span) = $0 { span } else { nil } }, analysis.quality)
  }

  struct Planted: Sendable {
    var name: String
    var film: Film
    var kind: StreamSpan.Kind?
    var seconds = 0.0
  }

  static let planted = [
    Planted(name: "nothing", film: Film()),
    Planted(name: "silence", film: Film(silent: 8...14), kind: .silence, seconds: 6),
    Planted(name: "a pause between beeps", film: Film(silent: 8...10.4)),
    Planted(name: "black", film: Film(black: 8...13), kind: .black, seconds: 5),
    Planted(name: "a cut through black", film: Film(black: 8...8.6)),
    Planted(name: "a frozen picture", film: Film(frozen: 8...14), kind: .freeze, seconds: 6),
    Planted(name: "a frozen picture of many key frames", film: Film(frozen: 8...14, keyFrames: 12), kind: .freeze, seconds: 6),
    Planted(name: "a picture held for a second", film: Film(frozen: 8...9)),
    Planted(name: "frozen to the end", film: Film(frozen: 24...30), kind: .freeze, seconds: 6),
  ]

  @Test(arguments: planted.indices) func `what a stream says nothing of is told when it begins and when it is over`(_ index: Int) throws {
    let one = Self.planted[index]
    let (spans, quality) = Self.run(one.film)
    guard let kind = one.kind else {
      #expect(spans.isEmpty, "\(one.name): \(spans)")
      return
    }
    #expect(spans.map(\.kind) == [kind, kind] && spans.map(\.isOver) == [false, true], "\(one.name): \(spans)")
    let last = try #require(spans.last)
    #expect(abs(last.seconds - one.seconds) < 0.1 && abs(last.fromPTS - (one.film.frozen?.lowerBound ?? 8)) < 0.05, "\(one.name): \(last)")
    #expect(abs((quality?.pictureSeconds ?? 0) - 30) < 0.1 && abs((quality?.soundSeconds ?? 0) - 30) < 0.1)
    #expect(quality?.integratedLUFS == -21.25 && quality?.momentaryLUFS == -19.5)
  }

  @Test func `a stream that is not decoded is told nothing of`() {
    var analysis = StreamAnalysis(rhythm: nil)
    #expect(analysis.add(brightness: 17, peak: 17, change: 0, at: 0).isEmpty && analysis.quality == nil)
  }

  @Test func `below the gate there is no loudness`() {
    var analysis = StreamAnalysis()
    analysis.add(momentary: -120.7)
    analysis.add(integrated: -70)
    #expect(analysis.quality?.momentaryLUFS == nil && analysis.quality?.integratedLUFS == nil)
  }

  struct Judged: Sendable {
    var rule: RuleDocument
    /// How much of the thirty seconds was looked at and listened to; nil for not at all.
    var looked: Double? = 30
    var loudness: Double? = -23.4
    var spans: [StreamSpan] = []
    var standing: Verdict.Standing
    var reason: String
  }

  private static func span(_ kind: StreamSpan.Kind, _ seconds: Double, isOver: Bool = true, from: Double = 5) -> StreamSpan {
    StreamSpan(kind, fromPTS: from, seconds: seconds, isOver: isOver)
  }

  private static func rule(_ name: String, _ values: RuleValues = [:]) -> RuleDocument { RuleDocument(name, values) }

  static let judged = [
    Judged(rule: rule("silence"), standing: .met, reason: "never silent"),
    Judged(rule: rule("silence"), spans: [span(.black, 9)], standing: .met, reason: "never silent"),
    Judged(rule: rule("silence"), spans: [span(.silence, 6)], standing: .violated, reason: "silent for 6.0 s"),
    Judged(rule: rule("silence", ["at_most_s": .number(8)]), spans: [span(.silence, 6)], standing: .met, reason: "silent for at most 6"),
    Judged(
      rule: rule("silence", ["at_most_s": .number(8)]), spans: [span(.silence, 3, isOver: false, from: 20)], standing: .violated,
      reason: "at the end"),
    Judged(rule: rule("silence"), looked: 12, standing: .unobservable, reason: "only 12"),
    Judged(rule: rule("freeze"), looked: nil, standing: .unobservable, reason: "only 0"),
    Judged(rule: rule("freeze"), spans: [span(.freeze, 2.5)], standing: .violated, reason: "stands still for 2.5 s"),
    Judged(rule: rule("black"), spans: [span(.black, 1.5)], standing: .violated, reason: "black for 1.5 s"),
    Judged(rule: rule("loudness"), standing: .met, reason: "-23.4 LUFS"),
    Judged(rule: rule("loudness"), loudness: -12.6, standing: .violated, reason: "-12.6 LUFS loud, not -23 within 1 LU"),
    Judged(
      rule: rule("loudness", ["target_lufs": .number(-16), "within_lu": .number(4)]), loudness: -12.6, standing: .met, reason: "-12.6"),
    Judged(rule: rule("loudness"), loudness: nil, standing: .unobservable, reason: "not known"),
    Judged(rule: rule("loudness"), looked: 5, standing: .unobservable, reason: "less than 10 s"),
  ]

  @Test(arguments: judged.indices) func `silence, black, frozen pictures and loudness are judged by what was looked at`(_ index: Int) {
    let one = Self.judged[index]
    var trial = Trial(one.rule)
    let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
    trial.stream(3, .opened(facts))
    for second in stride(from: 1.0, through: 30, by: 1) {
      var quality: StreamQuality?
      if let looked = one.looked {
        var found = StreamQuality()
        (found.pictureSeconds, found.soundSeconds, found.integratedLUFS) = (min(looked, second), min(looked, second), one.loudness)
        quality = found
      }
      let sample = StreamSample(
        facts: facts, videoPackets: UInt64(30 * second), audioPackets: UInt64(47 * second), videoPTS: second, audioPTS: second,
        content: one.looked == nil ? .off : .noMarks, quality: quality)
      trial.script.add(3 + second, SourceID(.stream, "live/test/out"), .sample(.stream(sample)))
    }
    for span in one.spans { trial.stream(3 + span.fromPTS + span.seconds, .span(span)) }
    trial.end(36)
    #expect(trial.standing == one.standing && trial.verdict.reason.contains(one.reason), "\(index): \(trial.verdict.reason)")
  }

  /// A stream that was read for a minute before the run began, and for half a minute in it.
  struct ReadBefore: Sendable {
    var rule: RuleDocument
    /// Up to where on its axis it was looked at and listened to, in seconds.
    var looked = 90.0
    /// From where on it is loud.
    var loudFrom = 0.0
    var spans: [(told: Double, span: StreamSpan)] = []
    var standing: Verdict.Standing
    var reason: String
  }

  private static let silentThroughout = (told: 8.0, span: span(.silence, 3, isOver: false))

  static let readBefore = [
    ReadBefore(rule: rule("silence"), spans: [silentThroughout], standing: .violated, reason: "silent for 32 s at the end"),
    ReadBefore(
      rule: rule("black"), spans: [(6, span(.black, 1, isOver: false))], standing: .violated,
      reason: "the picture is black for 32 s at the end"),
    ReadBefore(
      rule: rule("freeze"), spans: [(7, span(.freeze, 2, isOver: false)), (70, span(.freeze, 65))], standing: .violated,
      reason: "stands still for 65.0 s, 12 s of it in the run"),
    ReadBefore(
      rule: rule("silence"), spans: [silentThroughout, (59, span(.silence, 54))], standing: .met, reason: "silent for at most 1"),
    ReadBefore(rule: rule("silence"), spans: [silentThroughout, (25, span(.silence, 20))], standing: .met, reason: "never silent"),
    ReadBefore(rule: rule("silence"), looked: 58, standing: .unobservable, reason: "only 1 s"),
    ReadBefore(rule: rule("black"), looked: 70, standing: .unobservable, reason: "only 13 s"),
    ReadBefore(rule: rule("loudness"), standing: .unobservable, reason: "it was heard before"),
    ReadBefore(rule: rule("loudness"), loudFrom: 59, standing: .met, reason: "-23.4 LUFS"),
    ReadBefore(rule: rule("loudness"), looked: 64, loudFrom: 59, standing: .unobservable, reason: "less than 10 s"),
  ]

  @Test(arguments: readBefore.indices) func `what was read before the run is not of it, but what goes on is`(_ index: Int) {
    let one = Self.readBefore[index]
    var trial = Trial(one.rule, began: 61)
    let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
    trial.stream(3, .opened(facts))
    for second in stride(from: 1.0, through: 90, by: 1) {
      var quality = StreamQuality()
      (quality.pictureSeconds, quality.soundSeconds) = (min(one.looked, second), min(one.looked, second))
      quality.integratedLUFS = second >= one.loudFrom ? -23.4 : nil
      let sample = StreamSample(
        facts: facts, videoPackets: UInt64(30 * second), audioPackets: UInt64(47 * second), videoPTS: second, audioPTS: second,
        content: .noMarks, quality: quality)
      trial.script.add(3 + second, SourceID(.stream, "live/test/out"), .sample(.stream(sample)))
    }
    for (told, span) in one.spans { trial.stream(3 + told, .span(span)) }
    trial.end(95)
    #expect(trial.standing == one.standing && trial.verdict.reason.contains(one.reason), "\(index): \(trial.verdict.reason)")
  }

  @Test func `a reader that begins anew has an axis of its own`() {
    var trial = Trial(Self.rule("silence"), began: 61)
    let facts = StreamFacts(videoCodec: "h264", framesPerSecond: 30)
    for (opened, seconds) in [(3.0, 1...70), (80.0, 1...20)] {
      trial.stream(opened, .opened(facts))
      for second in seconds.map(Double.init) {
        var quality = StreamQuality()
        (quality.pictureSeconds, quality.soundSeconds) = (second, second)
        let sample = StreamSample(
          facts: facts, videoPackets: UInt64(30 * second), audioPackets: UInt64(47 * second), videoPTS: second, audioPTS: second,
          content: .noMarks, quality: quality)
        trial.script.add(opened + second, SourceID(.stream, "live/test/out"), .sample(.stream(sample)))
      }
    }
    trial.stream(90, .span(Self.span(.silence, 5)))
    trial.end(110)
    #expect(trial.standing == .violated && trial.verdict.reason == "live/test/out: silent for 5.0 s", "\(trial.verdict.reason)")
  }

  /// What each opening of a stream came to, in LUFS, for how long above the gate, and what all of it is.
  @Test(
    arguments: [
      ([(-20.0, 10.0)], -20.0), ([(-20, 10), (-20, 30)], -20), ([(-20, 10), (-30, 10)], -22.596), ([(-20, 30), (-26, 10)], -20.9),
      // Ten LU below all of it a piece does not count.
      ([(-20, 10), (-50, 10)], -20),
    ] as [([(Double, Double)], Double)]) func `a stream that is opened anew is as loud as all of it`(
      _ pieces: [(Double, Double)], _ whole: Double
    )
  {
    var analysis = StreamAnalysis()
    for (index, piece) in pieces.enumerated() {
      if index > 0 { _ = analysis.reopen() }
      for _ in 0..<Int(piece.1 * 10) { analysis.add(momentary: piece.0) }
      analysis.add(integrated: piece.0)
    }
    #expect(abs((analysis.quality?.integratedLUFS ?? 0) - whole) < 0.01, "\(String(describing: analysis.quality?.integratedLUFS))")
    _ = analysis.reopen()
    analysis.add(integrated: -70)
    #expect(abs((analysis.quality?.integratedLUFS ?? 0) - whole) < 0.01, "an opening without sound changes nothing")
  }

  @Test func `a stream that is silent by now is an alarm until it is over`() {
    var script = Script()
    func told(_ at: Double, _ what: StreamHappening) {
      script.add(at, SourceID(.stream, "x/out"), .happening(Happening(.stream(what), service: "x/out", provenance: .observed)))
    }
    told(1, .opened(StreamFacts()))
    told(8, .span(Self.span(.silence, 3, isOver: false)))
    #expect(script.state().alarms.contains { $0.id == "silence:x/out" && $0.text == "x/out: silent" && $0.since.seconds == 5 })
    told(12, .span(Self.span(.silence, 7)))
    #expect(!script.state().alarms.contains { $0.id == "silence:x/out" })
  }
}
