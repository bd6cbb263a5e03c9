import MediaSync
import TestSupport
import Testing

@Suite struct LineFitTests {
  private func points(_ count: Int, _ value: (Double) -> Double) -> [LineFit.Point] {
    (0..<count).map { LineFit.Point(x: Double($0), y: value(Double($0))) }
  }

  @Test func `a line is what it was made of`() throws {
    let line = try #require(LineFit(points(20) { 3 * $0 - 7 }))
    #expect(abs(line.slope - 3) < 1e-12 && abs(line.value(at: 100) - 293) < 1e-9 && line.residual < 1e-9 && line.slopeError < 1e-9)
  }

  @Test func `the error of a slope is that of the book`() throws {
    // Off by 1 to either side in turns: s = sqrt(n / (n - 2)), spread = n (n² - 1) / 12.
    let line = try #require(LineFit(points(10) { Int($0).isMultiple(of: 2) ? 1 : -1 }))
    #expect(abs(line.residual - 1) < 0.05)
    #expect(abs(line.slopeError - (1.25 / 82.5).squareRoot()) < 0.01, "\(line.slopeError)")
  }

  @Test func `nothing is drawn through one place`() {
    #expect(LineFit([LineFit.Point(x: 1, y: 1)]) == nil)
    #expect(LineFit([LineFit.Point(x: 1, y: 1), LineFit.Point(x: 1, y: 3)]) == nil)
  }

  @Test(arguments: [4, 10, 20, 36]) func `a jump is found where it is`(place: Int) {
    #expect(LineFit.lastPiece(of: points(40) { $0 < Double(place) ? 0 : 150 }, floor: 3) == place)
  }

  @Test func `a change of course is found, and the last of several`() {
    let bent = LineFit.lastPiece(of: points(60) { $0 < 30 ? 0 : 6 * ($0 - 30) }, floor: 3)
    #expect((28...33).contains(bent), "\(bent)")
    #expect(LineFit.lastPiece(of: points(60) { $0 < 20 ? 0 : $0 < 40 ? 150 : -20 }, floor: 3) == 40)
  }

  @Test func `noise and an even drift are no jump`() {
    var random = SplitMix(seed: 5)
    let noisy = points(100) { 0.4 * $0 + Double(random.next() % 4000) / 100 - 20 }
    #expect(LineFit.lastPiece(of: noisy, floor: 3) == 0)
    #expect(LineFit.lastPiece(of: points(100) { 5 * $0 }, floor: 3) == 0)
  }

  @Test func `the pieces of a series are all of it, in order`() {
    #expect(LineFit.pieces(of: points(60) { $0 < 20 ? 0 : $0 < 40 ? 150 : -20 }, floor: 3) == [0..<20, 20..<40, 40..<60])
    #expect(LineFit.pieces(of: points(60) { $0 < 30 ? 6 * $0 : 0 }, floor: 3) == [0..<30, 30..<60])
    #expect(LineFit.pieces(of: points(40) { 5 * $0 }, floor: 3) == [0..<40])
    #expect(LineFit.pieces(of: [], floor: 3) == [0..<0])
  }

  @Test func `a point far off makes a fit bad, and is left out`() throws {
    var all = points(30) { 2 * $0 }
    all[12].y += 90
    let line = try #require(LineFit(all))
    #expect(!line.isGood(for: all, floor: 5))
    let kept = LineFit.fitting(all, floor: 5)
    #expect(kept.count == 29)
    let better = try #require(LineFit(kept))
    #expect(better.isGood(for: kept, floor: 5) && abs(better.slope - 2) < 1e-9)
  }
}
