/// Where the rhythm of a test stream lies in one track, and how fast it goes there.
struct RhythmPlace: Hashable, Sendable {
  /// When the rhythm begins, in seconds of the track.
  var begin: Double
  /// Seconds of the track for one second of the rhythm: 1.03 for a track that plays 3 % slow.
  var speed: Double

  /// When a mark is due.
  func time(of number: Int, in rhythm: MarkRhythm) -> Double { begin + speed * rhythm.position(of: number) }

  /// The mark that is due nearest to a time.
  func number(nearest time: Double, in rhythm: MarkRhythm) -> Int { rhythm.number(nearest: (time - begin) / speed) }

  /// How far a time lies from the nearest mark, in seconds of the track; positive is later.
  func residual(_ time: Double, in rhythm: MarkRhythm) -> Double {
    time - self.time(of: number(nearest: time, in: rhythm), in: rhythm)
  }
}

extension MarkRhythm {
  /// When a mark is due, in seconds from the rhythm's begin. Marks are numbered on through its repetitions; below 0 before the first.
  func position(of number: Int) -> Double {
    guard !times.isEmpty else { return 0 }
    let (loop, place) = Self.divide(number, times.count)
    return Double(loop) * periodSeconds + times[place]
  }

  /// The mark nearest to a position.
  func number(nearest position: Double) -> Int {
    guard !times.isEmpty, periodSeconds > 0, position.isFinite, abs(position) < 1e12 else { return 0 }
    let loop = (position / periodSeconds).rounded(.down)
    let rest = position - loop * periodSeconds
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < rest { low = middle + 1 } else { high = middle }
    }
    let after = Int(loop) * times.count + low
    return abs(self.position(of: after) - position) < abs(self.position(of: after - 1) - position) ? after : after - 1
  }

  /// Which mark of one repetition a number is.
  func cycleIndex(of number: Int) -> Int { times.isEmpty ? 0 : Self.divide(number, times.count).rest }

  private static func divide(_ number: Int, _ count: Int) -> (loop: Int, rest: Int) {
    let rest = number % count
    return rest < 0 ? (number / count - 1, rest + count) : (number / count, rest)
  }
}

/// Finds a track's place in the rhythm from the times of its marks alone.
///
/// Marks have an identity: their gaps are irregular. So a place is found whatever the track's speed is, from 0.89 to 1.11 of its own, and
/// neither what the other track does nor how far apart the two are can mislead it.
///
/// A place is believed when chance would not bring it about: of n random times k lie within a tolerance of its marks, over all the places
/// that are tried, less than ``chance`` times (a contrario detection: Desolneux, Moisan and Morel, *From Gestalt Theory to Image
/// Analysis*, 3.2). The finer the marks lie, the fewer of them it takes, and false ones between them are no harm.
enum RhythmSearch {
  /// How far a mark may lie from its place at most, in seconds: one frame at 30/s; and the finer tolerances that are tried as well.
  static let tolerances = [0.034, 0.016, 0.005]
  /// How often chance may bring a place about, in one search.
  static let chance = 1e-6
  /// Which speeds are tried: 10 % to either side, and some room for the fit.
  static let speeds = 0.89...1.11
  /// How many marks it takes at least.
  static let leastMarks = 5
  /// From how many marks on the speed is fitted, too.
  static let speedMarks = 8
  /// The largest mean square error of a fit, as its root, in seconds: half a frame at 30/s.
  static let largestResidual = 0.017
  /// How far apart two marks lie at least that a speed is guessed from, in seconds.
  private static let shortestBase = 4.0

  /// The place that most of the times fit; nil where chance might have brought it about.
  /// - Parameter times: rising, in seconds of the track.
  static func place(of times: [Double], in rhythm: MarkRhythm) -> RhythmPlace? {
    guard rhythm.periodSeconds > 0, !rhythm.times.isEmpty, times.count >= leastMarks else { return nil }
    return atUsualSpeed(times, rhythm) ?? atAnySpeed(times, rhythm)
  }

