/// Joins flashes and beeps: finds the offset that the rhythm allows only once, then follows it from mark to mark.
///
/// It needs not know where in the rhythm it is. While marks lie where the last ones make expect, each is told as soon as its beep can have
/// been heard; when one does not, nothing more is told until four marks agree on a place, the old one or another.
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
  /// How many seconds of marks are looked at together.
  static let window = 8.5
  /// How far a mark may lie from where the last ones make expect it, in seconds.
  static let tolerance = 0.04
  /// A beep is known this long after it began, in seconds: it must have ended.
  static let beepDelay = BeepDetector.length.upperBound
  /// A flash is known this long after it began, in seconds.
  static let flashDelay = 0.15

  private let rhythm: MarkRhythm
  private var pending: [Double] = []
  private var beeps: [Double] = []
  private var flashHistory: [Double] = []
  private var beepHistory: [Double] = []
  private var accepted: [Double] = []
  private var isContested = false
  private var seams: [Double] = []
  private var searchBegin: Double?
  private var video: Double?
  private var audio: Double?
  private(set) var state = ContentState.searching

  init(rhythm: MarkRhythm) { self.rhythm = rhythm }

  /// How far the series of both tracks have come: nil before they began.
  mutating func advance(video time: Double) {
    video = time
    searchBegin = searchBegin ?? time
  }
  mutating func advance(audio time: Double) {
    audio = time
    searchBegin = searchBegin ?? time
  }

  mutating func add(flash time: Double) {
    pending.append(time)
    flashHistory = (flashHistory + [time]).filter { $0 > time - 15 }
    if pending.count > 64 { pending.removeFirst() }
  }

  mutating func add(beep time: Double) {
    beeps = (beeps + [time]).filter { $0 > time - 60 }
    beepHistory = (beepHistory + [time]).filter { $0 > time - 15 }
  }

  /// Nothing may be joined across this place.
  mutating func seam(at time: Double) {
    seams = seams.suffix(8) + [time]
    flashHistory = []
    beepHistory = []
  }

  /// How far both tracks were searched; nil before both were.
  var searched: Double? { video.flatMap { video in audio.map { min(video, $0) } } }

  /// Up to where marks are decided: none will be told that lies before.
  var decided: Double {
    let reach = offset.map { Self.beepDelay + max(0, $0) } ?? rhythm.rangeSeconds + Self.beepDelay
    let known = min((video ?? -.infinity) - Self.flashDelay, (audio ?? -.infinity) - reach)
    return min(pending.first ?? .infinity, known)
  }

  /// The marks that can be told by now.
  /// - Parameters:
  ///   - isEnd: nothing more will come of this piece of the stream.
  ///   - isFinal: nor of any other.
  mutating func settle(isEnd: Bool = false, isFinal: Bool = false) -> [Match] {
    var out: [Match] = []
    let heard = isEnd ? Double.infinity : (audio ?? -.infinity)
    while let flash = pending.first {
      if let offset, !isContested {
        guard heard >= flash + offset + Self.beepDelay + Self.tolerance else { break }
        if take(flash, offset, &out) {
          pending.removeFirst()
        } else {
          isContested = true
        }
        continue
      }
      let group = pending.filter { $0 <= flash + Self.window && heard >= $0 + rhythm.rangeSeconds + Self.beepDelay }
      if let found = OffsetFinder.offset(flashes: group, beeps: beeps, range: rhythm.rangeSeconds), isCredible(group, found) {
        isContested = false
        accepted = []
        for member in group { _ = take(member, accepted.isEmpty ? found : offset ?? found, &out) }
        pending.removeFirst(group.count)
      } else if isEnd || isComplete(from: flash) {
        pending.removeFirst()
      } else {
        break
      }
    }
    judge(isFinal: isFinal, last: out.last?.flash)
    return out
  }

  private var offset: Double? {
    guard !accepted.isEmpty else { return nil }
    let sorted = accepted.sorted()
    return sorted[sorted.count / 2]
  }

  /// Whether marks may be believed. At first the flashes must follow the rhythm, as a film may blink and beep too; and where the beeps
  /// follow it as well, in the same place of it: further apart than the rhythm's range, they fit by chance.
  private func isCredible(_ group: [Double], _ found: Double) -> Bool {
    let seen = RhythmFit.phase(of: flashHistory.count >= 5 ? flashHistory : group, in: rhythm)
    guard let seen, let first = group.first, let last = group.last else { return state == .found }
    let heard = RhythmFit.phase(of: beeps.filter { (first + found - 1...last + found + 1).contains($0) }, in: rhythm)
    guard let heard else { return state == .found || group.count >= 6 }
    return abs(RhythmFit.difference(heard, seen + found, period: rhythm.periodSeconds)) <= 2 * RhythmFit.tolerance
  }

  private func isComplete(from flash: Double) -> Bool {
    guard let video, let audio else { return false }
    return min(video - Self.flashDelay, audio - rhythm.rangeSeconds - Self.beepDelay) >= flash + Self.window
  }

  private mutating func take(_ flash: Double, _ expected: Double, _ out: inout [Match]) -> Bool {
    let place = flash + expected
    guard let beep = beeps.min(by: { abs($0 - place) < abs($1 - place) }), abs(beep - place) <= Self.tolerance else { return false }
    let found = beep - flash
    accepted = accepted.suffix(4) + [found]
    out.append(Match(flash: flash, offset: found, isWhole: isWhole(flash, beep)))
    lastMatch = flash
    return true
  }
  private var lastMatch: Double?

  /// Whether neither a seam nor the rhythm's own end lies between flash and beep.
  private func isWhole(_ flash: Double, _ beep: Double) -> Bool {
    let (first, last) = (min(flash, beep), max(flash, beep))
    if seams.contains(where: { $0 > first - 0.05 && $0 < last + 0.05 }) { return false }
    guard let phase = RhythmFit.phase(of: flashHistory, in: rhythm) else { return true }
    let place = RhythmFit.modulo(flash - phase + RhythmFit.tolerance, rhythm.periodSeconds) - RhythmFit.tolerance
    return (0...rhythm.periodSeconds).contains(place + beep - flash)
  }

  private mutating func judge(isFinal: Bool, last: Double?) {
    if last != nil {
      state = .found
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
    guard now - begin >= patience || isFutile else { return }
    accepted = []
    isContested = false
    let recent = now - 15
    let flashes = flashHistory.filter { $0 > recent }
    let sounds = beepHistory.filter { $0 > recent }
    if let seen = RhythmFit.phase(of: flashes, in: rhythm), let heard = RhythmFit.phase(of: sounds, in: rhythm),
      abs(RhythmFit.difference(heard, seen, period: rhythm.periodSeconds)) > rhythm.rangeSeconds
    {
      state = .outOfRange
    } else {
      state = .noMarks
    }
  }
}
