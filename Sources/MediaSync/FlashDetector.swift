/// Finds flashes of a frame or two in the mean brightness of each frame.
struct FlashDetector: Sendable {
  /// The longest flash, in seconds: one frame at 30/s, and what a slower or smeared copy makes of it.
  static let longest = 0.12
  /// How much brighter than before a flash is at least; of 0...255.
  static let smallestRise = 25.0
  private static let memory = 15

  private var before: [Double] = []
  private var rising: (time: Double, peak: Double, base: Double)?
  private var last: Double?

  /// Takes the next frame; the time of a flash that has just ended, which is when its first frame was shown.
  mutating func add(_ brightness: Double, at time: Double) -> Double? {
    guard brightness.isFinite else { return nil }
    // After a hole nothing is known of what was before.
    if let last, time - last > 1 || time < last { reset() }
    defer { last = time }
    if let flash = rising {
      if brightness < flash.base + (flash.peak - flash.base) / 2 {
        rising = nil
        remember(brightness)
        return flash.time
      }
      if time - flash.time > Self.longest {
        // Another scene, no flash.
        reset()
        remember(brightness)
      } else {
        rising?.peak = max(flash.peak, brightness)
      }
      return nil
    }
    if before.count >= 3 {
      let sorted = before.sorted()
      let base = sorted[sorted.count / 2]
      // A picture that flickers of itself must rise well beyond its own range.
      let range = sorted[sorted.count - 1] - sorted[0]
      if brightness - sorted[sorted.count - 1] > max(Self.smallestRise, range) {
        rising = (time, brightness, base)
        return nil
      }
    }
    remember(brightness)
    return nil
  }

  private mutating func remember(_ brightness: Double) {
    before.append(brightness)
    if before.count > Self.memory { before.removeFirst() }
  }

  private mutating func reset() {
    before = []
    rising = nil
  }
}
