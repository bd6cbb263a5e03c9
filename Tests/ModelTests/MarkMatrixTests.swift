import Foundation
import TestSupport
import Testing

@testable import MediaSync

/// Planted truth: the test stream with an offset and a speed of either track, and whatever else may befall it, made of nothing but numbers.
@Suite struct MarkMatrixTests {
  struct Film: Sendable {
    var seconds = 30.0
    /// Where in the rhythm the reader joins.
    var start = 0.0
    var framesPerSecond = 30.0
    /// When a mark is seen, by its time in a stream that is right.
    var video: @Sendable (Double) -> Double = { $0 }
    /// When it is heard.
    var audio: @Sendable (Double) -> Double = { $0 }
    /// Whether the picture stands still at a time, so that a flash is lost.
    var isFrozen: @Sendable (Double) -> Bool = { _ in false }
    /// Whether nothing is heard at a time.
    var isMute: @Sendable (Double) -> Bool = { _ in false }
  }

  struct Reading {
    var marks: [ContentMark] = []
    var offsets: [ContentOffset] = []
    var fit: MarkFit?
    var state = ContentState.searching
    var defects: [StreamDefect] = []
    var sight = MarkSight()

    var speedDefects: [StreamDefect] { defects.filter { $0.kind == .speed } }

    mutating func take(_ happenings: [StreamHappening]) {
      for happening in happenings {
        switch happening {
        case .mark(let mark): marks.append(mark)
        case .contentOffset(let offset): offsets.append(offset)
        case .fit(let new): fit = new
        case .content(let new): state = new
        case .defect(let defect): defects.append(defect)
        default: break
        }
      }
    }
  }

  /// Reads a film in the order of its times, packets and frames together.
  static func read(_ film: Film) throws -> Reading {
    let base = try #require(TimeBase(1, 90000))
    var analysis = StreamAnalysis()
    analysis.describe(container: "mpegts", bases: [.video: base, .audio: base])
    let marks = (-1...3).flatMap { loop in MarkRhythm.standard.times.map { $0 + Double(loop) * 60 - film.start } }
    let flashes = marks.map(film.video)
    let beeps = marks.map(film.audio)
    var reading = Reading()
    let frame = 1 / film.framesPerSecond
    let frames = (0..<Int(film.seconds * film.framesPerSecond)).map { (time: Double($0) * frame, track: MediaTrack.video) }
    let sounds = (0..<Int(film.seconds * 48000 / 1024)).map { (time: Double($0) * 1024 / 48000, track: MediaTrack.audio) }
    var piece = 0
    var next = 0
    var shown = 0
    for (time, track) in (frames + sounds).sorted(by: { $0.time < $1.time }) {
      let ticks = Int64((time * 90000).rounded())
      reading.take(analysis.add(RawPacket(track, pts: ticks, dts: ticks, isKeyFrame: track == .audio || time == 0, byteCount: 100)))
      switch track {
      case .video:
        while shown < flashes.count, flashes[shown] < time - frame / 2 { shown += 1 }
        let isFlash = shown < flashes.count && flashes[shown] < time + frame / 2 && !film.isFrozen(time)
        reading.take(analysis.add(brightness: isFlash ? 235 : 74, at: time))
      case .audio:
        while Double(piece) * 0.005 <= time {
          let at = Double(piece) * 0.005
          while next < beeps.count, beeps[next] + 0.1 < at { next += 1 }
          let share = film.isMute(at) || next == beeps.count ? 0 : ContentOffsetTests.share(of: beeps[next], at: at)
          reading.take(analysis.add(level: share > 0 ? -9.2 + 10 * log10(share) : -.infinity, at: at))
          piece += 1
        }
      }
    }
    reading.take(analysis.finish())
    reading.sight = analysis.sight
    return reading
  }

  private static func check(_ reading: Reading, _ name: String, tolerance: Double = 15, least: Int = 12, truth: (Double) -> Double) {
    #expect(reading.marks.count >= least, "\(name): \(reading.marks.count) marks")
    for mark in reading.marks {
      #expect(abs(mark.offsetMilliseconds - truth(mark.videoPTS)) < tolerance, "\(name): \(mark), not \(truth(mark.videoPTS))")
    }
    #expect(reading.offsets.count >= 3, "\(name)")
  }

