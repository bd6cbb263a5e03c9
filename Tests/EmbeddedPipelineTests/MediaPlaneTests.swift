import Events
import MediaSync
import TestSupport
import Testing

@testable import EmbeddedPipeline
@testable import TransportStream

@Suite struct MediaPlaneTests {
  @Test func `a minute is ten segments and leaves fifteen seconds later`() {
    var harness = PlaneHarness()
    let units = UnitMaker.units(from: 1.4, seconds: 60)
    harness.run(units)
    harness.advance(to: 62)
    harness.end()
    harness.advance(to: 90)
    #expect(harness.segments.map(\.index) == Array(0..<10))
    #expect(harness.segments.allSatisfy { $0.videoFrames == 150 })
    #expect(harness.segments.allSatisfy { (281...282).contains($0.audioFrames) })
    #expect(harness.segments.allSatisfy { abs($0.startDeltaMilliseconds) < 21.4 })
    #expect(harness.segments.dropLast().allSatisfy { (8.5...9.1).contains($0.dueAt.seconds(since: $0.cutAt)) })
    #expect(Set(harness.steps(.video)) == [3600])
    #expect(Set(harness.steps(.audio)) == [1920])
    #expect(harness.out.filter { $0.unit.track == .video }.count >= 1499)
    for (at, unit) in harness.out {
      // A reader gives a unit when the next one has begun, and the plane looks every 100 ms.
      let delay = at - (Double(unit.decodingTime) / 90_000 - 1.4)
      #expect((14.99...15.3).contains(delay), "\(unit.track) \(delay)")
    }
    let (isDrained, bytes) = (harness.plane.queue.isEmpty, harness.plane.queue.byteCount)
    #expect(isDrained && bytes == 0)
  }

