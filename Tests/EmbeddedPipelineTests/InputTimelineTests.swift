import MediaSync
import TestSupport
import Testing

@testable import EmbeddedPipeline

@Suite struct InputTimelineTests {
  /// Places units and returns what came out, with the seams.
  private func place(_ units: [MediaUnit], on timeline: inout InputTimeline) -> (units: [MediaUnit], seams: [Double]) {
    var placed: [MediaUnit] = []
    var seams: [Double] = []
    for unit in units {
      let (some, seam) = timeline.place(unit)
      placed += some
      if let seam { seams.append(seam.seconds) }
    }
    return (placed, seams)
  }

  private func steps(_ units: [MediaUnit], _ track: MediaTrack) -> Set<Int64> {
    let times = units.filter { $0.track == track }.map(\.dts)
    return Set(zip(times, times.dropFirst()).map { $1 - $0 })
  }

  @Test func `times stay as they are`() {
    var timeline = InputTimeline()
    let units = UnitMaker.units(from: 1.4, seconds: 10, delay: 7200)
    let placed = place(units, on: &timeline)
    #expect(placed.units == units)
    #expect(placed.seams.isEmpty)
  }

  @Test func `a wrap is undone`() {
    var timeline = InputTimeline()
    let units = UnitMaker.units(seconds: 10, offset: (1 << 33) - 450_000, delay: 7200)
    let placed = place(units, on: &timeline)
    #expect(placed.seams.isEmpty)
    #expect(placed.units.count == units.count)
    #expect(steps(placed.units, .video) == [3600] && steps(placed.units, .audio) == [1920])
    #expect(placed.units.allSatisfy { $0.pts - $0.dts == ($0.track == .video ? 7200 : 0) })
    #expect(placed.units.last.map { $0.dts > 1 << 33 } == true)
  }

  @Test(arguments: [-1_000_000, -200_000, 400_000, 90_000_000, 1 << 31]) func `a jump is closed up`(jump: Int) {
    var timeline = InputTimeline()
    var seams: [Double] = []
    let first = place(UnitMaker.units(from: 1, seconds: 5, offset: 2_000_000), on: &timeline)
    let second = place(UnitMaker.units(from: 6, seconds: 5, offset: 2_000_000 + Int64(jump)), on: &timeline)
    seams = first.seams + second.seams
    #expect(seams.count == 1)
    #expect(seams.first.map { abs($0 - Double(jump) / 90_000) < 0.1 } == true, "\(seams)")
    let all = first.units + second.units
    #expect(steps(all, .video).max().map { $0 <= 3600 + 1920 } == true)
    #expect(steps(all, .audio).max().map { $0 <= 3600 + 1920 } == true)
    #expect(steps(all, .video).min().map { $0 > 0 } == true)
    #expect(all.count >= 2 * 125 + 2 * 234, "nothing is lost: \(all.count)")
  }

  @Test func `the tracks may jump at different moments`() {
    var timeline = InputTimeline()
    let before = UnitMaker.units(from: 100, seconds: 4)
    let after = UnitMaker.units(from: 1, seconds: 4)
    // The new video comes 0.4 s before the last of the old audio.
    let oldAudio = before.filter { $0.track == .audio && $0.dts >= 103_600 * 90 }
    let mixed = before.filter { !oldAudio.contains($0) } + after.prefix(10).filter { $0.track == .video } + oldAudio
    let rest = after.filter { unit in !after.prefix(10).filter { $0.track == .video }.contains(unit) }
    let placed = place(mixed + rest, on: &timeline)
    #expect(placed.seams.count == 1)
    #expect(steps(placed.units, .video).max().map { $0 < 9000 } == true, "\(steps(placed.units, .video))")
    #expect(steps(placed.units, .audio).max().map { $0 < 9000 } == true, "\(steps(placed.units, .audio))")
    #expect(placed.units.count == before.count + after.count)
  }

  @Test func `a hole stays a hole in both tracks and in one`() {
    var timeline = InputTimeline()
    let both = UnitMaker.units(seconds: 3) + UnitMaker.units(from: 5, seconds: 3)
    #expect(place(both, on: &timeline).seams.isEmpty)
    var second = InputTimeline()
    let one = UnitMaker.units(seconds: 12).filter { $0.track == .video || $0.dts < 270_000 || $0.dts > 900_000 }
    let placed = place(one, on: &second)
    #expect(placed.seams.isEmpty)
    #expect(placed.units.count == one.count)
  }

  @Test func `a repetition is left out`() {
    var timeline = InputTimeline()
    let units = UnitMaker.units(seconds: 3)
    let again = units.suffix(20)
    let placed = place(units + again + UnitMaker.units(from: 3, seconds: 1), on: &timeline)
    #expect(placed.seams.isEmpty)
    #expect(steps(placed.units, .video) == [3600])
  }

  /// Whatever comes: times rise in each track, nothing is held without end.
  @Test(arguments: 0..<100) func `times always rise`(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var timeline = InputTimeline()
    var last: [MediaTrack: Int64] = [:]
    var fed = 0
    var got = 0
    for _ in 0..<40 {
      let offset = Int64(random.next(below: 1 << 33))
      let units = UnitMaker.units(seconds: Double(1 + random.next(below: 30)) / 10, offset: offset, hasAudio: random.next(below: 4) > 0)
      for unit in units {
        fed += 1
        for placed in timeline.place(unit).units {
          got += 1
          if let before = last[placed.track] { #expect(placed.dts > before) }
          last[placed.track] = placed.dts
        }
      }
    }
    got += timeline.flush().units.count
    #expect(got > fed / 2)
  }
}
