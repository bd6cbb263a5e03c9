/// Tells of each segment what is really heard: its marks are found again in the sound by their numbers.
///
/// A mark's number comes again every 60 s; which one it is, is unambiguous within ``reach`` of it. What cannot be read is never taken for
/// something: without enough marks a segment's voice and place are unknown.
struct HeardTracker: Sendable {
  /// How far a mark's sound may lie from its picture and be known for the same, in seconds: half of the fixture's loop.
  static let reach = 30.0
  /// How far apart they may lie and be in their place, in seconds: half a segment.
  static let ownPlace = 3.0
  /// When after a flash its number may be read, in seconds: the flash must be over, and the next mark not be there.
  static let showing = 0.05...0.75
  /// How many readings must agree on a picture's number.
  static let leastReadings = 2
  /// How many marks a segment has at least to be told of.
  static let leastMarks = 2
  /// How many marks with a number a stream has at least until it is one that has them.
  static let leastNumbers = 3
  /// How long a segment of which something is missing is waited for, in segments: its sound may come in another's place.
  static let patience = 2.0

  private struct Flash: Sendable {
    var time: Double
    var readings: [Int] = []

    /// The number that all readings agree on.
    var number: Int? {
      guard let first = readings.first, readings.count >= HeardTracker.leastReadings, readings.allSatisfy({ $0 == first }) else {
        return nil
      }
      return first
    }
  }

  /// What a mark's number is known to belong to.
  private struct Shown: Sendable {
    var time: Double
    var number: Int
    var segment: Int
  }

  private var flashes: [Flash] = []
  private var shown: [Shown] = []
  private var beeps: [BeepDetector.Beep] = []
  /// When pieces were loud: times of a half second each.
  private var loud: [Int] = []
  private var next: Int?
  /// How many marks' numbers were read.
  private var numbers = 0
  private var held: [HeardSegment] = []

  /// How much of each is kept where nothing is told of, as of sound without a picture: minutes of marks, hours of loud halves.
  private static let kept = 4096

  mutating func add(flash time: Double) {
    Self.cut(&flashes)
    flashes.append(Flash(time: time))
  }

  private static func cut<Thing>(_ things: inout [Thing]) { if things.count >= kept { things.removeFirst(kept / 2) } }

  /// What a picture shows: a number, or nothing that can be read.
  mutating func add(number: Int?, at time: Double) {
    guard let index = flashes.lastIndex(where: { Self.showing.contains(time - $0.time) }), let number else { return }
    flashes[index].readings.append(number)
    if flashes[index].readings.count == Self.leastReadings { numbers += 1 }
  }

  mutating func add(beep: BeepDetector.Beep) {
    Self.cut(&beeps)
    beeps.append(beep)
    if beep.sound != nil { numbers += 1 }
  }

  /// A piece of sound that is no silence.
  mutating func noteLoud(at time: Double) {
    let half = Self.half(time)
    guard loud.last != half else { return }
    Self.cut(&loud)
    loud.append(half)
  }

  private static func half(_ time: Double) -> Int { Int((min(max(time, -1e9), 1e9) * 2).rounded(.down)) }

  /// Tells of the segments that can be told of by now, in their order.
  /// - Parameters:
  ///   - video: up to where flashes and their numbers are known, in seconds; `audio` the same of beeps.
  ///   - isEnd: nothing more will come of this piece of the stream.
  mutating func settle(_ segments: SegmentMap, video: Double?, audio: Double?, isEnd: Bool) -> [HeardSegment] {
    guard let video, let audio, let first = segments.firstIndex else { return [] }
    var index = max(next ?? first, first)
    while true {
      guard let span = segments.span(of: index) else {
        // A piece that ends on a boundary has no segment of its last number.
        guard let later = segments.firstIndex(after: index) else { break }
        index = later
        continue
      }
      guard span.end <= video - 1 || isEnd else { break }
      // Behind the last place that anything came of there is nothing to tell.
      guard span.begin < max(video, audio) else { break }
      guard span.isWhole else {
        index += 1
        continue
      }
      guard let segment = segment(index, span, segments, video: video, audio: audio, isEnd: isEnd) else { break }
      if let segment { held.append(segment) }
      index += 1
      forget(before: span.end - 2 * Self.reach)
    }
    next = index
    guard numbers >= Self.leastNumbers else {
      held = Array(held.suffix(64))
      return []
    }
    defer { held = [] }
    return held
  }

