import Events
import MediaSync
import TestSupport
import Testing

@testable import EmbeddedPipeline

@Suite struct PaceAnchorTests {
  private func unit(_ seconds: Double) -> MediaUnit {
    let ticks = MediaTicks.ticks(seconds: seconds)
    return MediaUnit(track: .video, dts: ticks, pts: ticks, payload: [])
  }

  @Test func `jitter does not move anything`() {
    var anchor = PaceAnchor(delaySeconds: 15)
    var random = SplitMix(seed: 1)
    for number in 0..<3000 {
      let at = Double(number) * 0.04
      let late = number == 0 ? 0 : Double(random.next(below: 200)) / 1000
      let due = anchor.due(unit(at), arrival: RunInstant(seconds: at + late))
      #expect(abs(due.seconds - at - 15) < 0.001)
    }
  }

  @Test func `a burst at the beginning is taken for what it is`() {
    var anchor = PaceAnchor(delaySeconds: 15)
    // Two seconds come at once, then the stream goes on in real time.
    for number in 0..<200 {
      let at = Double(number) * 0.04
      let due = anchor.due(unit(at), arrival: RunInstant(seconds: max(0, at - 2)))
      if number > 60 { #expect(abs(due.seconds - (at - 2) - 15) < 0.05) }
    }
  }

  @Test(arguments: [0.97, 0.999, 1.001, 1.004]) func `an input at another speed keeps its delay`(speed: Double) {
    var anchor = PaceAnchor(delaySeconds: 15)
    var last = 0.0
    for number in 0..<45_000 {
      let at = Double(number) * 0.04
      last = anchor.due(unit(at), arrival: RunInstant(seconds: at / speed)).seconds - at / speed
    }
    #expect(abs(last - 15) < 0.6, "\(last)")
  }

  @Test func `an input that fell behind for good is tied anew`() {
    var anchor = PaceAnchor(delaySeconds: 15)
    for number in 0..<1000 { _ = anchor.due(unit(Double(number) * 0.04), arrival: RunInstant(seconds: Double(number) * 0.04)) }
    var last = 0.0
    for number in 1000..<1500 {
      let at = Double(number) * 0.04
      last = anchor.due(unit(at), arrival: RunInstant(seconds: at + 7)).seconds - at - 7
    }
    #expect(abs(last - 15) < 0.1)
  }
}
