import MediaSync
import Testing

@Suite struct MarkRhythmTests {
  private let rhythm = MarkRhythm.standard
  private let frameRate = 30.0
  private var frames: [Int] { rhythm.times.map { Int(($0 * frameRate).rounded()) } }
  private var period: Int { Int((rhythm.periodSeconds * frameRate).rounded()) }

  @Test func `every mark lies on a frame`() {
    for (time, frame) in zip(rhythm.times, frames) { #expect(abs(time * frameRate - Double(frame)) < 1e-9) }
    #expect(rhythm.flashSeconds == 1 / frameRate)
  }

  @Test func `gaps are irregular and in range`() throws {
    let gaps = zip(frames, frames.dropFirst()).map { $1 - $0 }
    #expect(gaps.allSatisfy { (24...48).contains($0) })
    #expect(Set(gaps).count >= 15)
    #expect(rhythm.beepSeconds < 0.8)
    let first = try #require(frames.first)
    let last = try #require(frames.last)
    #expect(first >= 30)
    #expect(period - last >= 30)
    // The gap over the loop point is told from every other one.
    #expect(first + period - last > (gaps.max() ?? 0) + 2)
  }

  /// Any 8 s, also over the loop point: at the right offset every mark meets its own, at any other within the range at most two do,
  /// when a frame to either side still counts as met.
  @Test func `any eight seconds fit in one place only`() throws {
    let marks = Set(frames)
    func isMark(_ frame: Int) -> Bool { marks.contains(((frame % period) + period) % period) }
    /// The fewest and the most, over every window of 8 s, of the marks that are picked.
    func counts(_ picked: (Int) -> Bool) -> (fewest: Int, most: Int) {
      let chosen = frames.filter(picked)
      let twice = (chosen + chosen.map { $0 + period })
      let windows = (0..<period).map { start in twice.count { $0 >= start && $0 < start + 240 } }
      return (windows.min() ?? 0, windows.max() ?? 0)
    }
    let range = Int(rhythm.rangeSeconds * frameRate)
    let fewest = counts { _ in true }.fewest
    let mostWrong = (-range...range).filter { abs($0) > 2 }.map { offset in
      counts { mark in (-1...1).contains { isMark(mark + offset + $0) } }.most
    }.max()
    #expect(fewest >= 5)
    #expect(try #require(mostWrong) <= 2)
  }
}