  @Test func `a tail joins the last segment`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 12.6))
    harness.advance(to: 15)
    harness.end()
    harness.advance(to: 40)
    #expect(harness.segments.count == 2)
    #expect(harness.events.contains { if case .tail(let bytes) = $0.event { bytes > 0 } else { false } })
    let last = harness.times(.audio).last.map { Double($0) / 90_000 }
    #expect(last.map { $0 > 12.5 } == true, "its audio is put out all the same")
    #expect(Set(harness.steps(.audio)) == [1920])
    let isDrained = harness.plane.queue.isEmpty
    #expect(isDrained)
  }

  @Test func `a longer rest is a segment of its own`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 14))
    harness.end()
    #expect(harness.segments.map(\.videoFrames) == [150, 150, 50])
  }

  @Test func `what is not decided leaves as it came`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 30)) { _ in nil }
    let overdue = harness.events.compactMap { if case .overdue(let index) = $0.event { index } else { nil } }
    #expect(overdue == [0, 1, 2].prefix(overdue.count).map { $0 } && overdue.count >= 2)
    #expect(Set(harness.steps(.audio)) == [1920])
    harness.plane.decide(0, dubbed: [[1, 2, 3]])
    let left = harness.plane.audio(of: 0)
    #expect(left == nil, "what has left is not kept")
  }

  @Test(arguments: [281, 280, 290, 1]) func `dubbed audio takes the place`(frames: Int) {
    var harness = PlaneHarness()
    let dubbed = (0..<frames).map { AACSilence.frame(byteCount: 50 + $0 % 3) }
    harness.run(UnitMaker.units(seconds: 36)) { $0.index == 1 ? .some(dubbed) : .some(nil) }
    let audio = harness.out.filter { $0.unit.track == .audio && (540_000..<1_080_000).contains($0.unit.pts) }
    #expect((min(frames, 281)...min(frames, 282)).contains(audio.filter { $0.unit.payload.count >= 50 }.count))
    let steps = harness.steps(.audio)
    #expect(steps.allSatisfy { $0 > 0 })
    #expect(steps.filter { $0 > 1920 }.count <= 1, "one hole at most, at the end of what was too short")
    let video = Set(harness.steps(.video))
    #expect(video == [3600])
  }

  @Test(arguments: [200.0, -150, 80, 5000, -5000, 900_000]) func `a skew moves the audio alone`(milliseconds: Double) {
    var harness = PlaneHarness()
    harness.plane.shift.setSkew(milliseconds)
    let allowed = max(-5000, min(5000, milliseconds))
    harness.run(UnitMaker.units(from: 20, seconds: 40))
    let first = harness.times(.audio).first ?? 0
    #expect(Double(first) / 90_000 >= 20 + allowed / 1000 - 0.001)
    #expect(Double(first) / 90_000 < 20 + allowed / 1000 + 0.03, "\(Double(first) / 90_000)")
    #expect(Set(harness.steps(.audio)) == [1920])
    #expect(harness.times(.video).first == 1_800_000)
    for (at, unit) in harness.out where unit.track == .audio {
      #expect(at - (Double(unit.pts) / 90_000 - 20) > 14.9, "never before its time")
    }
  }

  @Test func `a skew that changes never goes back`() {
    var harness = PlaneHarness()
    let units = UnitMaker.units(seconds: 60)
    for (start, skew) in [(0.0, 0.0), (25, 200), (35, -150), (45, 0)] {
      let part = units.filter {
        $0.dts >= MediaTicks.ticks(seconds: start) && $0.dts < MediaTicks.ticks(seconds: start + (start == 0 ? 25 : start == 45 ? 15 : 10))
      }
      harness.plane.shift.setSkew(skew)
      harness.run(part)
    }
    let steps = harness.steps(.audio)
    #expect(steps.allSatisfy { $0 > 0 })
    #expect(steps.filter { $0 > 10_000 }.count == 2, "a jump to a later time leaves a hole: \(steps.filter { $0 > 1920 })")
  }

  @Test func `a drift adds up and stops at the limit`() {
    var shift = AudioShift()
    shift.setDrift(4)
    for second in 0...45 { _ = shift.ticks(at: Int64(second) * 90_000) }
    #expect(abs(shift.milliseconds - 180) < 0.001)
    #expect(shift.ticks(at: 45 * 90_000) == 16_200)
    shift.setDrift(0)
    _ = shift.ticks(at: 50 * 90_000)
    #expect(abs(shift.milliseconds - 180) < 0.001, "what has drifted stays")
    shift.setSkew(0)
    #expect(shift.milliseconds == 0)
    shift.setDrift(1e9)
    for second in 50...200 { _ = shift.ticks(at: Int64(second) * 90_000) }
    #expect(shift.milliseconds == 5000)
  }

  @Test func `a wrap of the input is a wrap of the output`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 40, offset: (1 << 33) - 900_000))
    #expect(harness.seams.isEmpty)
    #expect(Set(harness.steps(.video)) == [3600] && Set(harness.steps(.audio)) == [1920])
    #expect(harness.times(.video).contains { $0 > 1 << 32 } && harness.times(.video).contains { $0 < 1 << 20 })
    #expect(harness.segments.prefix(5).allSatisfy { $0.videoFrames == 150 })
  }

  @Test func `a seam is said and the output goes on`() {
    var harness = PlaneHarness()
    for _ in 0..<4 { harness.run(UnitMaker.units(from: 1.4, seconds: 10)) }
    harness.advance(to: 70)
    #expect(harness.seams.count == 3)
    #expect(harness.steps(.video).allSatisfy { $0 > 0 && $0 <= 3600 + 1920 })
    #expect(harness.steps(.audio).allSatisfy { $0 > 0 && $0 <= 3600 + 1920 })
    #expect(harness.out.filter { $0.unit.track == .video }.count >= 990 - 100)
    for (at, unit) in harness.out.suffix(100) { #expect(at - Double(unit.decodingTime) / 90_000 < 15.5) }
  }

  @Test func `after a loss it goes on with the next segment`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(from: 50, seconds: 14))
    harness.advance(to: 17)
    harness.end()
    harness.advance(to: 35)
    let isDrained = harness.plane.queue.isEmpty
    #expect(isDrained)
    let before = harness.out.count
    harness.plane.inputOpened()
    harness.run(UnitMaker.units(from: 1.4, seconds: 20))
    harness.advance(to: 75)
    harness.end()
    harness.advance(to: 100)
    #expect(harness.segments.map(\.index) == Array(0..<7))
    #expect(harness.seams.count == 1)
    #expect(harness.out.count > before + 400)
    #expect(harness.steps(.video).allSatisfy { $0 > 0 && $0 < 9000 })
    let isEmpty = harness.plane.queue.isEmpty
    #expect(isEmpty)
  }

  @Test func `the output begins with a key frame for each connection`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 20.5))
    harness.plane.outputOpened()
    let count = harness.out.count
    harness.run(UnitMaker.units(from: 20.5, seconds: 5, keyEvery: 50))
    #expect(harness.out.dropFirst(count).first { $0.unit.track == .video }?.unit.isRandomAccess == true)
  }

  @Test func `an input that is too fast has to wait`() {
    var harness = PlaneHarness()
    var muxer = TransportMuxer()
    let bytes = UnitMaker.stream(UnitMaker.units(seconds: 30), muxer: &muxer)
    _ = harness.plane.receive(bytes, at: .zero)
    let (isFull, isFullLater) = (harness.plane.isFull(at: .zero), harness.plane.isFull(at: RunInstant(seconds: 25)))
    #expect(isFull && !isFullLater)
  }

  @Test func `a stream without audio goes through`() {
    var harness = PlaneHarness()
    harness.run(UnitMaker.units(seconds: 40, hasAudio: false))
    #expect(harness.segments.count >= 4)
    #expect(harness.segments.allSatisfy { !$0.isDubbable })
    #expect(harness.out.count > 300)
  }

  @Test func `any sequence of bytes is survived`() {
    var random = SplitMix(seed: 7)
    var plane = MediaPlane(rules: WorkerRules(), toleranceSeconds: 0.25)
    var muxer = TransportMuxer()
    let good = UnitMaker.stream(UnitMaker.units(seconds: 20), muxer: &muxer)
    for round in 0..<60 {
      var piece = Array(good[(round * 1000)..<(round * 1000 + 4000)])
      for _ in 0..<random.next(below: 40) { piece[random.next(below: piece.count)] = UInt8(random.next(below: 256)) }
      _ = plane.receive(piece, at: RunInstant(seconds: Double(round)))
      _ = plane.advance(to: RunInstant(seconds: Double(round)))
    }
    _ = plane.inputEnded(at: RunInstant(seconds: 60))
    _ = plane.advance(to: RunInstant(seconds: 1000))
    let isDrained = plane.queue.isEmpty
    #expect(isDrained)
  }
}