  /// What is heard of a segment: an inner nil where it is not told of, an outer one where it is too early.
  private mutating func segment(
    _ index: Int, _ span: SegmentMap.Span, _ segments: SegmentMap, video: Double, audio: Double, isEnd: Bool
  ) -> HeardSegment?? {
    let seen = flashes.filter { $0.time >= span.begin && $0.time < span.end }
    let own = seen.compactMap { flash in flash.number.map { Shown(time: flash.time, number: $0, segment: index) } }
    let slot = beeps.filter { $0.time >= span.begin && $0.time < span.end }
    // Cut off before its end: a whole segment was not seen.
    if isEnd, video < span.end - 1 { return .some(nil) }
    let matches = own.map { mark in (mark, beep: near(mark.number, mark.time, Self.ownPlace)) }
    // Of most of its marks it is known: that is what it will be.
    let isComplete = matches.count { $0.beep != nil } >= max(Self.leastMarks, (max(seen.count, slot.count) + 1) / 2)
    let wait = isComplete ? BeepDetector.length.upperBound + Self.ownPlace / 6 : Self.patience * segments.seconds
    guard audio >= span.end + wait || isEnd else { return nil }
    note(segments)
    if isEnd, audio < span.end - 1, video < span.end + 2 { return .some(nil) }
    return .some(judge(index, own, seen.count, matches.compactMap(\.beep), slot, span))
  }

  private func judge(
    _ index: Int, _ own: [Shown], _ seen: Int, _ heard: [(beep: BeepDetector.Beep, mark: Double)], _ slot: [BeepDetector.Beep],
    _ span: SegmentMap.Span
  ) -> HeardSegment {
    let isSilent = !(Self.half(span.begin + 0.5)...max(Self.half(span.begin + 0.5), Self.half(span.end - 0.5))).contains {
      loud.contains($0)
    }
    var segment = HeardSegment(segmentIndex: index, voice: .unknown, place: .unknown, marks: max(seen, slot.count))
    segment.arrivals = own.isEmpty ? nil : own.map { MarkArrival(number: $0.number, seconds: $0.time) }
    let least = max(Self.leastMarks, (segment.marks + 1) / 2)
    var sounds = heard.compactMap(\.beep.sound)
    if own.count >= least {
      let foreign = slot.filter { beep in beep.sound.map { near(beep, $0, own) } ?? false }
      if heard.count >= least {
        segment.place = .own
        let offsets = heard.map { ($0.beep.time - $0.mark) * 1000 }.sorted()
        segment.offsetMilliseconds = offsets[offsets.count / 2]
      } else if foreign.count >= least {
        sounds = foreign.compactMap(\.sound)
        segment.instead = source(of: foreign)
        let before = foreign.filter { beep in beep.sound.map { wasHeard($0.number, before: beep.time) } ?? false }
        segment.place = before.count * 2 >= foreign.count ? .repeated : .swapped
      } else if isSilent {
        segment.place = .missing
      }
      // Anywhere: what comes in another's place is not lost.
      segment.isLost =
        segment.place != .own && segment.place != .unknown && own.allSatisfy { near($0.number, $0.time, Self.reach) == nil }
    } else {
      sounds = slot.compactMap(\.sound)
    }
    segment.dubbed = sounds.count { $0.voice == .dub }
    segment.original = sounds.count { $0.voice == .original }
    segment.voice = Self.voice(segment, least: least, isSilent: isSilent)
    return segment
  }

  private static func voice(_ segment: HeardSegment, least: Int, isSilent: Bool) -> HeardSegment.Voice {
    if segment.dubbed > 0, segment.original > 0 { return .mixed }
    if segment.dubbed >= least { return .dubbed }
    if segment.original >= least { return .original }
    return isSilent ? .silent : .unknown
  }

  /// The beep of a number nearest to a time, and that time.
  private func near(_ number: Int, _ time: Double, _ reach: Double) -> (beep: BeepDetector.Beep, mark: Double)? {
    beeps.filter { $0.sound?.number == number && abs($0.time - time) <= reach }.min { abs($0.time - time) < abs($1.time - time) }
      .map { ($0, time) }
  }

  /// Whether a beep is of none of a segment's marks, nor of one shown near to it.
  private func near(_ beep: BeepDetector.Beep, _ sound: MarkSound, _ own: [Shown]) -> Bool {
    !own.contains { $0.number == sound.number }
      && !shown.contains { $0.number == sound.number && abs($0.time - beep.time) <= Self.ownPlace }
  }

  private func wasHeard(_ number: Int, before time: Double) -> Bool {
    beeps.contains { $0.sound?.number == number && $0.time < time - Self.ownPlace && $0.time >= time - Self.reach }
  }

  /// The segment that most of some beeps' numbers were shown in.
  private func source(of beeps: [BeepDetector.Beep]) -> Int? {
    let segments = beeps.compactMap { beep in
      shown.filter { $0.number == beep.sound?.number && abs($0.time - beep.time) <= Self.reach }
        .min { abs($0.time - beep.time) < abs($1.time - beep.time) }?.segment
    }
    return Dictionary(grouping: segments) { $0 }.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
  }

  /// Which segment each mark was shown in, as far as is known: also of those behind the one that is told of.
  private mutating func note(_ segments: SegmentMap) {
    for flash in flashes where !shown.contains(where: { $0.time == flash.time }) {
      guard let number = flash.number else { continue }
      shown.append(Shown(time: flash.time, number: number, segment: segments.index(of: flash.time).index))
    }
  }

  private mutating func forget(before time: Double) {
    flashes.removeAll { $0.time < time }
    shown.removeAll { $0.time < time }
    beeps.removeAll { $0.time < time }
    let half = Self.half(time)
    loud.removeAll { $0 < half }
  }
}
