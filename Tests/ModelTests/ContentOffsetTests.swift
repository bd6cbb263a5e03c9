import Foundation
import TestSupport
import Testing

@testable import MediaSync

/// Marks as a reader would give them: brightness of each frame, level of each 5 ms.
@Suite struct ContentOffsetTests {
  struct Film {
    var seconds = 30.0
    /// Where in the rhythm the reader joins.
    var start = 0.0
    /// Beep minus flash at a time, in seconds.
    var offset: (Double) -> Double = { _ in 0 }
    /// The marks' times, from the film's begin.
    var marks: [Double]?
    var hasFlashes = true
    var hasBeeps = true
    /// Whether the packets come after all frames.
    var isLate = false
  }

  static func run(_ film: Film) -> [StreamHappening] {
    var analysis = StreamAnalysis(rhythm: .standard)
    let base = TimeBase(1, 90000)
    analysis.describe(container: "mpegts", bases: [.video: base, .audio: base].compactMapValues(\.self))
    let rhythm = MarkRhythm.standard
    let marks = (film.marks ?? rhythmMarks(rhythm, from: film.start)).filter { (-25...film.seconds + 5).contains($0) }
    let beeps = marks.map { $0 + film.offset($0) }
    var out: [StreamHappening] = []
    let packets = StreamTimelineTests.packets(0..<film.seconds)
    if !film.isLate { for packet in packets { out += analysis.add(packet) } }
    for index in 0..<Int(film.seconds * 30) {
      let time = Double(index) / 30
      let isFlash = film.hasFlashes && marks.contains { abs($0 - time) < 0.001 }
      out += analysis.add(brightness: isFlash ? 235 : 74 + Double(index % 7) / 5, at: time)
    }
    for index in 0..<Int(film.seconds * 200) {
      let time = Double(index) / 200
      let share = film.hasBeeps ? beeps.map { Self.share(of: $0, at: time) }.max() ?? 0 : 0
      out += analysis.add(level: share > 0 ? -9.2 + 10 * log10(share) : -.infinity, at: time)
    }
    if film.isLate { for packet in packets { out += analysis.add(packet) } }
    return out + analysis.finish()
  }

  static func rhythmMarks(_ rhythm: MarkRhythm, from start: Double) -> [Double] {
    var all: [Double] = []
    for loop in -1...2 {
      for time in rhythm.times {
        let place = time + Double(loop) * rhythm.periodSeconds - start
        all.append((place * 30).rounded() / 30)
      }
    }
    return all
  }

  /// Which share of the 5 ms from a time a beep sounds.
  static func share(of beep: Double, at time: Double) -> Double {
    let end = min(time + 0.005, beep + 0.1)
    return max(0, end - max(time, beep)) / 0.005
  }

  static func marks(_ happenings: [StreamHappening]) -> [ContentMark] {
    happenings.compactMap { if case .mark(let mark) = $0 { mark } else { nil } }
  }
  static func offsets(_ happenings: [StreamHappening]) -> [ContentOffset] {
    happenings.compactMap { if case .contentOffset(let offset) = $0 { offset } else { nil } }
  }
  static func state(_ happenings: [StreamHappening]) -> ContentState {
    happenings.compactMap { if case .content(let state) = $0 { state } else { nil } }.last ?? .searching
  }

  @Test(arguments: [-2900, -800, -40, 0, 3, 200, 2900], [0.0, 17.3, 51.0])
  func `finds the offset wherever it joins`(milliseconds: Int, start: Double) {
    let happenings = Self.run(Film(start: start, offset: { _ in Double(milliseconds) / 1000 }))
    #expect(Self.state(happenings) == .found)
    let offsets = Self.offsets(happenings)
    #expect(offsets.count >= 4)
    #expect(offsets.allSatisfy { abs($0.offsetMilliseconds - Double(milliseconds)) < 1 }, "\(offsets)")
    #expect(Self.marks(happenings).count >= 16)
  }

  @Test func `does not mind which comes first`() {
    let happenings = Self.run(Film(offset: { _ in 0.1 }, isLate: true))
    #expect(Self.state(happenings) == .found)
    #expect(Self.marks(happenings).count >= 20)
    #expect(Self.marks(happenings).allSatisfy { abs($0.offsetMilliseconds - 100) < 1 })
  }

