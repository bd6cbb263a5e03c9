import MediaSync
import TestSupport
import Testing

@testable import MediaSync

@Suite struct MarkCodeTests {
  /// Pieces of 5 ms as the probe gets them: crossings are whole numbers.
  static func pieces(_ tones: [Double], onset: Double, speed: Double = 1, voice share: (Int) -> Double = { _ in 1 }) -> [MarkCode.Piece] {
    let length = StreamAnalysis.levelSeconds
    var phase = 0.0
    return (0..<60).map { index in
      let time = Double(index) * length
      let place = Int(((time + length / 2 - onset) * speed / MarkCode.toneSeconds).rounded(.down))
      guard tones.indices.contains(place), time >= onset - length else { return MarkCode.Piece(time: time, power: 0, hertz: 0) }
      let before = phase.rounded(.down)
      phase += 2 * tones[place] * speed * length
      return MarkCode.Piece(time: time, power: 0.06 * share(index), hertz: (phase.rounded(.down) - before) / 2 / length)
    }
  }

  @Test(arguments: MarkVoice.allCases, [0.9, 0.96, 1, 1.0427, 1.088]) func `each number is read in each voice at any speed`(
    _ voice: MarkVoice, _ speed: Double
  ) {
    for number in 0..<MarkCode.count {
      for milliseconds in [50, 51.3, 53.7] {
        let pieces = Self.pieces(MarkCode.hertz(of: number, in: voice), onset: milliseconds / 1000, speed: speed)
        let read = MarkCode.sound(of: pieces, onset: milliseconds / 1000, length: StreamAnalysis.levelSeconds)
        #expect(read == MarkSound(number: number, voice: voice), "\(number) at \(milliseconds) ms")
      }
    }
  }

  @Test(arguments: [
    ("the beep of old streams", [1000.0, 1000, 1000]), ("a tone between two", [1000, 575, 650]), ("a tone too low", [1000, 350, 650]),
    ("a tone too high", [1000, 650, 1700]), ("no pilot", [1400, 650, 800]), ("a pilot of neither voice", [1900, 650, 800]),
    ("the pilot of one voice, the tones of the other", [1000, 2200, 2350]),
  ]) func `what does not fit is not guessed`(_ name: String, _ tones: [Double]) {
    #expect(MarkCode.sound(of: Self.pieces(tones, onset: 0.05), onset: 0.05, length: StreamAnalysis.levelSeconds) == nil, "\(name)")
  }

  @Test func `a mark that wavers, fades or was not counted is not read`() {
    let tones = MarkCode.hertz(of: 21, in: .original)
    let read = { (pieces: [MarkCode.Piece]) in MarkCode.sound(of: pieces, onset: 0.05, length: StreamAnalysis.levelSeconds) }
    #expect(read(Self.pieces(tones, onset: 0.05))?.number == 21)
    #expect(read(Self.pieces(tones, onset: 0.05) { $0 > 20 ? 0.2 : 1 }) == nil)
    var noisy = Self.pieces(tones, onset: 0.05)
    for index in noisy.indices { noisy[index].hertz = noisy[index].hertz.map { $0 + (index.isMultiple(of: 2) ? 400 : -400) } }
    #expect(read(noisy) == nil)
    var uncounted = Self.pieces(tones, onset: 0.05)
    for index in uncounted.indices { uncounted[index].hertz = nil }
    #expect(read(uncounted) == nil)
  }

  @Test func `squares say their number, and one that is wrong makes none of them`() {
    for number in 0..<MarkCode.count {
      let means = MarkCode.squares(of: number).map { $0 ? 228.0 : 22 }
      #expect(MarkCode.number(squares: means) == number)
      for place in 2..<MarkCode.squareCount {
        var wrong = means
        wrong[place] = means[place] > 100 ? 22 : 228
        #expect(MarkCode.number(squares: wrong) == nil, "\(number), square \(place)")
        wrong[place] = 120
        #expect(MarkCode.number(squares: wrong) == nil, "\(number), square \(place) grey")
      }
    }
  }

  @Test(arguments: [
    ("a flash", Array(repeating: 235.0, count: 9)), ("darkness", Array(repeating: 16, count: 9)), ("no squares", []),
    ("little contrast", [120, 80, 120, 80, 80, 80, 80, 80, 80]), ("no numbers", Array(repeating: .nan, count: 9)),
  ]) func `a picture without squares says nothing`(_ name: String, _ means: [Double]) {
    #expect(MarkCode.number(squares: means) == nil, "\(name)")
  }
}
