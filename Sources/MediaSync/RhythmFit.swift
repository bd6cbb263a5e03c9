/// Fits times found in a stream to a rhythm.
enum RhythmFit {
  /// How far a mark may lie from its place in the rhythm, in seconds: one frame at 30/s.
  static let tolerance = 0.034

  /// When the rhythm began that the times follow, modulo its period; nil when they follow none, or fewer than five of them do.
  static func phase(of times: [Double], in rhythm: MarkRhythm) -> Double? {
    guard times.count >= 5, rhythm.periodSeconds > 0 else { return nil }
    let enough = max(5, Int((0.7 * Double(times.count)).rounded(.up)))
    var best: (phase: Double, count: Int)?
    // One false mark among the anchors must not hide the rhythm.
    for anchor in times.suffix(3) {
      for place in rhythm.times {
        let phase = modulo(anchor - place, rhythm.periodSeconds)
        let count = times.count { distance($0 - phase, rhythm) <= tolerance }
        if count >= enough, count > best?.count ?? 0 { best = (phase, count) }
      }
    }
    return best?.phase
  }

  /// A difference of two phases, from minus half a period to half a period.
  static func difference(_ later: Double, _ earlier: Double, period: Double) -> Double {
    let rest = modulo(later - earlier, period)
    return rest > period / 2 ? rest - period : rest
  }

  /// The rest in 0..<period.
  static func modulo(_ value: Double, _ period: Double) -> Double {
    let rest = value.truncatingRemainder(dividingBy: period)
    return rest < 0 ? rest + period : rest
  }

  /// How far a time from the rhythm's begin is from the nearest mark.
  private static func distance(_ time: Double, _ rhythm: MarkRhythm) -> Double {
    let place = modulo(time, rhythm.periodSeconds)
    var low = 0
    var high = rhythm.times.count
    while low < high {
      let middle = (low + high) / 2
      if rhythm.times[middle] < place { low = middle + 1 } else { high = middle }
    }
    // A mark of the period before or after may be the nearest.
    let after = low < rhythm.times.count ? rhythm.times[low] : (rhythm.times.first ?? .infinity) + rhythm.periodSeconds
    let before = low > 0 ? rhythm.times[low - 1] : (rhythm.times.last ?? -.infinity) - rhythm.periodSeconds
    return min(after - place, place - before)
  }
}

/// Finds the one offset that joins flashes and beeps.
enum OffsetFinder {
  /// How far offsets of one stream lie apart within some seconds: frames of another rate, drift.
  static let width = 0.05

  /// The offset that joins most of the flashes to a beep; nil unless at least four and 60 % of them agree and no other offset comes near.
  static func offset(flashes: [Double], beeps: [Double], range: Double) -> Double? {
    var pairs: [(offset: Double, flash: Int)] = []
    for (index, flash) in flashes.enumerated() {
      for beep in beeps where abs(beep - flash) <= range + width { pairs.append((beep - flash, index)) }
    }
    pairs.sort { $0.offset < $1.offset }
    var runs: [(offset: Double, count: Int)] = []
    var end = 0
    for begin in pairs.indices {
      end = max(end, begin)
      while end < pairs.count, pairs[end].offset - pairs[begin].offset <= width { end += 1 }
      let members = pairs[begin..<end]
      runs.append((members[begin + members.count / 2].offset, Set(members.map(\.flash)).count))
    }
    guard let best = runs.max(by: { $0.count < $1.count }) else { return nil }
    let enough = max(4, Int((0.6 * Double(flashes.count)).rounded(.up)))
    let second = runs.filter { abs($0.offset - best.offset) > 2 * width }.map(\.count).max() ?? 0
    return best.count >= enough && second <= best.count - 2 && abs(best.offset) <= range + width / 2 ? best.offset : nil
  }
}
