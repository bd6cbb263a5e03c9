/// In which voice a mark's sound is: the published stream's own, or the one that the speech service's stand-in answers with.
package enum MarkVoice: String, Codable, Hashable, Sendable, CaseIterable {
  case original, dub

  /// How much higher every tone of it is than that of the original, in hertz.
  package var shiftHertz: Double {
    switch self {
    case .original: 0
    case .dub: 1700
    }
  }
}

/// What the sound of a mark says: which mark it is, and in which voice.
package struct MarkSound: Codable, Hashable, Sendable {
  /// Its number, 0 to 63.
  package var number: Int
  /// Its voice.
  package var voice: MarkVoice

  /// What the sound of a mark says.
  package init(number: Int, voice: MarkVoice) {
    self.number = number
    self.voice = voice
  }
}

/// How a mark says which one it is: a number of six bits, in sound and in the picture.
///
/// In sound: a pilot from the onset on, then two tones of eight, all at one loudness. Tones are read relative to the pilot, so that a wrong
/// speed makes none of them its neighbour. In the picture: a white and a black square as references, six squares of bits from the highest
/// on, and one of odd parity, kept until the next mark. Both survive 320x180 at 300 kbit/s and 64 kbit/s mono.
package enum MarkCode {
  /// How many numbers there are.
  package static let count = 64
  /// How long pilot and each tone last, in seconds.
  package static let toneSeconds = 0.04
  /// How long all three last, in seconds.
  package static let soundSeconds = 3 * toneSeconds
  /// The pilot of the original voice, in hertz.
  package static let pilotHertz = 1000.0
  /// The lowest tone of the original voice, in hertz.
  static let lowestHertz = 500.0
  /// How far two tones lie apart, in hertz.
  static let stepHertz = 150.0
  /// How many tones there are; the first one says the upper three bits.
  static let tones = 8

  /// The grid that squares lie on: so many cells in the picture's width and height.
  package static let grid = (columns: 32, rows: 18)
  /// How many cells a square is wide and high.
  package static let squareCells = 2
  /// The cell that the first square begins at; all lie in one row.
  package static let firstCell = (column: 7, row: 0)
  /// White, black, six bits, parity.
  package static let squareCount = 9

  /// The three frequencies of a mark's sound, in hertz.
  package static func hertz(of number: Int, in voice: MarkVoice) -> [Double] {
    let tone = { (index: Int) in lowestHertz + stepHertz * Double(index) + voice.shiftHertz }
    return [pilotHertz + voice.shiftHertz, tone(number >> 3 & 7), tone(number & 7)]
  }

  /// Which of a mark's squares are white, in their order.
  package static func squares(of number: Int) -> [Bool] {
    let bits = (0..<6).reversed().map { number >> $0 & 1 == 1 }
    return [true, false] + bits + [bits.count { $0 }.isMultiple(of: 2)]
  }
}

/// Reading marks. Where something does not fit, nothing is read: a number is never guessed.
extension MarkCode {
  /// A short piece of sound: its power, and its frequency by its zero crossings.
  struct Piece: Hashable, Sendable {
    /// When it begins, in seconds.
    var time: Double
    /// Of full scale.
    var power: Double
    /// Half its crossings of zero a second; nil where they were not counted.
    var hertz: Double?
  }

  /// How much faster or slower sound may run and still be read: 44.1 kHz played as 48, 25 frames for 24, and more.
  static let speeds = 0.88...1.14
  /// How far from its tone a frequency may lie, as a share of the distance of two.
  static let toneTolerance = 0.35
  /// Nearer to the pilot than this both tones together are the pilot that goes on, in hertz: the tone nearest to it is 50 Hz away.
  static let plainTone = 21.0
  /// By how much the power may differ within a mark: 4 dB.
  static let powerRange = 0.4...2.5
  /// How many pieces a tone is read from at least: 15 ms, in which a tone's frequency is counted to ±33 Hz.
  static let leastPieces = 3
  /// What is left out at either end of a tone, in seconds: it is smeared there.
  static let edgeSeconds = 0.004
  /// How far a piece's frequency may lie from its tone's mean, in crossings.
  static let crossingTolerance = 2.2

  /// What a mark says that begins at a time; nil where pilot, tones or loudness do not fit.
  /// - Parameter length: how long a piece is, in seconds.
  static func sound(of pieces: [Piece], onset: Double, length: Double) -> MarkSound? {
    for voice in MarkVoice.allCases {
      let due = pilotHertz + voice.shiftHertz
      guard let first = mean(pieces, 0, from: onset, speed: 1, length), speeds.contains(first.hertz / due),
        let pilot = mean(pieces, 0, from: onset, speed: first.hertz / due, length)
      else { continue }
      let speed = pilot.hertz / due
      var number = 0
      var distance = 0.0
      for place in 1...2 {
        guard let tone = mean(pieces, place, from: onset, speed: speed, length), powerRange.contains(tone.power / pilot.power) else {
          return nil
        }
        let step = (tone.hertz / speed - voice.shiftHertz - lowestHertz) / stepHertz
        let index = step.rounded()
        guard abs(step - index) <= toneTolerance, (0..<Double(tones)).contains(index) else { return nil }
        number = number << 3 | Int(index)
        distance += abs(tone.hertz - pilot.hertz) / speed / 2
      }
      // One tone all along is a beep and no mark, though its frequency lies near to one of the tones.
      guard distance >= plainTone else { return nil }
      return MarkSound(number: number, voice: voice)
    }
    return nil
  }

  /// Frequency and power of a tone of a mark; nil where it is not steady.
  private static func mean(
    _ pieces: [Piece], _ place: Int, from onset: Double, speed: Double, _ length: Double
  ) -> (hertz: Double, power: Double)? {
    let begin = onset + Double(place) * toneSeconds / speed + edgeSeconds
    let end = onset + Double(place + 1) * toneSeconds / speed - edgeSeconds
    // The sound fades out at its end.
    let last = place == 2 ? end - 0.006 : end
    let inside = pieces.filter { $0.time >= begin - 1e-6 && $0.time + length <= last + 1e-6 }
    let frequencies = inside.compactMap(\.hertz)
    guard inside.count >= leastPieces, frequencies.count == inside.count else { return nil }
    let hertz = frequencies.reduce(0, +) / Double(frequencies.count)
    let power = inside.reduce(0) { $0 + $1.power } / Double(inside.count)
    guard power > 0, frequencies.allSatisfy({ abs($0 - hertz) * 2 * length <= crossingTolerance }),
      inside.allSatisfy({ powerRange.contains($0.power / power) })
    else { return nil }
    return (hertz, power)
  }

  /// How far apart the references must be at least, of 0...255.
  static let leastContrast = 60.0
  /// How near to its reference a bit must be, as a share of the contrast.
  static let bitTolerance = 0.35

  /// The number that squares say, by their mean brightness of 0...255 in their order; nil where references, bits or parity do not fit.
  package static func number(squares means: [Double]) -> Int? {
    guard means.count == squareCount, means.allSatisfy(\.isFinite), means[0] - means[1] >= leastContrast else { return nil }
    var bits: [Bool] = []
    for mean in means.dropFirst(2) {
      let share = (mean - means[1]) / (means[0] - means[1])
      guard min(abs(share), abs(share - 1)) <= bitTolerance else { return nil }
      bits.append(share > 0.5)
    }
    guard bits.count(where: { $0 }) % 2 == 1 else { return nil }
    return bits.dropLast().reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }
}