  private static func atUsualSpeed(_ times: [Double], _ rhythm: MarkRhythm) -> RhythmPlace? {
    // One false mark among the anchors must not hide the rhythm.
    let anchors = times.suffix(3)
    guard var best = Candidate(times, rhythm, fixed: 1, places: anchors.count * rhythm.times.count) else { return nil }
    for anchor in anchors {
      for position in rhythm.times { best.consider(RhythmPlace(begin: anchor - position, speed: 1)) }
    }
    return best.place.flatMap { refined($0, times, rhythm) }
  }

  private static func atAnySpeed(_ times: [Double], _ rhythm: MarkRhythm) -> RhythmPlace? {
    // Nine pairs of anchors, some four marks that the second may be.
    guard var best = Candidate(times, rhythm, fixed: 2, places: 36 * rhythm.times.count) else { return nil }
    for early in times.prefix(3) {
      for late in times.suffix(3) where late - early >= shortestBase {
        for (number, position) in rhythm.times.enumerated() {
          var other = number + 1
          while true {
            let speed = (late - early) / (rhythm.position(of: other) - position)
            other += 1
            if speed > speeds.upperBound { continue }
            if speed < speeds.lowerBound { break }
            best.consider(RhythmPlace(begin: early - speed * position, speed: speed))
          }
        }
      }
    }
    return best.place.flatMap { refined($0, times, rhythm) }
  }

  /// The best of the places that were considered.
  private struct Candidate {
    private let times: [Double]
    private let rhythm: MarkRhythm
    /// How many of the times must lie within each tolerance.
    private let enough: [Int]
    private let fewest: Int
    private(set) var place: RhythmPlace?
    private var score = 0

    /// Nil where there are too few times for any place.
    /// - Parameters:
    ///   - fixed: how many of the times make a place.
    ///   - places: how many places are considered.
    init?(_ times: [Double], _ rhythm: MarkRhythm, fixed: Int, places: Int) {
      self.times = times
      self.rhythm = rhythm
      let gap = rhythm.periodSeconds / Double(rhythm.times.count)
      enough = tolerances.map { tolerance in
        // Times that are this unlikely at a mark: C(n - fixed, k - fixed) p^(k - fixed), over all places and tolerances.
        let share = min(1, 2 * tolerance / gap)
        var chance = Double(places * tolerances.count)
        for count in stride(from: fixed + 1, through: times.count, by: 1) {
          chance *= share * Double(times.count - count + 1) / Double(count - fixed)
          if chance < RhythmSearch.chance { return max(leastMarks, count) }
        }
        return .max
      }
      fewest = enough.min() ?? .max
      guard fewest <= times.count else { return nil }
    }

    mutating func consider(_ candidate: RhythmPlace) {
      var counts = [0, 0, 0]
      for (index, time) in times.enumerated() {
        let distance = abs(candidate.residual(time, in: rhythm))
        for level in counts.indices where distance <= tolerances[level] { counts[level] += 1 }
        if counts[0] + times.count - index - 1 < fewest { return }
      }
      for level in counts.indices where counts[level] >= enough[level] {
        // Of two that lie equally often at a mark the finer one.
        let found = counts[level] * tolerances.count + level
        if found > score { (place, score) = (candidate, found) }
      }
    }
  }

  /// The place by least squares over the times that lie at a mark; nil where they do not lie on one line.
  private static func refined(_ guess: RhythmPlace, _ times: [Double], _ rhythm: MarkRhythm) -> RhythmPlace? {
    var place = guess
    for _ in 0..<2 {
      let points = times.compactMap { time -> LineFit.Point? in
        guard abs(place.residual(time, in: rhythm)) <= tolerances[0] else { return nil }
        return LineFit.Point(x: rhythm.position(of: place.number(nearest: time, in: rhythm)), y: time)
      }
      guard let next = fitted(points, speed: place.speed) else { return nil }
      place = next
    }
    return place
  }

  /// The place through marks whose numbers are known; with few of them the speed stays what it was.
  static func fitted(_ points: [LineFit.Point], speed: Double) -> RhythmPlace? {
    guard !points.isEmpty else { return nil }
    if points.count >= speedMarks, let line = LineFit(points) {
      guard speeds.contains(line.slope), line.residual <= largestResidual else { return nil }
      return RhythmPlace(begin: line.value(at: 0), speed: line.slope)
    }
    let begin = points.reduce(0) { $0 + $1.y - speed * $1.x } / Double(points.count)
    return RhythmPlace(begin: begin, speed: speed)
  }
}
