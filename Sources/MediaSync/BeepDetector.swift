#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the beginnings of beeps in the level of short pieces of sound (5 ms).
///
/// The begin is found finer than the pieces are long: of the piece in which a tone begins, the share that sounds is its energy over that
/// of a full piece. Measured with the fixture: ±0.3 ms, where the begin of the first loud piece lies up to 5 ms off, and the first piece
/// that *ends* loud, as a person reads it from a list of levels, 5 to 10 ms late: the +9 ms of the naive method.
struct BeepDetector: Sendable {
  /// The quietest tone that counts, as a power: -50 dB of full scale.
  static let quietest = 1e-5
  /// How far a tone stands out of what was before, as a power: 12 dB.
  static let rise = 16.0
  /// How long a beep sounds, in seconds: what an encoder may make of the 100 ms of the rhythm.
  static let length = 0.05...0.3

  /// Time stamps that fall by less than this, in seconds, are untidy and no other place.
  private static let unordered = 0.05

  /// A beep that has ended.
  struct Beep: Hashable, Sendable {
    /// When it began, in seconds.
    var time: Double
    /// Which mark it is and in which voice; nil where it does not say so.
    var sound: MarkSound?
  }

  private typealias Piece = MarkCode.Piece

  private struct Tone: Sendable {
    var pieces: [Piece]
    var floor: Double
    var plateau = 0.0
    /// All of it, for what it says.
    var whole: [Piece] = []
  }

  private var recent: [Piece] = []
  private var floor = 0.0
  private var untilFloor = 0
  private var tone: Tone?
  private var step = 0.005

  /// Takes the next piece; a beep that has just ended.
  /// - Parameters:
  ///   - decibels: its level; `-infinity` for silence.
  ///   - hertz: its frequency by its zero crossings; nil where they were not counted.
  ///   - time: when it begins, in seconds.
  mutating func add(_ decibels: Double, hertz: Double? = nil, at time: Double) -> Beep? {
    guard !decibels.isNaN else { return nil }
    let power = decibels == -.infinity ? 0 : pow(10, min(decibels, 20) / 10)
    if let last = recent.last {
      let distance = time - last.time
      if distance > 0.1 || distance < -Self.unordered {
        recent = []
        tone = nil
      } else if distance > 0 {
        step = distance
      }
    }
    let piece = Piece(time: time, power: power, hertz: hertz)
    defer { remember(piece) }
    guard tone != nil else {
      let threshold = max(Self.quietest, floor * Self.rise)
      // After quiet only: what was loud already has no begin here.
      if power > threshold, recent.count >= 3, recent.suffix(2).allSatisfy({ $0.power <= threshold }) {
        tone = Tone(pieces: recent.suffix(2) + [piece], floor: floor, plateau: power, whole: [piece])
      }
      return nil
    }
    return follow(piece)
  }

  private mutating func follow(_ piece: Piece) -> Beep? {
    guard var current = tone else { return nil }
    let begin = current.pieces[min(2, current.pieces.count - 1)].time
    let sounds = piece.time - begin
    if current.pieces.count < 12 {
      current.pieces.append(piece)
      current.plateau = max(current.plateau, piece.power)
    }
    current.whole.append(piece)
    tone = current
    if piece.power > max(current.plateau / 10, current.floor * 2) {
      // Longer than a beep: speech, music, noise.
      if sounds > Self.length.upperBound { tone = nil }
      return nil
    }
    tone = nil
    guard Self.length.contains(sounds), let onset = onset(current) else { return nil }
    return Beep(time: onset, sound: MarkCode.sound(of: current.whole, onset: onset, length: step))
  }

  /// Where a tone that had its full power at once would have begun to bring the same energy.
  private func onset(_ tone: Tone) -> Double? {
    // The level in the middle of the tone: an overshoot at its begin is no measure.
    let powers = tone.pieces.suffix(8).map(\.power).sorted()
    let full = powers[powers.count / 2] - tone.floor
    guard full > 0, let end = tone.pieces.firstIndex(where: { $0.power - tone.floor >= 0.7 * full }) else { return nil }
    let integrated = tone.pieces[...min(end + 1, tone.pieces.count - 1)]
    guard let last = integrated.last else { return nil }
    let energy = integrated.reduce(0) { $0 + max(0, $1.power - tone.floor) } * step
    return last.time + step - energy / full
  }

  private mutating func remember(_ piece: Piece) {
    recent.append(piece)
    if recent.count > 200 { recent.removeFirst() }
    untilFloor -= 1
    guard untilFloor <= 0 else { return }
    untilFloor = 20
    let sorted = recent.map(\.power).sorted()
    floor = sorted[sorted.count / 2]
  }
}
