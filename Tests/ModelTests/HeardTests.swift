import MediaSync
import TestSupport
import Testing

/// What is heard of each segment, by a film whose truth is known.
@Suite struct HeardTests {
  /// What a segment's place in the sound holds.
  enum Sound: Sendable {
    /// The sound of a segment, in a voice.
    case of(Int, MarkVoice)
    /// The first marks in one voice, the rest in the other.
    case half(Int)
    /// Tones that say no number.
    case mumbled(Int)
    case silence
  }

  struct Film: Sendable {
    var seconds = 72
    var offset = 0.0
    var hasSquares = true
    var hasTones = true
    var sound: @Sendable (Int) -> Sound = { .of($0, .dub) }
  }

  static func run(_ film: Film) -> [HeardSegment] {
    var analysis = StreamAnalysis(rhythm: .standard)
    let base = TimeBase(1, 90000)
    analysis.describe(container: "mpegts", bases: [.video: base, .audio: base].compactMapValues(\.self))
    let rhythm = MarkRhythm.standard
    let marks = (0...1).flatMap { loop in
      rhythm.times.enumerated().map { (time: $1 + Double(loop) * rhythm.periodSeconds, number: $0) }
    }
    var out: [StreamHappening] = []
    let packets = StreamTimelineTests.packets(0..<Double(film.seconds))
    for packet in packets { out += analysis.add(packet) }
    for index in 0..<film.seconds * 30 {
      let time = Double(index) / 30
      let isFlash = marks.contains { abs($0.time - time) < 0.001 }
      out += analysis.add(brightness: isFlash ? 235 : 74 + Double(index % 7) / 5, at: time)
      guard film.hasSquares, index.isMultiple(of: 5) else { continue }
      let number = marks.last { $0.time <= time + 0.001 }?.number ?? rhythm.times.count - 1
      analysis.add(squares: MarkCode.squares(of: number).map { isFlash || $0 ? 229.0 : 21 }, at: time)
    }
    let length = StreamAnalysis.levelSeconds
    var phase = 0.0
    for index in 0..<film.seconds * 200 {
      let time = Double(index) * length
      guard let tone = tone(film, marks, at: time - film.offset) else {
        out += analysis.add(level: -.infinity, crossings: film.hasTones ? 0 : nil, at: time)
        continue
      }
      let before = phase.rounded(.down)
      phase += 2 * tone * length
      out += analysis.add(level: -9.2, crossings: film.hasTones ? phase.rounded(.down) - before : nil, at: time)
    }
    out += analysis.finish()
    return out.compactMap { if case .heard(let segment) = $0 { segment } else { nil } }
  }

  /// The frequency that sounds in the 5 ms from a time; nil for silence.
  private static func tone(_ film: Film, _ marks: [(time: Double, number: Int)], at time: Double) -> Double? {
    let place = Int((time / 6).rounded(.down))
    let (source, sound): (Int, Sound)
    switch film.sound(place) {
    case .silence: return nil
    case .of(let index, let voice): (source, sound) = (index, .of(index, voice))
    case .half(let index): (source, sound) = (index, .half(index))
    case .mumbled(let index): (source, sound) = (index, .mumbled(index))
    }
    let there = time + Double(source - place) * 6
    guard let mark = marks.first(where: { there >= $0.time - 1e-9 && there < $0.time + MarkCode.soundSeconds - 1e-9 }) else { return nil }
    let step = min(2, Int((there - mark.time) / MarkCode.toneSeconds + 1e-9))
    switch sound {
    case .of(_, let voice): return MarkCode.hertz(of: mark.number, in: voice)[step]
    case .half: return MarkCode.hertz(of: mark.number, in: there - Double(source) * 6 < 3 ? .dub : .original)[step]
    case .mumbled: return [1000, 1000, 1000][step]
    case .silence: return nil
    }
  }

  @Test func `a dubbed stream is heard dubbed, every segment once`() {
    let heard = Self.run(Film())
    #expect(heard.map(\.segmentIndex) == Array(0..<12))
    #expect(heard.allSatisfy { $0.isDubbed && !$0.isLost && $0.original == 0 && $0.dubbed >= 3 && abs($0.offsetMilliseconds ?? 99) < 5 })
    #expect(HeardCount(heard).words == "12 of 12 dubbed")
  }

  struct Instead: Sendable {
    var name: String
    var sound: Sound
    var voice: HeardSegment.Voice
    var place: HeardSegment.Place
    var instead: Int?
    var isLost = false
  }

  /// What the fifth segment holds, and what is to be told of it.
  static let broken = [
    Instead(name: "the original", sound: .of(4, .original), voice: .original, place: .own),
    Instead(name: "a repetition", sound: .of(3, .dub), voice: .dubbed, place: .repeated, instead: 3, isLost: true),
    Instead(name: "silence", sound: .silence, voice: .silent, place: .missing, isLost: true),
    Instead(name: "both voices", sound: .half(4), voice: .mixed, place: .own),
    Instead(name: "tones without a number", sound: .mumbled(4), voice: .unknown, place: .unknown),
  ]

  @Test(arguments: broken.indices) func `what one segment holds instead is told`(index: Int) throws {
    let one = Self.broken[index]
    let heard = Self.run(Film(sound: { $0 == 4 ? one.sound : .of($0, .dub) }))
    #expect(heard.map(\.segmentIndex) == Array(0..<12), "\(one.name)")
    for segment in heard where segment.segmentIndex != 4 { #expect(segment.isDubbed && !segment.isLost, "\(one.name): \(segment)") }
    let broken = try #require(heard.first { $0.segmentIndex == 4 })
    #expect(broken.voice == one.voice && broken.place == one.place && broken.isLost == one.isLost, "\(one.name): \(broken)")
    if let instead = one.instead { #expect(broken.instead == instead, "\(one.name)") }
  }

  @Test func `two segments in each other's place are out of order and not lost`() {
    let heard = Self.run(Film(sound: { .of($0 == 4 ? 5 : $0 == 5 ? 4 : $0, .dub) }))
    for segment in heard {
      let isBroken = [4, 5].contains(segment.segmentIndex)
      #expect(segment.place == (isBroken ? .swapped : .own) && !segment.isLost, "\(segment)")
    }
    #expect(HeardCount(heard).words == "10 of 12 dubbed, 2 out of order")
  }

  @Test(arguments: [-1.5, -0.2, 0.2, 2.2]) func `sound that is late or early is still that of its picture`(_ offset: Double) {
    let heard = Self.run(Film(offset: offset))
    #expect(heard.count >= 11)
    // Of the first and the last one a part lies outside.
    for segment in heard.dropFirst().dropLast() {
      #expect(segment.isDubbed, "\(segment)")
      #expect(abs((segment.offsetMilliseconds ?? 1e9) - offset * 1000) < 15, "\(segment)")
    }
  }

  @Test func `a stream whose marks have no numbers is told nothing of`() {
    #expect(Self.run(Film(hasSquares: false, hasTones: false)).isEmpty)
  }

  @Test func `without a number in the picture the voice is known and the place is not`() {
    let heard = Self.run(Film(hasSquares: false, sound: { .of($0, $0 < 6 ? .dub : .original) }))
    #expect(heard.count == 12)
    for segment in heard { #expect(segment.place == .unknown && segment.voice == (segment.segmentIndex < 6 ? .dubbed : .original)) }
  }

  @Test func `the same numbers a loop later are no repetition`() {
    let heard = Self.run(Film(seconds: 120, sound: { .of($0, .dub) }))
    #expect(heard.count == 20)
    #expect(heard.allSatisfy { $0.isDubbed })
  }
}
