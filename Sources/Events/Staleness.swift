/// When what was read is too old to be shown as current.
package enum Staleness {
  /// The age, in seconds, above which a value is stale: three intervals, and half a second for the reading itself.
  /// - Parameters:
  ///   - intervalSeconds: how often its source is read, in seconds.
  ///   - speed: pipeline seconds a real second: that a busy machine reads late is no news of the service.
  package static func limit(intervalSeconds: Double, speed: Double = 1) -> Double { 3 * intervalSeconds + 0.5 * max(1, speed) }
}
