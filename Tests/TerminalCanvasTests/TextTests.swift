import Testing
import WireFormats

@testable import TerminalCanvas

@Suite struct TextTests {
  /// A generator with a fixed start, so that a failure can be repeated.
  private struct Noise {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    mutating func text() -> String {
      let pools: [ClosedRange<UInt32>] = [
        0...0x7F, 0x80...0x2FF, 0x300...0x36F, 0x900...0xDFF, 0x1100...0x11FF, 0x2000...0x206F, 0x2500...0x28FF, 0x3000...0x30FF,
        0xFE00...0xFE0F,
        0x1F1E0...0x1F64F, 0xE0000...0xE01EF, 0...0x10FFFF,
      ]
      var view = String.UnicodeScalarView()
      for _ in 0..<next(24) {
        let pool = pools[next(pools.count)]
        if let scalar = Unicode.Scalar(pool.lowerBound + UInt32(next(pool.count))) { view.append(scalar) }
      }
      return String(view)
    }
  }

  /// Whatever the text: nothing traps, nothing outside of the field changes, columns are what was promised, no half of a wide character.
  @Test func `hostile text stays in its field`() {
    var noise = Noise(state: 20_261_122)
    var failures: [String] = []
    for _ in 0..<20_000 {
      let text = noise.text()
      let (x, width) = (noise.next(24) - 6, noise.next(16))
      var canvas = Canvas(size: Size(width: 20, height: 3))
      canvas.fill(canvas.bounds, with: Cell("日"))
      let used = canvas.put(text, x: x, y: 1, maxWidth: width)
      if used > width || used > max(0, displayWidth(text)) { failures.append("width \(text.unicodeScalars.map(\.value))") }
      if used < width, used != displayWidth(text), x + used < 19, x + width <= 20 {
        if !(used == width - 1) { failures.append("short \(text.unicodeScalars.map(\.value)) \(used) \(width)") }
      }
      if let bad = Self.defect(canvas) { failures.append("\(bad) \(text.unicodeScalars.map(\.value))") }
      canvas.putTruncated(text, x: x, y: 2, width: width, alignment: .right)
      if let bad = Self.defect(canvas) { failures.append("\(bad) truncated \(text.unicodeScalars.map(\.value))") }
      if displayWidth(truncate(text, width: width)) > width { failures.append("truncate") }
      if displayWidth(pad(text, width: width)) != width { failures.append("pad \(text.unicodeScalars.map(\.value))") }
    }
    #expect(failures.prefix(5) == [])
  }

  private static func defect(_ canvas: Canvas) -> String? {
    for y in 0..<canvas.size.height {
      for x in 0..<canvas.size.width {
        let cell = canvas[x, y]
        if cell.width == 2, x + 1 >= canvas.size.width || !canvas[x + 1, y].isContinuation { return "lead without its half" }
        if cell.isContinuation, x == 0 || canvas[x - 1, y].width != 2 { return "half without its lead" }
        if cell.scalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) { return "control character" }
      }
    }
    for x in 0..<20 where canvas[x, 0] != (x % 2 == 0 ? Cell("日") : canvas[x, 0]) { return "other row" }
    return nil
  }
}
