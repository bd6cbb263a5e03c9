/// Joins flashes and beeps that are the same mark of the rhythm.
///
/// Each track is followed by itself (``RhythmFollower``), so that a flash is joined to its own beep whatever the speed of either track is:
/// never to one that merely lies near.
struct MarkMatcher: Sendable {
  /// A mark that was joined.
  struct Match: Hashable, Sendable {
    var flash: Double
    /// Beep minus flash, in seconds.
    var offset: Double
    /// Whether no seam lies between the two.
    var isWhole: Bool
  }

  /// How long is searched until the answer is "no marks", in seconds of media.
  static let patience = 12.0
  /// How long a flash waits until it is known which mark it and its beep are, in seconds: eight marks, and what may be missing of them.
  static let window = 13.0
  /// A beep is known this long after it began, in seconds: it must have ended.
  static let beepDelay = BeepDetector.length.upperBound
  /// A flash is known this long after it began, in seconds.
  static let flashDelay = 0.15
  /// How much further than the rhythm's range apart a flash and its beep may lie, in seconds: a frame.
  private static let rangeTolerance = 0.05
  /// How many marks in a row lie out of range until that is said.
  private static let leastBeyond = 3

  private let rhythm: MarkRhythm
  private var flashes: RhythmFollower
  private var beeps: RhythmFollower
  private var pending: [Double] = []
  private var seams: [Double] = []
  private var searchBegin: Double?
  private var video: Double?
  private var audio: Double?
  private var lastMatch: Double?
  private var lastOffset: Double?
  private var beyond = 0
  private(set) var state = ContentState.searching
  private(set) var sight = MarkSight()
  /// What all the marks say together.
  private(set) var record = MarkRecord()

  init(rhythm: MarkRhythm) {
    self.rhythm = rhythm
    flashes = RhythmFollower(rhythm: rhythm)
    beeps = RhythmFollower(rhythm: rhythm)
  }

  /// How far the series of both tracks have come: nil before they began.
  mutating func advance(video time: Double) {
    // What was searched of one track alone counts for nothing once the other comes.
    if video == nil { searchBegin = max(searchBegin ?? time, time) }
    video = time
  }
  mutating func advance(audio time: Double) {
    if audio == nil { searchBegin = max(searchBegin ?? time, time) }
    audio = time
  }

  mutating func add(flash time: Double) {
    pending.append(time)
    if pending.count > 64 { pending.removeFirst() }
    flashes.add(time)
    sight.flashes += 1
    sight.hasFlashRhythm = sight.hasFlashRhythm || flashes.place != nil
    record.note(flash: time)
  }

  mutating func add(beep time: Double) {
    beeps.add(time)
    sight.beeps += 1
    sight.hasBeepRhythm = sight.hasBeepRhythm || beeps.place != nil
  }

  /// Nothing may be joined across this place.
  mutating func seam(at time: Double) {
    seams = seams.suffix(8) + [time]
    flashes.seam()
    beeps.seam()
    record = MarkRecord()
  }

  /// How far both tracks were searched; nil before both were.
  var searched: Double? { video.flatMap { video in audio.map { min(video, $0) } } }

  /// Up to where flashes are known, in seconds; nil before the first picture.
  var searchedVideo: Double? { video.map { $0 - Self.flashDelay } }
  /// Up to where beeps are known, in seconds; nil before the first piece of sound.
  var searchedAudio: Double? { audio.map { $0 - Self.beepDelay } }

  /// Up to where marks are decided: none will be told that lies before.
  var decided: Double {
    let reach = Self.beepDelay + (lastOffset.map { max(0, $0) } ?? rhythm.rangeSeconds)
    let known = min((video ?? -.infinity) - Self.flashDelay, (audio ?? -.infinity) - reach)
    return min(pending.first ?? .infinity, known)
  }

  /// What all marks since the last jump come to; nil for too few of them.
  func fit() -> MarkFit? { record.fit(flashes: flashes, beeps: beeps) }