  @Test(arguments: [-2.5, -0.4, 0, 0.8, 2.5], [0.9, 0.97, 0.999, 1, 1.03, 1.1])
  func `offset and speed are right whatever they are`(offset: Double, speed: Double) throws {
    // A film of each is enough: where the reader joins goes round.
    for start in [[0, 33.3, 52.0][Int((offset * 10 + speed * 1000).rounded().magnitude) % 3]] {
      let name = "\(offset) s, x\(speed), from \(start) s"
      let reading = try Self.read(Film(seconds: 26, start: start, audio: { $0 * speed + offset }))
      let end = 26 * (speed - 1) + offset
      // Beyond what can be joined it is said, and the speed is known all the same.
      if abs(end) > 2.7 {
        #expect(reading.state == .outOfRange || reading.state == .found, "\(name)")
      } else {
        #expect(reading.state == .found, "\(name)")
        Self.check(reading, name) { (offset + (speed - 1) * $0) * 1000 }
      }
      let fit = try #require(reading.fit, "\(name)")
      #expect(abs(fit.speedPPM - (speed - 1) * 1e6) < 100, "\(name): \(fit)")
      #expect(fit.residualMilliseconds < 1 && fit.usedMarks >= 8 && fit.usedMarks <= fit.seenMarks, "\(name): \(fit)")
      #expect(fit.isSpeedOff == (speed != 1), "\(name)")
      #expect(reading.speedDefects.isEmpty == (speed == 1), "\(name)")
    }
  }

  @Test(arguments: [(0.96, "video runs 4.00 % fast"), (1.0427, "video runs 4.27 % slow")])
  func `a picture at another speed is told from sound at another speed`(speed: Double, words: String) throws {
    let reading = try Self.read(Film(video: { $0 * speed }))
    // A flash is shown with the frame nearest to it.
    Self.check(reading, words, tolerance: 18) { ($0 / speed - $0) * 1000 }
    let fit = try #require(reading.fit)
    #expect(fit.isSpeedOff && abs(fit.speedPPM - (1 / speed - 1) * 1e6) < 1200, "\(fit)")
    // To a tenth of a per cent: frames are long.
    #expect(fit.speedWords.hasPrefix("video runs 4.") && fit.speedWords.hasSuffix(String(words.suffix(4))), "\(fit.speedWords)")
  }

  @Test(arguments: [60.0, 50, 25, 24, 15, 10]) func `any frame rate is read`(rate: Double) throws {
    let reading = try Self.read(Film(framesPerSecond: rate))
    // No finer than the frames are long.
    Self.check(reading, "\(rate) fps", tolerance: max(5, 510 / rate), least: rate > 10 ? 12 : 8) { _ in 0 }
    #expect(reading.speedDefects.isEmpty, "\(rate) fps: \(reading.speedDefects)")
  }

  @Test func `a picture that stands still now and then loses marks and invents none`() throws {
    let reading = try Self.read(Film(isFrozen: { Int($0).isMultiple(of: 4) }))
    Self.check(reading, "freezing") { _ in 0 }
    let fit = try #require(reading.fit)
    #expect(!fit.isSpeedOff && fit.usedMarks < 24)
  }

  @Test func `a step is no speed`() throws {
    let reading = try Self.read(Film(seconds: 60, audio: { $0 < 25 ? $0 : $0 + 0.15 }))
    let fit = try #require(reading.fit)
    #expect(reading.speedDefects.isEmpty && !fit.isSpeedOff && abs(fit.offsetMilliseconds - 150) < 2, "\(fit)")
    Self.check(reading, "a step") { $0 < 24.9 ? 0 : 150 }
  }

  @Test func `a speed that sets in is told from there on`() throws {
    let reading = try Self.read(Film(seconds: 70, audio: { $0 < 30 ? $0 : $0 + 0.05 * ($0 - 30) }))
    Self.check(reading, "setting in") { $0 < 30 ? 0 : 50 * ($0 - 30) }
    #expect(reading.speedDefects.count == 1)
    #expect(abs((reading.fit?.speedPPM ?? 0) - 50_000) < 500)
  }