  @Test func `follows drift`() {
    let happenings = Self.run(Film(seconds: 50, offset: { $0 / 1000 }))
    let marks = Self.marks(happenings)
    #expect(marks.count >= 35)
    #expect(marks.allSatisfy { abs($0.offsetMilliseconds - $0.videoPTS) < 1.5 })
  }

  @Test(arguments: [0.03, 0.15, 0.9, -1.3, 2.5])
  func `follows a step`(step: Double) {
    let happenings = Self.run(Film(seconds: 50, offset: { $0 < 20 ? 0 : step }))
    let late = Self.marks(happenings).filter { $0.videoPTS > 20 }
    #expect(late.count >= 20)
    // Where beeps of before and after mix, two marks at most may be joined wrongly.
    #expect(late.count { abs($0.offsetMilliseconds - step * 1000) > 1.5 } <= 2, "\(late)")
    #expect(Self.offsets(happenings).filter { $0.segmentIndex >= 5 }.allSatisfy { abs($0.offsetMilliseconds - step * 1000) < 1.5 })
  }

  @Test(arguments: [5.0, -4.2, 20])
  func `says when the offset is out of range`(offset: Double) {
    let happenings = Self.run(Film(offset: { _ in offset }))
    #expect(Self.state(happenings) == .outOfRange)
    #expect(Self.marks(happenings).isEmpty)
  }

  @Test(arguments: [(false, true), (true, false), (false, false)])
  func `says when there are no marks`(hasFlashes: Bool, hasBeeps: Bool) {
    let happenings = Self.run(Film(hasFlashes: hasFlashes, hasBeeps: hasBeeps))
    #expect(Self.state(happenings) == .noMarks)
    #expect(Self.marks(happenings).isEmpty)
  }

  @Test func `does not take a metronome for the rhythm`() {
    let happenings = Self.run(Film(marks: (1..<30).map { Double($0) }))
    #expect(Self.state(happenings) == .noMarks)
    #expect(Self.marks(happenings).isEmpty)
  }

  @Test func `does not score what the loop parts`() {
    // Two seconds late, over the loop: the last mark's beep falls into the next round.
    let happenings = Self.run(Film(seconds: 40, start: 40, offset: { _ in 2 }))
    let unscored = Self.marks(happenings).filter { !$0.isScored }
    #expect(unscored.map { Int((($0.videoPTS + 40) * 30).rounded()) } == [1760])
  }
}

@Suite struct DetectorTests {
  @Test func `sees no flash in a cut or a fade`() {
    var detector = FlashDetector()
    var found: [Double] = []
    for index in 0..<200 {
      let brightness = index < 60 ? 40.0 : index < 120 ? 180 : 180 + Double(index - 120)
      if let flash = detector.add(brightness, at: Double(index) / 30) { found.append(flash) }
    }
    #expect(found.isEmpty)
  }

  @Test(arguments: [1, 2, 3])
  func `sees a flash of some frames`(length: Int) {
    var detector = FlashDetector()
    var found: [Double] = []
    for index in 0..<60 {
      if let flash = detector.add((30..<30 + length).contains(index) ? 200 : 90, at: Double(index) / 30) { found.append(flash) }
    }
    #expect(found == [1])
  }

  @Test func `hears no beep in noise or speech`() {
    var generator = SplitMix(seed: 3)
    var detector = BeepDetector()
    var found: [Double] = []
    for index in 0..<2000 {
      // Noise that begins at 2 s and stays, of a level that wavers by 6 dB.
      let level = index < 400 ? -.infinity : -30 + Double(generator.next() % 600) / 100
      if let beep = detector.add(level, at: Double(index) / 200) { found.append(beep.time) }
    }
    #expect(found.isEmpty)
  }

  @Test(arguments: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 4.9])
  func `hears a begin between two pieces`(milliseconds: Double) {
    var detector = BeepDetector()
    let begin = 1 + milliseconds / 1000
    var found: [Double] = []
    for index in 0..<400 {
      let time = Double(index) / 200
      let share = ContentOffsetTests.share(of: begin, at: time)
      // Over noise of -50 dB.
      let level = 10 * log10(1e-5 + share * 0.1)
      if let beep = detector.add(level, at: time) { found.append(beep.time) }
    }
    #expect(found.count == 1 && abs((found.first ?? 0) - begin) < 0.0005, "\(found)")
  }
}