  /// The marks that can be told by now.
  /// - Parameters:
  ///   - isEnd: nothing more will come of this piece of the stream.
  ///   - isFinal: nor of any other.
  mutating func settle(isEnd: Bool = false, isFinal: Bool = false) -> [Match] {
    var out: [Match] = []
    while let flash = pending.first {
      switch decide(flash, isEnd) {
      case .wait:
        judge(isFinal: isFinal, hasMatch: !out.isEmpty)
        return out
      case .drop: break
      case .beyond(let beep):
        beyond += 1
        // No figure to tell, but it belongs to the line as the others do.
        if let beep { record.note(flash: flash, beep: beep) }
      case .join(let beep):
        out.append(Match(flash: flash, offset: beep - flash, isWhole: isWhole(flash, beep)))
        record.note(flash: flash, beep: beep)
        lastMatch = flash
        lastOffset = beep - flash
        beyond = 0
      }
      pending.removeFirst()
    }
    judge(isFinal: isFinal, hasMatch: !out.isEmpty)
    return out
  }

  private enum Decision {
    case wait, drop
    case beyond(beep: Double?)
    case join(beep: Double)
  }

  /// What becomes of the oldest flash.
  private func decide(_ flash: Double, _ isEnd: Bool) -> Decision {
    let heard = isEnd ? Double.infinity : (audio ?? -.infinity)
    let isOver = isEnd || isComplete(from: flash)
    guard let number = flashes.number(at: flash) else { return isOver ? .drop : .wait }
    if let beep = beeps.mark(number, nearest: flash), isNearest(beep.time, to: flash) {
      return abs(beep.time - flash) <= rhythm.rangeSeconds + Self.rangeTolerance ? .join(beep: beep.time) : .beyond(beep: beep.time)
    }
    guard let due = beeps.due(number, nearest: flash), !beeps.isContested else { return isOver ? .drop : .wait }
    guard heard >= due + Self.beepDelay + 2 * RhythmFollower.tolerance || isOver else { return .wait }
    return abs(due - flash) > rhythm.rangeSeconds + RhythmFollower.tolerance ? .beyond(beep: nil) : .drop
  }

  /// Whether a beep lies where its mark is due nearest to the flash: the same mark of the repetition before may be the only one heard yet.
  private func isNearest(_ beep: Double, to flash: Double) -> Bool { abs(beep - flash) <= rhythm.periodSeconds / 4 }

  private func isComplete(from flash: Double) -> Bool {
    guard let video, let audio else { return false }
    return min(video - Self.flashDelay, audio - rhythm.rangeSeconds - Self.beepDelay) >= flash + Self.window
  }

  /// Whether neither a seam nor the rhythm's own end lies between flash and beep.
  private func isWhole(_ flash: Double, _ beep: Double) -> Bool {
    let (first, last) = (min(flash, beep), max(flash, beep))
    if seams.contains(where: { $0 > first - 0.05 && $0 < last + 0.05 }) { return false }
    guard let number = flashes.number(at: flash) else { return true }
    return (0...rhythm.periodSeconds).contains(rhythm.times[rhythm.cycleIndex(of: number)] + beep - flash)
  }

  private mutating func judge(isFinal: Bool, hasMatch: Bool) {
    if hasMatch {
      state = .found
      return
    }
    if beyond >= Self.leastBeyond {
      state = .outOfRange
      return
    }
    let now = min(video ?? audio ?? -.infinity, audio ?? video ?? -.infinity)
    guard let begin = lastMatch.map({ max($0, searchBegin ?? $0) }) ?? searchBegin else {
      if isFinal { state = .noMarks }
      return
    }
    // One track alone will never have marks; it may only be late.
    let patience = video == nil || audio == nil ? Self.patience + rhythm.rangeSeconds : Self.patience
    // At an early end nothing is known, unless there was nothing to search.
    let isFutile = isFinal && state == .searching && (video == nil || audio == nil)
    // What still waits may be joined: it is not yet known which marks they are.
    let mayJoin = !isFinal && now - begin < Self.window + rhythm.rangeSeconds && sight.flashes >= 5 && sight.beeps >= 5
    guard now - begin >= patience || isFutile, !mayJoin else { return }
    state = .noMarks
  }
}

/// What was seen and heard of marks, joined or not.
package struct MarkSight: Codable, Hashable, Sendable {
  /// Flashes seen.
  package var flashes = 0
  /// Beeps heard.
  package var beeps = 0
  /// Whether flashes were seen in the rhythm of the test stream, at any speed.
  package var hasFlashRhythm = false
  /// Whether beeps were heard in it.
  package var hasBeepRhythm = false
}