  @Test(arguments: [0.92, 1, 1.07]) func `rhythms further apart than can be joined are no missing marks`(speed: Double) throws {
    let reading = try Self.read(Film(seconds: 40, audio: { $0 * speed + 6 }))
    #expect(reading.state == .outOfRange || reading.marks.count < 12, "\(reading.state)")
    #expect(reading.sight.hasFlashRhythm && reading.sight.hasBeepRhythm)
    #expect(reading.state != .noMarks)
  }

  @Test func `one rhythm without the other is said`() throws {
    let mute = try Self.read(Film(isMute: { _ in true }))
    #expect(mute.state == .noMarks && mute.sight.hasFlashRhythm && !mute.sight.hasBeepRhythm && mute.marks.isEmpty)
    let dark = try Self.read(Film(isFrozen: { _ in true }))
    #expect(dark.state == .noMarks && !dark.sight.hasFlashRhythm && dark.sight.hasBeepRhythm && dark.marks.isEmpty)
  }

  @Test(arguments: [(0.3, 0.1), (1.0, 0.0)], [0.94, 1, 1.05])
  func `marks are found among false ones`(noise: (stray: Double, missing: Double), speed: Double) {
    for seed in 1...2 {
      var random = SplitMix(seed: UInt64(seed))
      func unit() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
      var events: [(known: Double, time: Double, track: MediaTrack)] = []
      for mark in (0...1).flatMap({ loop in MarkRhythm.standard.times.map { $0 + Double(loop) * 60 - 7 } }) where mark > 0 {
        if unit() >= noise.missing { events.append((mark + 0.1, mark, .video)) }
        if unit() >= noise.missing { events.append((mark * speed + 0.5, mark * speed + 0.3, .audio)) }
      }
      for track in MediaTrack.allCases {
        var time = 0.0
        while time < 50 {
          time += 0.1 + unit() * 2 / noise.stray
          events.append((time + 0.2, time, track))
        }
      }
      var matcher = MarkMatcher(rhythm: .standard)
      var found: [MarkMatcher.Match] = []
      for event in events.sorted(by: { $0.known < $1.known }) where event.known < 45 {
        matcher.advance(video: event.known - 0.05)
        matcher.advance(audio: event.known - 0.05)
        switch event.track {
        case .video: matcher.add(flash: event.time)
        case .audio: matcher.add(beep: event.time)
        }
        found += matcher.settle()
      }
      found += matcher.settle(isEnd: true, isFinal: true)
      let name = "\(noise) x\(speed) #\(seed)"
      #expect(matcher.state == .found && found.count >= 12, "\(name): \(found.count)")
      // A false beep may lie at the very place of a true one that is missing.
      #expect(found.allSatisfy { abs($0.offset - 0.3 - (speed - 1) * $0.flash) < 0.1 }, "\(name)")
      if let fit = matcher.fit() {
        #expect(abs(fit.speedPPM - (speed - 1) * 1e6) < 1500 && fit.isSpeedOff == (speed != 1), "\(name): \(fit)")
      }
    }
  }

  /// Marks are told where a segment ends, as in a probe.
  @Test(arguments: 1...Breadth.of(10)) func `what is no test stream never has marks`(_ seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    func unit() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
    var matcher = MarkMatcher(rhythm: .standard)
    var time = 0.0
    var segments = 0
    var count = 0
    while time < 96 {
      time += 0.2 + unit() * 2
      matcher.advance(video: time)
      matcher.advance(audio: time)
      if unit() < 0.5 { matcher.add(flash: time - 0.1) } else { matcher.add(beep: time - 0.2) }
      guard Int(time / 6) > segments else { continue }
      segments = Int(time / 6)
      count += matcher.settle().count
    }
    count += matcher.settle(isEnd: true, isFinal: true).count
    #expect(count == 0)
    #expect(segments == 16)
  }
}
